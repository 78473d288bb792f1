"""Asking a person to look again at an answer, and answering with a reason."""

from sqlalchemy import select

from internships.accounts.models import Person
from internships.accounts.queries import ME
from internships.accounts.rules import Actor
from internships.applications.models import Application
from internships.core import clock, history, outbox
from internships.core.faults import NotFound, Refused
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.writing import write
from internships.matching import letters
from internships.matching.life import CONTEST, ContestState, State
from internships.matching.models import Contest, MatchRun


async def ask(actor: Actor, text: str) -> str:
    """Ask staff to look again, once results are out. The reference of the request.

    Raises:
        NotFound: nothing is out.
        Refused: a request is waiting for its answer.
    """
    async with write() as tx:
        released = select(MatchRun.cycle_id).where(MatchRun.state == State.APPROVED)
        own = Application.person_id == ME, Application.cycle_id.in_(released)
        newest = select(Application).where(*own).order_by(Application.id.desc()).limit(1).with_for_update()
        application = (await tx.scalars(newest, actor.own)).one_or_none()
        if application is None:
            raise NotFound
        waiting = Contest.application_id == application.id, Contest.state == ContestState.ASKED
        if await tx.scalar(select(Contest.id).where(*waiting).limit(1)):
            raise Refused(_("You have asked already. A person will answer you."))
        ref = new_ref()
        tx.add(
            Contest(
                ref=ref, cycle_id=application.cycle_id, application_id=application.id, text=text, asked_at=clock.now()
            )
        )
        await history.record(tx, actor, "contest.ask", ref, file=application.ref)
    return ref


async def answer(actor: Actor, ref: str, *, version: int, text: str, changed: bool) -> None:
    """Answer with a reason, and tell the person that there is an answer.

    Raises:
        NotFound: no such request.
        Refused: it is answered already.
        Stale: somebody answered in between.
    """
    async with write() as tx:
        found = await tx.take(Contest, Contest.ref == ref, version=version)
        move = CONTEST.move("answer", actor.role, found.state)
        was, found.state = found.state, ContestState(move.to)
        found.answer, found.changed, found.answered_by, found.answered_at = text, changed, actor.person_id, clock.now()
        asked = (
            select(Person.id, Person.email, Person.locale, Person.called, Person.full_name, Application.ref)
            .join(Application, Application.person_id == Person.id)
            .where(Application.id == found.application_id)
        )
        person, address, locale, called, name, application = (await tx.execute(asked)).one()
        reader = letters.Reader(person, address, locale, called or name)
        await outbox.post(tx, letters.looked_again(reader, ref, application))
        await history.record(tx, actor, "contest.answer", ref, file=application, moved=(was, move.to), reason=text)
