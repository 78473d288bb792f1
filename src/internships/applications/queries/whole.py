"""Everything in a file, its entries gathered into the statement of the file itself."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.applications.queries.documents import DOCUMENTS, Given, documents_in
from internships.applications.queries.mine import Call, Mine, file_in, of_mine
from internships.applications.queries.progress import TOLD, Step, announced
from internships.applications.rules import ChoiceState, ExperienceKind, State
from internships.core.faults import NotFound
from internships.core.gathered import gathered, rows_as
from internships.core.i18n import chosen
from internships.cycles.models import Reason
from internships.cycles.rules import Level, ReasonKind
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rules import SHOWN_TO_ALL as OFFERED
from internships.reserves.rules import Lack, Needs, lacking
from internships.reserves.rules import State as PositionState


class Studied(Struct, frozen=True):
    """A degree, as its person wrote it."""

    ref: str
    institution: str
    country: str
    title: str
    isced_level: int
    isced_field: str
    from_year: int
    to_year: int | None
    finished: bool


class Spoken(Struct, frozen=True):
    """A language at a level."""

    ref: str
    code: str
    level: Level


class Experienced(Struct, frozen=True):
    """Something done before."""

    ref: str
    kind: ExperienceKind
    title: str
    organisation: str
    country: str | None
    from_year: int
    to_year: int | None
    text: str


class _Chosen(Struct, frozen=True):
    ref: str
    rank: int
    motivation: str
    state: ChoiceState
    position_id: int
    position_ref: str
    reserve: str
    country: str
    min_isced_level: int | None
    seats: int
    held: int
    offered: PositionState


class _Title(Struct, frozen=True):
    position_id: int
    language: str
    title: str


class _Need(Struct, frozen=True):
    position_id: int
    code: str
    level: Level


class _Listed(Struct, frozen=True):
    kind: ReasonKind
    code: str
    place: int
    label: dict[str, str]


class Chosen(Struct, frozen=True):
    """A position in somebody's list, and what they lack for it."""

    ref: str
    place: int
    title: str
    language: str
    position_ref: str
    reserve: str
    country: str
    motivation: str
    state: ChoiceState
    lacks: list[Lack]
    is_full: bool
    is_offered: bool


class Whole(Struct, frozen=True):
    """A file with everything in it."""

    mine: Mine
    studies: list[Studied]
    languages: list[Spoken]
    experiences: list[Experienced]
    choices: list[Chosen]
    documents: list[Given]
    reasons: list["Said"]
    """The listed reasons of the last decision or request, in the reader's language."""


def of_application(kind: type[Any], *columns: Any) -> Any:
    """The entries of a file, as one column beside it."""
    return gathered(select(*columns).where(kind.application_id == Application.id), of=Application)


_MY_POSITIONS = select(Choice.position_id).where(Choice.application_id == Application.id).correlate(Application)
_REASONS = gathered(
    select(Reason.kind, Reason.code, Reason.place, Reason.label).where(
        Reason.cycle_id == Application.cycle_id, Reason.kind.in_([ReasonKind.NOT_ELIGIBLE, ReasonKind.COMPLETION])
    ),
    of=Application,
)
ENTRIES = (
    of_application(
        Study, Study.ref, Study.institution, Study.country, Study.title, Study.isced_level, Study.isced_field,
        Study.from_year, Study.to_year, Study.finished,
    ),
    of_application(LanguageSkill, LanguageSkill.ref, LanguageSkill.code, LanguageSkill.level),
    of_application(
        Experience, Experience.ref, Experience.kind, Experience.title, Experience.organisation, Experience.country,
        Experience.from_year, Experience.to_year, Experience.text,
    ),
    gathered(
        select(
            Choice.ref, Choice.rank, Choice.motivation, Choice.state, Position.id, Position.ref, Reserve.name,
            Reserve.country, Position.min_isced_level, Position.seats, Position.held, Position.state,
        )
        .join(Position, Position.id == Choice.position_id)
        .join(Reserve, Reserve.id == Position.reserve_id)
        .where(Choice.application_id == Application.id),
        of=Application,
    ),
    gathered(
        select(PositionText.position_id, PositionText.language, PositionText.title).where(
            PositionText.position_id.in_(_MY_POSITIONS)
        ),
        of=Application,
    ),
    gathered(
        select(PositionLanguage.position_id, PositionLanguage.code, PositionLanguage.level).where(
            PositionLanguage.position_id.in_(_MY_POSITIONS), PositionLanguage.required
        ),
        of=Application,
    ),
    DOCUMENTS,
    _REASONS,
)  # fmt: skip
_WHOLE: Select[Any] = of_mine(*ENTRIES)
_STANDING: Select[Any] = of_mine(_REASONS, TOLD)
_LEAVING: Select[Any] = of_mine(
    gathered(
        select(Reason.place, Reason.code, Reason.label).where(
            Reason.cycle_id == Application.cycle_id, Reason.kind == ReasonKind.WITHDRAWAL
        ),
        of=Application,
    )
)


def entries_in(mine: Mine, gathered_columns: tuple[Any, ...]) -> Whole:
    """The gathered columns as the entries that they are, in the order of the page."""
    studies, languages, experiences, choices, titles, needs, documents, reasons = gathered_columns
    spoken = sorted(rows_as(Spoken, languages), key=lambda each: (-each.level.rank, each.code))
    return Whole(
        mine=mine,
        studies=sorted(rows_as(Studied, studies), key=lambda each: (-each.from_year, each.ref)),
        languages=spoken,
        experiences=sorted(rows_as(Experienced, experiences), key=lambda each: (-each.from_year, each.ref)),
        choices=_choices(mine, spoken, rows_as(_Chosen, choices), rows_as(_Title, titles), rows_as(_Need, needs)),
        documents=documents_in(documents),
        reasons=_reasons(mine, reasons),
    )


class Said(Struct, frozen=True):
    """A reason of a decision or request, and the section that it is about, where that is known."""

    words: str
    section: str | None


def _reasons(mine: Mine, listed: list[list[Any]]) -> list[Said]:
    kind = ReasonKind.NOT_ELIGIBLE if mine.kept_state == State.NOT_ELIGIBLE else ReasonKind.COMPLETION
    in_order = sorted(rows_as(_Listed, listed), key=lambda each: each.place)
    to_look_at = mine.to_look_at
    return [
        Said(chosen(each.label)[0], each.code if each.code in to_look_at else None)
        for each in in_order
        if each.kind == kind and each.code in mine.reasons
    ]


def _choices(
    mine: Mine, spoken: list[Spoken], choices: list[_Chosen], titles: list[_Title], needs: list[_Need]
) -> list[Chosen]:
    held = {each.code: each.level for each in spoken}
    found = []
    for place, each in enumerate(sorted(choices, key=lambda each: each.rank), start=1):
        texts = {title.language: title.title for title in titles if title.position_id == each.position_id}
        title, language = chosen(texts)
        needed = Needs(
            [(need.code, need.level) for need in needs if need.position_id == each.position_id], each.min_isced_level
        )
        found.append(
            Chosen(
                each.ref, place, title or each.reserve, language, each.position_ref, each.reserve, each.country,
                each.motivation, each.state, lacking(needed, isced_level=mine.isced_level, languages=held),
                each.held >= each.seats, each.offered in OFFERED,
            )
        )  # fmt: skip
    return found


async def standing(db: AsyncConnection, actor: Actor) -> tuple[Call | None, Mine | None, list[Said], list[Step]]:
    """The call to apply to, the person's file for it, the listed reasons of its last decision, and what has happened."""
    row = (await db.execute(_STANDING, actor.own)).first()
    if row is None:
        return None, None, [], []
    call, mine, (reasons, told) = file_in(tuple(row))
    return (call, mine, _reasons(mine, reasons), announced(mine, told)) if mine else (call, None, [], [])


async def leaving(db: AsyncConnection, actor: Actor) -> tuple[Mine, list[tuple[str, str]]]:
    """The person's own file, and what one may say when one withdraws it: codes, and words in the reader's language.

    Raises:
        NotFound: they have none.
    """
    row = (await db.execute(_LEAVING, actor.own)).first()
    if row is None:
        raise NotFound
    _, mine, (listed,) = file_in(tuple(row))
    if mine is None:
        raise NotFound
    return mine, [(code, chosen(label)[0]) for _place, code, label in sorted(listed)]


async def whole(db: AsyncConnection, actor: Actor) -> Whole:
    """The person's own file with everything in it.

    Raises:
        NotFound: they have none.
    """
    row = (await db.execute(_WHOLE, actor.own)).first()
    if row is None:
        raise NotFound
    _, mine, more = file_in(tuple(row))
    if mine is None:
        raise NotFound
    return entries_in(mine, more)
