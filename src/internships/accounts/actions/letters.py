"""What staff do with letters that wait or could not be delivered."""

from typing import Any

from sqlalchemy import update

from internships.accounts.rules import Actor
from internships.core import clock, history
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.models import Letter, LetterState
from internships.core.writing import write


async def _change(actor: Actor, ref: str, verb: str, while_: LetterState, **values: Any) -> None:
    async with write() as tx:
        changed = update(Letter).where(Letter.ref == ref, Letter.state == while_).values(**values)
        if (await tx.execute(changed.returning(Letter.id))).first() is None:
            raise Refused(_("This is not possible any more: the letter has left, or somebody else was quicker."))
        await history.record(tx, actor, f"letter.{verb}", ref)


async def cancel(actor: Actor, ref: str) -> None:
    """It stays here, unless it has left in the meantime."""
    await _change(actor, ref, "cancel", LetterState.WAITING, state=LetterState.CANCELLED)


async def retry(actor: Actor, ref: str) -> None:
    """Once more now, as when the mailbox is known to work again."""
    again = {"state": LetterState.WAITING, "not_before": clock.now(), "attempts": 0}
    await _change(actor, ref, "retry", LetterState.DEAD, **again)
