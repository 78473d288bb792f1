"""A word of its own stands in every row of what is not for everybody: no page shows one to somebody who may not read it."""

import re
from typing import Any

import pytest
from sqlalchemy import String, and_, cast, exists, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from internships.accounts.models import Membership, Person
from internships.app import create_site
from internships.applications.documents import DocumentKind, DocumentState
from internships.applications.models import Application, Choice, Document
from internships.applications.rules import State
from internships.core.db import read
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.placements.models import Offer
from internships.reserves.models import Position
from internships.reviews.models import Conflict, Rating, Review
from internships.reviews.rules import State as ReviewState
from internships.sample.calendar import Phase
from internships.web.allow import listed
from tests.site.conftest import Everybody, NewSite
from tests.site.test_matrix import ROLES
from tests.site.things import a_document
from tests.site.walking import MASKED, addresses, things

PLACES: dict[str, InstrumentedAttribute[Any]] = {
    "comment": Review.comment, "note": Rating.note, "tie": Conflict.text, "refusal": Application.reason_text,
    "motivation": Application.motivation, "use": Application.use_after, "phone": Application.phone,
    "wish": Choice.motivation, "answer": Offer.reason_text, "paper": Document.name,
}  # fmt: skip
LOTTERY = "zqlottery0qz"
WORD = re.compile(r"zq([a-z]+)(\d+)qz|([\w.+-]+@example\.org)")
ANYBODYS = "internships@example.org"
"""Whom to write to stands on the call's page."""
EVERYTHING = {"staff-a", "staff-b"}
ONLY_IN_DEVELOPMENT = "/dev/"
SEARCHES = {
    "/positions": ["nobody", "applicant-a"],
    "/reserves": ["nobody"],
    "/people": ["admin"],
    "/applications": ["staff-a"],
}
Word = tuple[str, str]


async def _plant(phase: Phase) -> None:
    async with write() as tx:
        for file in (await tx.scalars(select(Application.id))).all():
            tx.add(a_document(file, DocumentKind.CV, DocumentState.CLEAN))
        await tx.flush()
        for kind, column in PLACES.items():
            word = literal(f"zq{kind}") + cast(column.class_.id, String) + literal("qz")
            table = column.class_.__table__
            await tx.execute(update(table).values({column.key: word}))
        if phase is Phase.REVIEW:
            await tx.execute(update(Cycle.__table__).values(lottery_text=LOTTERY))


def _read_by(mine: Any) -> dict[str, Any]:
    """For each kind of word the statement of those that somebody may read."""
    my_application = Application.person_id == mine
    my_reserve = select(Membership.reserve_id).where(Membership.person_id == mine).scalar_subquery()
    untied = exists().where(
        Conflict.person_id == mine, Conflict.application_id == Application.id, Conflict.has_tie.is_(False)
    )
    own = aliased(Review)
    i_read = exists().where(
        own.person_id == mine, own.application_id == Application.id,
        own.state.in_([ReviewState.IN_PROGRESS, ReviewState.FINISHED]),
    )  # fmt: skip
    i_finished = exists().where(
        own.person_id == mine, own.application_id == Review.application_id, own.state == ReviewState.FINISHED
    )
    i_host = and_(Position.reserve_id == my_reserve, Application.state == State.ELIGIBLE, untied)
    wishes = select(Choice.id).join(Application, Application.id == Choice.application_id).join(
        Position, Position.id == Choice.position_id
    )  # fmt: skip
    hosted = select(Choice.application_id).join(Position, Position.id == Choice.position_id).where(
        Choice.application_id == Application.id, Position.reserve_id == my_reserve
    ).exists()  # fmt: skip
    of_file = or_(my_application, i_read, and_(hosted, untied, Application.state == State.ELIGIBLE))
    return {
        "comment": select(Review.id).where(
            or_(Review.person_id == mine, and_(i_finished, Review.state == ReviewState.FINISHED))
        ),
        "note": select(Rating.id).join(Choice, Choice.id == Rating.choice_id).join(
            Application, Application.id == Choice.application_id
        ).join(Position, Position.id == Choice.position_id).where(i_host),
        "tie": select(Conflict.id).where(Conflict.person_id == mine),
        "refusal": select(Application.id).where(my_application),
        "motivation": select(Application.id).where(of_file),
        "use": select(Application.id).where(of_file),
        "phone": select(Application.id).where(my_application),
        "paper": select(Document.id).join(Application, Application.id == Document.application_id).where(of_file),
        "wish": wishes.where(or_(my_application, i_read, i_host)),
        "answer": select(Offer.id).where(Offer.person_id == mine),
    }  # fmt: skip


async def _readable() -> dict[str, set[Word]]:
    """What each named account may read besides staff, who may read all of it."""
    found: dict[str, set[Word]] = {"nobody": set()}
    async with read() as db:
        people = (await db.execute(select(Person.id, Person.email))).all()
        ids = {email.partition("@")[0]: person_id for person_id, email in people}
        for who in ROLES.keys() - EVERYTHING:
            asked = _read_by(ids[who])
            found[who] = {(kind, str(key)) for kind in asked for key in (await db.scalars(asked[kind])).all()}
            found[who].add(("address", f"{who}@example.org"))
    found["admin"] |= {("address", email) for _id, email in people}
    return found


def _words(page: str) -> set[Word]:
    return {
        ("address", address) if address else (kind, number)
        for kind, number, address in WORD.findall(page)
        if address != ANYBODYS
    }


async def _walked(site: Everybody, headers: dict[str, str]) -> tuple[list[str], dict[str, set[str]]]:
    """What was shown to somebody who may not read it; and of each kind, who has seen any."""
    readable, known = await _readable(), await things()
    wrong: list[str] = []
    seen: dict[str, set[str]] = {}
    for entry in listed(create_site()):
        path, allow = str(entry["path"]), set(entry["allow"])
        if entry["method"] != "GET" or path.startswith(ONLY_IN_DEVELOPMENT):
            continue
        for who, browser in site.items():
            may = bool(allow & {"anyone", "signed in", ROLES.get(who, "")})
            # Who may not is stopped before the address is looked at: one is enough.
            for address in addresses(path, known)[: None if may else 1]:
                page = (await browser.get(address, headers=headers)).text
                for word in _words(page):
                    seen.setdefault(word[0], set()).add(who)
                    if word[0] == "lottery" or (who not in EVERYTHING and word not in readable[who]):
                        wrong.append(f"{who} reads {word} at {address}")
    return wrong, seen


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.OFFERS])
@pytest.mark.parametrize("asked_by", ["address", "htmx"])
async def test_nobody_reads_what_is_not_for_them(new_site: NewSite, htmx, phase, asked_by):
    site = await new_site(phase)
    await _plant(phase)
    del site["staff-b"]

    wrong, seen = await _walked(site, htmx if asked_by == "htmx" else {})

    assert not wrong, "\n".join(wrong)
    # That it looks in the right places: whoever may read it does find it.
    assert {"applicant-a", "host-a", "reviewer-a", "staff-a"} <= seen["motivation"]
    assert {"reviewer-a", "staff-a"} <= seen["comment"]
    assert phase is Phase.OFFERS or "host-a" in seen["note"]
    assert "staff-a" in seen["phone"]
    assert {"host-a", "reviewer-a", "staff-a"} <= seen["paper"]
    assert {"applicant-a", "admin", "staff-a"} <= seen["address"]


@pytest.mark.parametrize("path", SEARCHES)
async def test_searching_for_a_word_reads_like_searching_for_nonsense(new_site: NewSite, path):
    site = await new_site(Phase.REVIEW)
    await _plant(Phase.REVIEW)

    for who in SEARCHES[path]:
        nonsense, *pages = [
            MASKED.sub("", (await site[who].get(path, params={"q": word})).text).replace(word, "")
            for word in ["zqnothing1qz", *(f"zq{kind}1qz" for kind in PLACES), LOTTERY]
        ]

        assert all(page == nonsense for page in pages)
