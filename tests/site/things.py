"""The people and things that the addresses of the pages name, found among the sample or made."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from internships.accounts.letters import password_changed
from internships.accounts.models import Invitation, Membership, OneTimeLink, Person
from internships.accounts.rules import Purpose, Role
from internships.applications.documents import DocumentKind, DocumentState
from internships.applications.models import Application, Choice, Document, Experience, LanguageSkill, Study
from internships.applications.rules import State
from internships.core import clock
from internships.core.db import read
from internships.core.files.kinds import Because, Media
from internships.core.ids import hashed, new_token
from internships.core.models import Letter
from internships.core.outbox import post
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.matching.models import Contest, MatchLimit, MatchRun
from internships.placements.models import Offer, Placement
from internships.placements.rules import OfferState
from internships.reserves.models import Position, Reserve
from internships.reviews.models import Conflict, Review
from internships.reviews.rules import State as ReviewState

IN_EACH_STATE = [
    (DocumentKind.CV, DocumentState.REFUSED), (DocumentKind.TRANSCRIPT, DocumentState.RECEIVED),
    (DocumentKind.TRANSCRIPT, DocumentState.CLEAN),
]  # fmt: skip
Asked = dict[str, Select[Any]]


async def people() -> dict[str, int]:
    """Applicants who are known only by what happened to them, as far as it has happened."""
    with_offer = select(Application.person_id).join(Offer)
    without = select(Application.person_id).where(
        Application.state == State.ELIGIBLE, Application.id.not_in(select(Offer.application_id))
    )
    return await _found(
        {
            "offered": with_offer.where(Offer.state == OfferState.ISSUED),
            "placed": with_offer.where(Offer.state == OfferState.ACCEPTED),
            "unplaced": without.where(select(Offer.id).exists()),
            "drafter": _whole_draft(),
        }
    )


async def things() -> dict[str, str]:
    """A real thing for each name in an address."""
    made = await _made()
    async with read() as db:
        host = select(Membership.person_id, Membership.reserve_id).join(Person).where(_is("host-a"))
        person_id, reserve_id = (await db.execute(host)).one()
    asked = _anywhere() | _of_applicants() | _of_reviewers() | _of_hosts(person_id, reserve_id) | _of_places()
    return {name: str(value) for name, value in ((await _found(asked)) | made).items()}


async def _found(asked: Asked) -> dict[str, Any]:
    async with read() as db:
        found = {name: await db.scalar(statement.limit(1)) for name, statement in asked.items()}
    return {name: value for name, value in found.items() if value is not None}


def _is(account: str) -> ColumnElement[bool]:
    return Person.email == f"{account}@example.org"


def _whole_draft(column: Any = Application.person_id) -> Select[Any]:
    """Somebody whose draft has a part of every kind but a choice, which is made for them."""
    parts = (Study, LanguageSkill, Experience)
    has = [select(part.id).where(part.application_id == Application.id).exists() for part in parts]
    return select(column).where(Application.state == State.DRAFT, *has).order_by(Application.id).limit(1)


def _anywhere() -> Asked:
    return {
        "call": select(Cycle.slug),
        "position": select(Position.ref).join(Choice),
        "reserve": select(Reserve.slug).join(Position),
        "application": select(Application.ref).where(Application.state == State.ELIGIBLE),
        "waiting": select(Application.ref).where(Application.state == State.SUBMITTED),
        "person": select(Person.ref).where(_is("host-a")),
        "membership": select(Membership.id).join(Person).where(_is("host-a")),
        "letter": select(Letter.ref),
        "run": select(MatchRun.ref),
        "limit": select(MatchLimit.ref),
        "contest": select(Contest.ref),
    }


def _of_applicants() -> Asked:
    def draft(ref: Any) -> Select[Any]:
        return select(ref).join(Application).where(Application.person_id == _whole_draft().scalar_subquery())

    parts = {"study": Study.ref, "skill": LanguageSkill.ref, "work": Experience.ref, "choice": Choice.ref}
    parts["document"] = Document.ref
    return {name: draft(ref) for name, ref in parts.items()}


def _of_reviewers() -> Asked:
    mine = select(Review.ref).join(Person, Person.id == Review.person_id).where(_is("reviewer-a"))
    states = {"assigned": ReviewState.ASSIGNED, "begun": ReviewState.IN_PROGRESS, "finished": ReviewState.FINISHED}
    return {name: mine.where(Review.state == state) for name, state in states.items()}


def _of_hosts(person_id: int, reserve_id: int) -> Asked:
    here = (Position.reserve_id == reserve_id, Application.state == State.ELIGIBLE)
    known = select(Conflict.application_id).where(Conflict.person_id == person_id)
    candidates = select(Choice.ref).join(Position).join(Application).where(*here)
    return {
        "hosted": select(Position.ref).join(Choice).join(Application).where(*here),
        "declared": candidates.where(Application.id.in_(known)),
        "undeclared": candidates.where(Application.id.not_in(known)),
    }


def _of_places() -> Asked:
    offer = select(Offer).where(Offer.state == OfferState.ISSUED).order_by(Offer.id).limit(1).subquery()
    placement = select(Placement).order_by(Placement.id).limit(1).subquery()
    return {
        "offer": select(offer.c.ref),
        "seat": select(Position.ref).join(offer, offer.c.position_id == Position.id),
        "placement": select(placement.c.ref),
        "taken": select(Position.ref).join(placement, placement.c.position_id == Position.id),
    }


def a_document(application_id: int, kind: DocumentKind, state: DocumentState) -> Document:
    """What a page shows of one; there is no file behind it."""
    size = {"size": 345_678, "given_size": 345_678, "sha256": "0" * 64, "given_sha256": "0" * 64}
    because = Because.PROTECTED if state == DocumentState.REFUSED else None
    name = "Lebenslauf – with a name that is longer than a telephone is wide.pdf"
    values = {"name": name, "media": Media.PDF, "given_at": clock.now(), "key": f"00/{new_token()}", "because": because}
    return Document(application_id=application_id, kind=kind, state=state, **size, **values)


async def _made() -> dict[str, str]:
    """What the sample people have not done: an invitation, links in letters, a limit, a question about an answer."""
    made = {name: new_token() for name in ("joining", *Purpose)}
    now = clock.now()
    until = now.replace(year=2099)
    async with write() as tx:
        call_id = await tx.scalar(select(Cycle.id))
        person_id = await tx.scalar(select(Person.id).where(_is("applicant-a")))
        staff_id = await tx.scalar(select(Person.id).where(_is("staff-a")))
        file_id = await tx.scalar(select(Application.id).where(Application.state == State.ELIGIBLE).limit(1))
        invited = {"email": "mountains@example.org", "locale": "en", "role": Role.REVIEWER, "scope": "reviewer"}
        token = hashed(made["joining"])
        tx.add(Invitation(**invited, token_hash=token, invited_by=staff_id, written_at=now, ends_at=until))
        for purpose in Purpose:
            token = hashed(made[purpose])
            tx.add(OneTimeLink(token_hash=token, purpose=purpose, person_id=person_id, ends_at=until))
        if draft_id := await tx.scalar(_whole_draft(Application.id)):
            position_id = await tx.scalar(select(Position.id).order_by(Position.id))
            tx.add(Choice(application_id=draft_id, position_id=position_id, rank=1))
            tx.add_all(a_document(draft_id, kind, state) for kind, state in IN_EACH_STATE)
        tx.add(a_document(file_id, DocumentKind.CV, DocumentState.CLEAN))
        over = list(await tx.scalars(select(Position.ref).limit(3)))
        tx.add(MatchLimit(cycle_id=call_id, name="Travel fund", seats=2, over=over))
        tx.add(Contest(cycle_id=call_id, application_id=file_id, text="Was my rating counted?", asked_at=now))
        await post(tx, password_changed(person_id, "applicant-a@example.org", "en", key="once"))
    return made
