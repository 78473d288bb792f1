"""Random people make random moves, with the actions that the pages use, and nothing forbidden ever stands in the database."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import insert, select, update
from time_machine import Traveller

from internships import worker
from internships.accounts.rules import Actor, Role
from internships.applications.actions import choosing, screening, sending
from internships.applications.answers import mark
from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.applications.rules import ChoiceState, ExperienceKind, completion_until
from internships.core import clock
from internships.core.db import read
from internships.core.faults import Fault
from internships.core.ids import new_ref
from internships.core.writing import write
from internships.cycles.models import Criterion, Cycle, Reason
from internships.cycles.rules import Level, ReasonKind
from internships.matching.actions import runs
from internships.matching.lottery import seal
from internships.matching.models import MatchRun
from internships.placements.actions import answering
from internships.placements.actions.approving import approve
from internships.placements.models import Offer, Placement
from internships.placements.rules import HOLDS_A_SEAT, OfferState
from internships.reserves.models import Position
from internships.reviews.actions import assigning, hosting, reviewing
from internships.reviews.models import Review
from internships.reviews.queries.assigning import shared
from internships.reviews.rules import Answer
from internships.reviews.rules import State as ReviewState
from tests.applications.factories import ANSWERS, new_call, new_position
from tests.cast import NewPerson, NewReserve
from tests.conftest import NOW
from tests.databases import Databases
from tests.site.laws import broken, overdue

LOTTERY = "snow on the pass"
CRITERIA = {"motivation": 60, "fit": 40}
FATES = [
    (ChoiceState.ACCEPTABLE, 1, ""), (ChoiceState.ACCEPTABLE, 2, ""), (ChoiceState.NOT_ACCEPTABLE, None, "studies"),
    (ChoiceState.NOT_SHORTLISTED, None, "studies"), (ChoiceState.SHORTLISTED, None, ""),
    (ChoiceState.WAITING, None, ""), (ChoiceState.NOT_ACCEPTABLE, None, "made up"),
]  # fmt: skip
PAUSES = [timedelta(minutes=3), timedelta(minutes=11), timedelta(days=1), timedelta(days=8), timedelta(days=15)]
ANY = st.integers(0, 11)
"""Which of those that there are."""
WHO = st.integers(0, 3)


@dataclass(frozen=True, slots=True)
class World:
    """Who takes part in a call, and in which."""

    call: Cycle
    positions: list[Position]
    applicants: list[Actor]
    hosts: list[Actor]
    reviewers: list[Actor]
    staff: list[Actor]


NewWorld = Callable[[bool], Awaitable[World]]


async def _call(*, second: bool) -> Cycle:
    call = await new_call(
        needs_second_approval=second, lottery_text=LOTTERY, lottery_seal=seal(LOTTERY), choices_max=2, min_reviews=1,
        answer_days=7,
    )  # fmt: skip
    of = {"cycle_id": call.id, "place": 9, "label": {"en": "In words"}}
    async with write() as tx:
        tx.add_all(Criterion(**of, code=code, weight=weight, anchors={}) for code, weight in CRITERIA.items())
        tx.add(Reason(**of, kind=ReasonKind.NOT_ACCEPTABLE, code="studies"))
    return call


def _new_world(databases: Databases, new_person: NewPerson, new_reserve: NewReserve) -> NewWorld:
    async def somebody(role: Role, name: str, **more: Any) -> Actor:
        return (await new_person(role, name, **more)).actor

    async def make(second: bool) -> World:
        await databases.clean()
        call = await _call(second=second)
        reserves = [await new_reserve(name) for name in ("Condor Heights", "Ubuntu Valley")]
        return World(
            call,
            [await new_position(call, reserves[n % 2], f"Position {n}", seats=1 + n // 2) for n in range(3)],
            [await somebody(Role.APPLICANT, f"Applicant {n}") for n in range(4)],
            [await somebody(Role.HOST, f"Host {n}", reserve_id=reserve.id) for n, reserve in enumerate(reserves)],
            [await somebody(Role.REVIEWER, f"Reviewer {n}") for n in range(2)],
            [await somebody(Role.STAFF, f"Staff {n}") for n in range(2)],
        )

    return make


async def _rows(*columns: Any, where: tuple[Any, ...] = ()) -> list[Any]:
    async with read() as db:
        return list((await db.execute(select(*columns).where(*where).order_by(columns[0].class_.id))).all())


class Lives(RuleBasedStateMachine):
    """One call from its first draft to its last placement, and everybody's moves in any order."""

    def __init__(self, run: Callable[[Awaitable[Any]], Any], clock: Traveller, new_world: NewWorld) -> None:
        super().__init__()
        self.run, self.clock, self.new_world = run, clock, new_world

    @initialize(
        second=st.booleans(),
        stage=st.integers(0, 4),
        wishes=st.lists(st.permutations(range(3)), min_size=4, max_size=4),
    )
    def begin(self, second: bool, stage: int, wishes: list[list[int]]) -> None:
        """The call as everybody has left it after so many of its stages."""
        self.clock.move_to(NOW)
        self.there = self.run(self.new_world(second))
        stages = [self._all_filled, self._all_sent, self._all_read, self._matched]
        for at in range(stage):
            stages[at](wishes)

    def _all_filled(self, wishes: list[list[int]]) -> None:
        for who, wished in enumerate(wishes):
            self.start(who)
            self.fill(who)
            for number in wished[:2]:
                self.choose(who, number)

    def _all_sent(self, _wishes: list[list[int]]) -> None:
        for who in range(4):
            self.submit(who)
        self.wait(timedelta(days=8))

    def _all_read(self, _wishes: list[list[int]]) -> None:
        for which in range(4):
            self.admit(which, 0)
        self.hand_out(0, 1)
        for which in range(8):
            self.host_declares(which, 0, tie=False)
            self.host_declares(which, 1, tie=False)
            self.decide(which, which % 2, FATES[which % 2], 0)
            self.decide(which, 1 - which % 2, FATES[which % 2], 0)

    def _matched(self, _wishes: list[list[int]]) -> None:
        self.match(0)
        self.work()
        self.approve(0, 0, 0)
        self.approve(0, 1, 0)

    def does(self, move: Awaitable[Any]) -> Any:
        """Whatever the rules refuse is an answer; every move has its own second."""
        self.clock.shift(timedelta(seconds=1))
        try:
            return self.run(move)
        except Fault:
            return None

    def one_of(self, which: int, *columns: Any, where: tuple[Any, ...] = ()) -> Any:
        """One of the rows that there are."""
        found = self.run(_rows(*columns, where=where))
        return found[which % len(found)] if found else None

    @invariant()
    def nothing_is_broken(self) -> None:
        found = self.run(_asked(broken))
        assert not found, "\n".join(found)

    # Applicants

    @rule(who=WHO)
    def start(self, who: int) -> None:
        self.does(sending.start(self.there.applicants[who]))

    @rule(who=WHO)
    def fill(self, who: int) -> None:
        self.run(_filled(self.there.applicants[who].person_id))

    @rule(who=WHO, number=st.integers(0, 2))
    def choose(self, who: int, number: int) -> None:
        actor, position = self.there.applicants[who], self.there.positions[number]
        if self.does(choosing.choose(actor, position.ref)):
            mine = Choice.position_id == position.id, Application.person_id == actor.person_id
            (ref,) = self.one_of(0, Choice.ref, where=(Choice.application_id == Application.id, *mine))
            self.does(choosing.say_why(actor, ref, "For the birds.", seen=mark({"motivation": ""})))

    @rule(who=WHO, which=ANY)
    def drop(self, who: int, which: int) -> None:
        if found := self.one_of(which, Choice.ref):
            self.does(choosing.drop(self.there.applicants[who], *found))

    @rule(who=WHO, which=ANY, to=st.integers(-1, 4))
    def place(self, who: int, which: int, to: int) -> None:
        if found := self.one_of(which, Choice.ref):
            self.does(choosing.place(self.there.applicants[who], *found, to))

    @rule(who=WHO)
    def submit(self, who: int) -> None:
        self.does(sending.submit(self.there.applicants[who]))

    @rule(who=WHO)
    def withdraw(self, who: int) -> None:
        self.does(sending.withdraw(self.there.applicants[who], code="health", words="I can't climb."))

    @rule(which=ANY, who=st.none() | WHO)
    def accept(self, which: int, who: int | None) -> None:
        """Mostly one's own offer; a stranger's is nobody's business."""
        if found := self.one_of(which, Offer.ref, Offer.person_id):
            self.does(answering.accept(self._owner(found.person_id, who), found.ref))

    @rule(which=ANY, who=st.none() | WHO, stay=st.booleans())
    def decline(self, which: int, who: int | None, stay: bool) -> None:
        if found := self.one_of(which, Offer.ref, Offer.person_id):
            no = answering.decline(
                self._owner(found.person_id, who), found.ref, reason="costs", text="", stay_on_lists=stay
            )
            self.does(no)

    def _owner(self, person_id: int, who: int | None) -> Actor:
        people = self.there.applicants
        return next(one for one in people if one.person_id == person_id) if who is None else people[who]

    # What staff do with files

    @rule(which=ANY, late=st.integers(0, 1))
    def admit(self, which: int, late: int) -> None:
        if found := self.one_of(which, Application.ref, Application.version):
            self.does(screening.admit(self.there.staff[0], found.ref, version=found.version - late))

    @rule(which=ANY)
    def ask(self, which: int) -> None:
        if found := self.one_of(which, Application.ref, Application.version):
            call = self.there.call
            until = completion_until(clock.now() + timedelta(seconds=1), call.completion_days, call.zone)
            given = {"reasons": ["no_studies"], "text": "", "until": until}
            self.does(screening.ask(self.there.staff[0], found.ref, version=found.version, **given))

    @rule(which=ANY, code=st.sampled_from(["too_old", "made up"]))
    def turn_away(self, which: int, code: str) -> None:
        if found := self.one_of(which, Application.ref, Application.version):
            no = screening.turn_away(self.there.staff[1], found.ref, version=found.version, reasons=[code], text="")
            self.does(no)

    @rule(which=ANY, undoes=st.sampled_from(["admit", "ask", "turn_away"]))
    def recheck(self, which: int, undoes: str) -> None:
        if found := self.one_of(which, Application.ref, Application.version):
            self.does(screening.recheck(self.there.staff[0], found.ref, version=found.version, undoes=undoes))

    # Reviews

    @rule(reader=st.integers(0, 1), each=st.integers(1, 2))
    def hand_out(self, reader: int, each: int) -> None:
        self.does(_handed_out(self.there.staff[0], each if reader else 1))

    @rule(which=ANY)
    def take_back(self, which: int) -> None:
        with_file = Review.application_id == Application.id
        if found := self.one_of(which, Review.ref, Application.ref.label("file"), where=(with_file,)):
            self.does(assigning.unassign(self.there.staff[0], found.file, found.ref))

    @rule(which=ANY, who=st.integers(0, 1))
    def reader_declares(self, which: int, who: int) -> None:
        if found := self.one_of(which, Review.ref):
            self.does(reviewing.declare(self.there.reviewers[who], found.ref))

    @rule(which=ANY, who=st.integers(0, 1))
    def step_aside(self, which: int, who: int) -> None:
        if found := self.one_of(which, Review.ref):
            self.does(reviewing.step_aside(self.there.reviewers[who], found.ref, "My cousin."))

    @rule(which=ANY, who=st.integers(0, 1), points=st.integers(0, 5), whole=st.booleans())
    def score(self, which: int, who: int, points: int, whole: bool) -> None:
        if found := self.one_of(which, Review.ref, Review.version):
            actor, given = self.there.reviewers[who], {"motivation": points, "fit": 5 - points}
            self.does(reviewing.declare(actor, found.ref))
            version = self.one_of(which, Review.version).version
            verb = reviewing.finish if whole else reviewing.save
            self.does(verb(actor, found.ref, version=version, points=given, comment="Good."))

    @rule(which=ANY, by_staff=st.booleans())
    def reopen(self, which: int, by_staff: bool) -> None:
        if found := self.one_of(which, Review.ref, where=(Review.state == ReviewState.FINISHED,)):
            self.does(reviewing.reopen((self.there.staff if by_staff else self.there.reviewers)[0], found.ref))

    # Hosts

    @rule(which=ANY, who=st.integers(0, 1), tie=st.booleans())
    def host_declares(self, which: int, who: int, tie: bool) -> None:
        if found := self.one_of(which, Choice.ref):
            self.does(hosting.declare(self.there.hosts[who], {found.ref: hosting.Declared(tie)}))

    @rule(which=ANY, who=st.integers(0, 1), fate=st.sampled_from(FATES), late=st.integers(0, 1))
    def decide(self, which: int, who: int, fate: tuple[ChoiceState, int | None, str], late: int) -> None:
        if found := self.one_of(which, Choice.ref, Choice.version):
            answer = found.version - late, Answer(*fate)
            self.does(hosting.decide(self.there.hosts[who], {found.ref: answer}))

    # Staff: the match and the places

    @rule(who=st.integers(0, 1))
    def match(self, who: int) -> None:
        self.does(runs.start(self.there.staff[who], name="A run"))

    @rule(which=ANY)
    def cancel_run(self, which: int) -> None:
        if found := self.one_of(which, MatchRun.ref):
            self.does(runs.cancel(self.there.staff[0], found.ref))

    @rule(which=ANY, who=st.integers(0, 1), late=st.integers(0, 1))
    def approve(self, which: int, who: int, late: int) -> None:
        if found := self.one_of(which, MatchRun.ref, MatchRun.version):
            self.does(approve(self.there.staff[who], found.ref, version=found.version - late))

    @rule(which=ANY)
    def revoke(self, which: int) -> None:
        if found := self.one_of(which, Offer.ref, Offer.version, where=(Offer.state.in_(HOLDS_A_SEAT),)):
            self.does(answering.revoke(self.there.staff[0], found.ref, version=found.version, reason="A mistake."))

    @rule(which=ANY)
    def cancel_placement(self, which: int) -> None:
        if found := self.one_of(which, Placement.ref, Placement.version):
            self.does(
                answering.cancel(self.there.staff[1], found.ref, version=found.version, reason="The road is gone.")
            )

    @rule(number=st.integers(0, 2))
    def fill_free_seats(self, number: int) -> None:
        self.does(answering.fill_free_seats(self.there.staff[0], self.there.positions[number].ref))

    # Time

    @rule(pause=st.sampled_from(PAUSES))
    def wait(self, pause: timedelta) -> None:
        self.clock.shift(pause)

    @rule()
    def wait_for_the_last_answer(self) -> None:
        """To the second before an offer ends; the next move comes at its instant."""
        if found := self.one_of(0, Offer.answer_by, where=(Offer.state == OfferState.ISSUED,)):
            self.clock.move_to(max(clock.now(), found.answer_by - timedelta(seconds=1)))

    @rule()
    def work(self) -> None:
        self.run(_worked())
        left = self.run(_asked(overdue))
        assert not left, "\n".join(left)


async def _asked(question: Callable[[Any], Awaitable[list[str]]]) -> list[str]:
    async with read() as db:
        return await question(db)


async def _worked() -> None:
    """Turns of the worker, until nothing is left to do."""
    for chore in worker.CHORES:
        await chore()
    while await worker.once():
        pass


async def _handed_out(actor: Actor, each: int) -> None:
    async with read() as db:
        plan = (await shared(db, [], [], each)).plan
    await assigning.assign(actor, [], [], each, plan.fingerprint)


async def _filled(person_id: int) -> None:
    """Whatever is asked besides the choices, in a draft that has nothing yet."""
    async with write() as tx:
        mine = Application.person_id == person_id, Application.town == ""
        file = await tx.scalar(update(Application).where(*mine).values(**ANSWERS).returning(Application.id))
        if file is None:
            return
        of = {"application_id": file}
        study = {"institution": "Arusha", "country": "TZ", "title": "Ecology", "isced_level": 7, "isced_field": "0522"}
        years = {"from_year": 2024, "to_year": 2026}
        work = {"kind": ExperienceKind.WORK, "title": "Counts", "organisation": "A club", "country": "TZ", "text": ""}
        await tx.execute(insert(Study).values(**of, **study, **years, finished=True, ref=new_ref()))
        await tx.execute(insert(LanguageSkill).values(**of, code="en", level=Level.C1, ref=new_ref()))
        await tx.execute(insert(Experience).values(**of, **work, **years, ref=new_ref()))


def test_no_forbidden_state_is_ever_reached(run, clock, database, new_person, new_reserve):
    new_world = _new_world(database, new_person, new_reserve)
    bounds = settings(max_examples=25, stateful_step_count=30)

    run_state_machine_as_test(lambda: Lives(run, clock, new_world), settings=bounds)
