"""A whole sample programme: it obeys the tables of moves, fills an empty database, and nothing else."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from internships.accounts.models import Person
from internships.applications.models import Application, Choice
from internships.applications.rules import State
from internships.core.db import read
from internships.core.models import History
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.matching.models import MatchRun
from internships.placements.models import Offer, Placement
from internships.placements.rules import OfferState
from internships.reserves.models import Position, Reserve
from internships.reviews.models import Rating, Review, Score
from internships.reviews.rules import State as ReviewState
from internships.sample import cast
from internships.sample.actions.deciding import decide
from internships.sample.actions.filling import NotEmpty, fill, written
from internships.sample.calendar import Phase

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NAMES = ("applicant-a", "applicant-b", "host-a", "host-b", "reviewer-a", "reviewer-b")
CAST = {f"{name}@example.org" for name in (*NAMES, "staff-a", "staff-b", "admin", "observer")}


def programme(phase=Phase.REVIEW, count=60, seed=1):
    return written(seed, count, phase, NOW, "a hash")


def rows(ledger, model):
    return ledger.tables.get(model, [])


@pytest.mark.parametrize("phase", Phase)
def test_the_same_seed_writes_the_same_rows(phase):
    one, other = programme(phase), programme(phase)

    assert one.tables == other.tables
    assert one.trace == other.trace


@pytest.mark.parametrize("phase", Phase)
def test_nothing_happens_after_now_or_out_of_order(phase):
    moments = [entry["at"] for entry in programme(phase).trace]

    assert moments == sorted(moments)
    assert moments[-1] <= NOW


@pytest.mark.parametrize("phase", Phase)
def test_every_state_was_reached_by_its_trace(phase):
    ledger = programme(phase)
    reached = {entry["subject"]: entry["to_state"] for entry in ledger.trace if entry["to_state"]}

    for model, begins in ((Application, "draft"), (Choice, "waiting"), (Review, "assigned"), (Position, "draft")):
        for row in rows(ledger, model):
            assert reached.get(row["ref"], begins) == row["state"]


def test_every_sent_application_says_when_and_lies_inside_the_call():
    ledger = programme()
    (call,) = rows(ledger, Cycle)
    sent = {entry["subject"] for entry in ledger.trace if entry["what"] == "application.submit"}

    for application in rows(ledger, Application):
        assert (application["submitted_at"] is not None) == (application["ref"] in sent)
        assert call["opens_at"] <= application["created_at"] <= application["saved_at"]


def test_finished_reviews_have_all_points_and_files_their_mean():
    ledger = programme(Phase.MATCHING)
    points = Counter(score["review_id"] for score in rows(ledger, Score))
    finished = [review for review in rows(ledger, Review) if review["state"] == ReviewState.FINISHED]

    assert finished
    assert all(points[review["id"]] == 5 and 0 <= review["total"] <= 100 for review in finished)
    for application in rows(ledger, Application):
        totals = [review["total"] for review in finished if review["application_id"] == application["id"]]
        assert application["review_count"] == len(totals)
        assert application["review_mean"] == (sum(totals) / len(totals) if totals else None)


def test_before_the_match_hosts_have_answered_for_everybody_eligible():
    ledger = programme(Phase.MATCHING)
    eligible = {row["id"] for row in rows(ledger, Application) if row["state"] == State.ELIGIBLE}
    answers = {row["state"] for row in rows(ledger, Choice) if row["application_id"] in eligible}

    assert answers <= {"not_shortlisted", "acceptable", "not_acceptable"}
    assert rows(ledger, Rating)


def test_about_as_many_are_not_eligible_as_the_figures_say():
    states = Counter(row["state"] for row in rows(programme(Phase.MATCHING, count=1500), Application))
    sent = sum(states.values()) - states[State.LAPSED]

    assert states[State.NOT_ELIGIBLE] / sent == pytest.approx(0.09, abs=0.025)


@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.MATCHING])
async def test_an_empty_database_is_filled(database, phase):
    await fill(programme(phase), lambda _done, _total: None)

    sent = select(func.count()).select_from(Application).where(Application.submitted_at.is_not(None))
    traced = sent.join(History, (History.subject == Application.ref) & (History.what == "application.submit"))
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Reserve)) == 102
        assert await db.scalar(select(func.count()).select_from(Position)) == 40
        assert await db.scalar(select(func.count()).select_from(Application)) == 60
        assert set(await db.scalars(select(Person.email))) >= CAST
        assert await db.scalar(sent) <= await db.scalar(traced)
        if db.dialect.name == "sqlite":
            assert (await db.execute(text("PRAGMA foreign_key_check"))).all() == []


@pytest.fixture
async def reached(database):
    """The sample call in one of its last phases, with the people's own actions."""

    async def reach(phase):
        await fill(programme(phase, count=120), lambda _done, _total: None)
        await decide(1, phase, lambda _done, _total: None)

    return reach


async def counted(model):
    async with read() as db:
        found = await db.execute(select(model.state, func.count()).group_by(model.state))
        return {state.value: count for state, count in found}


async def test_for_matching_a_run_is_proposed_and_nobody_has_an_offer(reached):
    await reached(Phase.MATCHING)

    assert await counted(MatchRun) == {"proposed": 1}
    assert await counted(Offer) == {}


async def test_in_the_phase_of_offers_some_have_answered_and_the_first_applicant_has_not(reached):
    await reached(Phase.OFFERS)

    offers = await counted(Offer)
    assert {"issued", "accepted"} <= offers.keys()
    assert await counted(Placement) == {"planned": offers["accepted"]}
    async with read() as db:
        mine = select(Offer.state).join(Person, Person.id == Offer.person_id)
        assert await db.scalar(mine.where(Person.email == "applicant-a@example.org")) == OfferState.ISSUED


async def test_when_people_are_placed_every_offer_is_answered_and_seats_are_counted(reached):
    await reached(Phase.PLACED)

    offers = await counted(Offer)
    assert "issued" not in offers
    async with read() as db:
        assert await db.scalar(select(func.sum(Position.held))) == offers["accepted"]
        assert await db.scalar(select(Cycle.state)) == CycleState.PLACEMENTS_RUNNING


async def test_the_database_counts_on_after_it_was_filled(database, new_person):
    await fill(programme(), lambda _done, _total: None)

    newcomer = await new_person("applicant", "Amina Okello")

    async with read() as db:
        assert newcomer.actor.person_id == await db.scalar(select(func.count()).select_from(Person))


async def test_a_database_with_anybody_in_it_is_left_alone(database, ingrid):
    with pytest.raises(NotEmpty):
        await fill(programme(), lambda _done, _total: None)

    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Reserve)) == 0


async def test_a_failure_leaves_nothing_behind(database):
    ledger = programme()
    ledger.tables[Choice].append(dict(ledger.tables[Choice][0]))

    with pytest.raises(Exception, match=r"(?i)unique"):
        await fill(ledger, lambda _done, _total: None)

    async with write() as tx:
        assert await tx.scalar(select(func.count()).select_from(Person)) == 0


async def test_the_command_prints_who_can_sign_in_and_keeps_off_real_databases(databases):
    address = await databases.another(migrated=True)

    def demo(*arguments, **settings):
        command = [sys.executable, "-m", "internships", "demo", "--applicants", "20", *arguments]
        env = os.environ | {"DATABASE_URL": address} | settings
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    refused = demo(INTERNSHIPS_DEV="0", INTERNSHIPS_SECRET="a secret of more than thirty-two letters")
    filled, again, kept = demo(), demo(), demo("--if-empty")

    assert (refused.returncode, "set INTERNSHIPS_DEV=1" in refused.stderr) == (1, True)
    assert filled.returncode == 0
    assert all(word in filled.stdout for word in (cast.PASSWORD, *CAST))
    assert (again.returncode, "the database is not empty" in again.stderr) == (1, True)
    assert (kept.returncode, "is kept as it is" in kept.stdout) == (0, True)
    assert cast.PASSWORD in kept.stdout
