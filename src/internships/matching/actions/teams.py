"""Writing down that two people go together or not at all, and taking that back."""

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice
from internships.applications.rules import LIVE, ChoiceState
from internships.core import clock, history
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.matching.actions.runs import current_cycle
from internships.matching.models import Team, TeamMember
from internships.reserves.models import Position

SAME_PERSON = _("A team is of two different people.")
NOT_IN_THE_CALL = _("One of the two has no application in this call that is still under way.")
IN_A_TEAM = _("One of the two is in a team already. Dissolve that one first.")
NOTHING_TOGETHER = _("The two chose no positions in the same reserve, so nothing could be given to both of them.")


async def join(actor: Actor, first: str, second: str, *, reason: str) -> str:
    """Make a team of two applications; its reference.

    Raises:
        Refused: it is one person, one of them is not in the call or in a team already, or they chose nothing together.
    """
    if first == second:
        raise Refused(SAME_PERSON)
    try:
        async with write() as tx:
            cycle = await current_cycle(tx)
            asked = select(Application.ref, Application.id).where(
                Application.ref.in_([first, second]), Application.cycle_id == cycle.id, Application.state.in_(LIVE)
            )
            found = {row.ref: row.id for row in await tx.execute(asked)}
            if len(found) != 2:
                raise Refused(NOT_IN_THE_CALL)
            if not await _have_something(tx, found[first], found[second]):
                raise Refused(NOTHING_TOGETHER)
            team = Team(ref=new_ref(), cycle_id=cycle.id, reason=reason, made_by=actor.person_id, made_at=clock.now())
            tx.add(team)
            await tx.flush()
            sides = enumerate((found[first], found[second]), 1)
            tx.add_all([TeamMember(team_id=team.id, side=side, application_id=who) for side, who in sides])
            rows = [history.row(actor, "team.add", team.ref, file=file, reason=reason) for file in (first, second)]
            await history.record_all(tx, rows)
            return team.ref
    except IntegrityError:
        raise Refused(IN_A_TEAM) from None


async def _have_something(tx: Transaction, first: int, second: int) -> bool:
    """Whether both chose a position in one and the same reserve."""
    chosen = select(Position.reserve_id).join(Choice, Choice.position_id == Position.id)
    still = Choice.state != ChoiceState.RELEASED
    other = chosen.where(Choice.application_id == second, still)
    one = chosen.where(Choice.application_id == first, still, Position.reserve_id.in_(other))
    return bool(await tx.scalar(select(exists(one))))


async def dissolve(actor: Actor, ref: str, *, reason: str = "") -> None:
    """Each of the two is for themselves again.

    Raises:
        NotFound: no such team.
    """
    async with write() as tx:
        await current_cycle(tx)
        team = await tx.take(Team, Team.ref == ref)
        members = select(Application.ref).join(TeamMember, TeamMember.application_id == Application.id)
        files = list(await tx.scalars(members.where(TeamMember.team_id == team.id).order_by(TeamMember.side)))
        await tx.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
        await tx.delete(team)
        await history.record_all(
            tx, [history.row(actor, "team.remove", ref, file=file, reason=reason) for file in files]
        )
