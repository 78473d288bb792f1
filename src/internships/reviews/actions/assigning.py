"""What staff do about reviews: hand out files, and take back what was not begun."""

from sqlalchemy import delete, insert

from internships.accounts.rules import Actor
from internships.applications.models import Application
from internships.core import clock, history, outbox
from internships.core.faults import NotFound, Refused, Stale
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.reviews.letters import assigned
from internships.reviews.models import Review
from internships.reviews.queries.assigning import Shared, shared
from internships.reviews.queries.call import CURRENT
from internships.reviews.rules import READ, State

NOT_READ = _("No call is being reviewed now, so nothing was assigned.")
BEGUN = _("This review was begun, so it can't be taken back. The reviewer can step aside.")


async def assign(actor: Actor, readers: list[str], files: list[str], each: int, fingerprint: str) -> int:
    """Hand out what the preview showed, in one go; how many reviews that is.

    Raises:
        Stale: reviewers, ties or reviews have changed since the preview.
    """
    async with write() as tx:
        # One at a time, so that two members of staff can't give the same file twice.
        call = await tx.take(Cycle, Cycle.id == CURRENT)
        if call.state not in READ:
            raise Refused(NOT_READ)
        found = await shared(tx, readers, files, each)
        if found.plan.fingerprint != fingerprint:
            raise Stale
        await _hand_out(tx, actor, call, found)
        return len(found.plan.pairs)


async def _hand_out(tx: Transaction, actor: Actor, call: Cycle, found: Shared) -> None:
    """The reviews, their trace, and one letter to each reviewer however many files they get."""
    rows = [
        {
            "ref": new_ref(),
            "application_id": file,
            "person_id": reader,
            "state": State.ASSIGNED,
            "comment": "",
            "assigned_at": clock.now(),
            "assigned_by": actor.person_id,
            "version": 1,
        }
        for file, reader in found.plan.pairs
    ]
    if not rows:
        return
    await tx.execute(insert(Review), rows)
    await history.record_all(
        tx,
        [
            history.row(
                actor,
                "review.assign",
                str(row["ref"]),
                file=found.files[file].ref,
                detail={"reviewer": found.readers[reader].ref},
            )
            for row, (file, reader) in zip(rows, found.plan.pairs, strict=True)
        ],
    )
    batch = new_ref()
    await outbox.post(
        tx, *(assigned(found.readers[reader], count, call, batch) for reader, count in sorted(found.given.items()))
    )


async def unassign(actor: Actor, application: str, ref: str) -> None:
    """Take a file back from a reviewer who has not opened it."""
    async with write() as tx:
        review = await tx.take(Review, Review.ref == ref)
        file = await tx.get(Application, review.application_id)
        if file is None or file.ref != application:
            raise NotFound
        if review.state != State.ASSIGNED:
            raise Refused(BEGUN)
        await tx.execute(delete(Review).where(Review.id == review.id))
        await history.record(tx, actor, "review.unassign", ref, file=application)
