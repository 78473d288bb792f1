"""The sample programme: the real reserves, one call with its rules, the invented positions, and who works for it."""

from datetime import datetime
from itertools import count
from random import Random
from typing import Any, Final

from msgspec import Struct

from internships.accounts.rules import CLOCK, Actor, Role
from internships.core.models import Job
from internships.core.reference import TABLES
from internships.cycles.actions import clocks
from internships.cycles.document import sample_criteria, sample_texts
from internships.cycles.models import Criterion, Cycle, Reason
from internships.cycles.rules import CYCLE, CallRules, Level
from internships.cycles.rules import State as CycleState
from internships.matching import lottery
from internships.reserves.columns import language_values, position_values, reserve_values, text_values
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rows import PositionRow, ReserveRow
from internships.reserves.rules import POSITION, State
from internships.reserves.sheets import read_sheet
from internships.reserves.tables import R, check
from internships.sample import calendar, cast
from internships.sample.calendar import Calendar
from internships.sample.figures import ORIGINS
from internships.sample.ledger import Ledger
from internships.sample.names import name

TEXTS: Final = sample_texts()
MIN_REVIEWS: Final = 2
READS: Final = 25
"""Files that one reader can take on, more or less."""


class Offered(Struct, frozen=True):
    """A position as it is kept, and who decides for its host."""

    id: int
    ref: str
    row: PositionRow
    host: Actor


class Reader(Struct, frozen=True):
    """A reviewer, and the country whose files they do not read."""

    actor: Actor
    country: str


class Programme(Struct, frozen=True):
    """What applications are written into."""

    calendar: Calendar
    ledger: Ledger
    cycle_id: int
    rules: CallRules
    positions: dict[str, Offered]
    readers: list[Reader]
    staff: list[Actor]
    criteria: dict[str, int]
    weights: dict[str, int]
    scales: dict[str, int]


def rows(name: str, model: type[R]) -> list[R]:
    """The good rows of a shipped table, which are all of its rows."""
    content = (TABLES / f"{name}.csv").read_bytes()
    return [numbered.row for numbered in check(read_sheet(f"{name}.csv", content), model).good]


def programme(seed: int, when: Calendar, ledger: Ledger, applicants: int) -> Programme:
    """Write down everything that stands before the first application."""
    rng = Random(f"{seed}/programme")  # noqa: S311 -- the same seed has to give the same programme
    since = when.after(calendar.PREPARED)
    reserves = _reserves(ledger, rows("reserves", ReserveRow))
    members = _members(ledger, since, reserves)
    staff = [actor for actor in members.values() if actor.role is Role.STAFF]
    cycle = _cycle(ledger, when, staff[0], seed)
    criteria = _criteria(ledger, cycle["id"])
    _reasons(ledger, cycle["id"])
    hosts = {actor.reserve_id: actor for actor in members.values() if actor.role is Role.HOST}
    positions = _positions(ledger, when, rng, cycle["id"], reserves, hosts, staff)
    weights = {each["code"]: each["weight"] for each in sample_criteria()}
    scales = {each["code"]: each["scale_max"] for each in sample_criteria()}
    readers = _readers(ledger, since, rng, members, applicants)
    return Programme(when, ledger, cycle["id"], _rules(when), positions, readers, staff, criteria, weights, scales)


def _reserves(ledger: Ledger, kept: list[ReserveRow]) -> dict[str, tuple[int, ReserveRow]]:
    written = [(ledger.add(Reserve, ref=ledger.ref(), **reserve_values(row)), row) for row in kept]
    return {row.id: (values["id"], row) for values, row in written}


def _members(ledger: Ledger, since: datetime, reserves: dict[str, tuple[int, ReserveRow]]) -> dict[str, Actor]:
    def join(member: cast.Member) -> Actor:
        reserve_id = reserves[member.reserve][0] if member.reserve else None
        return ledger.person(member.role, member.name, member.email, member.locale, member.zone, since, reserve_id)

    return {member.email: join(member) for member in cast.MEMBERS}


def _rules(when: Calendar) -> CallRules:
    return CallRules(
        age_min=18,
        age_max=35,
        age_on=when.closes.date(),
        min_isced_level=6,
        languages=[("en", Level.B1), ("fr", Level.B1), ("es", Level.B1)],
        nationalities=None,
        choices_max=3,
    )


def _cycle(ledger: Ledger, when: Calendar, staff: Actor, seed: int) -> dict[str, Any]:
    rules = _rules(when)
    sealed_at = when.after(calendar.LOTTERY_SEALED)
    text = f"{when.year}/{seed}/snow on the passes" if when.is_past(sealed_at) else None
    cycle = ledger.add(
        Cycle,
        ref=ledger.ref(),
        slug=str(when.year),
        name={code: words % {"year": when.year} for code, words in TEXTS["name"].items()},
        summary=TEXTS["summary"],
        state=CycleState.DRAFT,
        zone="Etc/GMT+12",
        opens_at=when.opens,
        closes_at=when.closes,
        rate_by=when.after(calendar.RATE_BY),
        results_on=when.day(calendar.RESULTS),
        starts_on=when.day(calendar.STARTS),
        age_min=rules.age_min,
        age_max=rules.age_max,
        age_on=rules.age_on,
        min_isced_level=rules.min_isced_level,
        languages=[[code, level.value] for code, level in rules.languages],
        nationalities=rules.nationalities,
        choices_max=rules.choices_max,
        documents=[["cv", False, 1], ["transcript", False, 5]],
        min_reviews=MIN_REVIEWS,
        lottery_text=text,
        lottery_seal=lottery.seal(text) if text else None,
        lottery_sealed_at=sealed_at if text else None,
    )
    for verb, doer, days in (
        ("invite_hosts", staff, calendar.HOSTS_INVITED),
        ("announce", staff, calendar.ANNOUNCED),
        ("open", CLOCK, -60),
        ("close", CLOCK, 0),
        ("select", staff, calendar.SELECTING),
    ):
        if when.is_past(when.after(days)):
            ledger.move(CYCLE, verb, doer, cycle, when.after(days))
    for job in clocks(cycle["ref"], cycle["state"], cycle["opens_at"], cycle["closes_at"]):
        # Left out is what every job begins with; the reference comes from the seed, so that it is the same each time.
        begun = {name: value for name, value in job.items() if name not in {"state", "attempts", "outcome"}}
        ledger.add(Job, **begun | {"ref": ledger.ref(), "written_at": when.opens})
    return cycle


def _criteria(ledger: Ledger, cycle_id: int) -> dict[str, int]:
    return {
        each["code"]: ledger.add(Criterion, cycle_id=cycle_id, place=place, **each)["id"]
        for place, each in enumerate(sample_criteria(), start=1)
    }


def _reasons(ledger: Ledger, cycle_id: int) -> None:
    for kind, reasons in TEXTS["reasons"].items():
        for place, (code, label) in enumerate(reasons.items(), start=1):
            ledger.add(Reason, cycle_id=cycle_id, kind=kind, code=code, place=place, label=label)


def _positions(
    ledger: Ledger,
    when: Calendar,
    rng: Random,
    cycle_id: int,
    reserves: dict[str, tuple[int, ReserveRow]],
    hosts: dict[int | None, Actor],
    staff: list[Actor],
) -> dict[str, Offered]:
    """Each was sent by its host, approved, and published with the call."""
    written = {}
    for row in rows("positions_illustrative", PositionRow):
        reserve_id, reserve = reserves[row.reserve_id]
        if reserve_id not in hosts:
            hosts[reserve_id] = _host(ledger, when, rng, reserve_id, reserve)
        values = position_values(row, cycle_id, reserve_id) | {"state": State.DRAFT}
        position = ledger.add(Position, ref=ledger.ref(), **values)
        ledger.add(PositionText, **text_values(row, position["id"]))
        for language in language_values(row, position["id"]):
            ledger.add(PositionLanguage, **language)
        sent = when.after(rng.uniform(*calendar.POSITIONS_SENT))
        ledger.move(POSITION, "submit", hosts[reserve_id], position, sent)
        ledger.move(POSITION, "approve", staff[-1], position, when.after(calendar.POSITIONS_APPROVED))
        ledger.move(POSITION, "publish", staff[0], position, when.after(calendar.ANNOUNCED))
        written[row.id] = Offered(position["id"], position["ref"], row, hosts[reserve_id])
    return written


def _host(ledger: Ledger, when: Calendar, rng: Random, reserve_id: int, reserve: ReserveRow) -> Actor:
    origin = next((origin for origin in ORIGINS if origin.iso2 == reserve.country_iso2), rng.choice(ORIGINS))
    called = name(rng, origin.names, rng.choice(("female", "male")))
    locale = next((code for code in reserve.working_languages if code in {"en", "fr", "es", "ru", "ar"}), "en")
    since = when.after(calendar.HOSTS_INVITED)
    return ledger.person(Role.HOST, called, f"host.{reserve.id}@example.org", locale, origin.zone, since, reserve_id)


def _readers(ledger: Ledger, since: datetime, rng: Random, members: dict[str, Actor], applicants: int) -> list[Reader]:
    """The two whom everybody meets, and as many more as the files need."""
    readers = [
        Reader(members["reviewer-a@example.org"], "NP"),
        Reader(members["reviewer-b@example.org"], "FR"),
    ]
    wanted = min(60, applicants * MIN_REVIEWS // READS)
    for number in count(len(readers) + 1):
        if number > wanted:
            return readers
        origin = rng.choice(ORIGINS)
        called = name(rng, origin.names, rng.choice(("female", "male")))
        locale = origin.first_language if origin.first_language in {"en", "fr", "es", "ru", "ar"} else "en"
        actor = ledger.person(Role.REVIEWER, called, f"reviewer.{number}@example.org", locale, origin.zone, since)
        readers.append(Reader(actor, origin.iso2))
    return readers
