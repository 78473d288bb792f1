"""What reviewers, hosts and staff are asked about files."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from litestar import Request
from pydantic import Field, ValidationInfo, create_model, field_validator

from internships.core.i18n import Lazy, chosen
from internships.core.i18n import lazy as _
from internships.reviews.queries.hosting import Candidate
from internships.reviews.queries.positions import Listed
from internships.reviews.queries.reviewing import Scored
from internships.reviews.rules import COMMENT_MOST, NOTE_MOST, TIE_MOST
from internships.web.body import read_body
from internships.web.forms import Filled, Form, Says, Whole, judged, wrong

SAY_TIE = _("Describe the tie in a few words.")


class TieForm(Form):
    """One question per file, before anything else."""

    tie: Annotated[Literal["no", "yes"], Says(_("Say whether you have a tie to this person."))]
    words: Annotated[str, Field(max_length=TIE_MOST, validate_default=True)] = ""

    @field_validator("words")
    @classmethod
    def _said(cls, words: str, info: ValidationInfo) -> str:
        if info.data.get("tie") == "yes" and not words:
            raise wrong(SAY_TIE)
        return words


class AsideForm(Form):
    """Stepping aside later."""

    words: Annotated[str, Field(max_length=TIE_MOST), Says(SAY_TIE)]


class PointsForm(Form):
    """What every score form has beside the criteria of its call."""

    version: Whole
    do: Literal["draft", "finish", "next"] | None = None
    """None: the page saves by itself."""
    comment: Annotated[str, Field(max_length=COMMENT_MOST)] = ""

    @property
    def points(self) -> dict[str, int]:
        """Those that were given, by criterion."""
        given = self.model_dump(exclude={"version", "do", "comment"}, exclude_none=True)
        return {name.removeprefix("points_"): points for name, points in given.items()}


class _Label:
    """What a criterion is called, in the language that is spoken when it is shown."""

    def __init__(self, texts: tuple[tuple[str, str], ...]) -> None:
        self.texts = dict(texts)

    def __str__(self) -> str:
        return chosen(self.texts)[0]


_Scale = tuple[str, int, tuple[tuple[str, str], ...]]


@lru_cache(maxsize=64)
def _form_of(scales: tuple[_Scale, ...], *, whole: bool) -> type[PointsForm]:
    fields: dict[str, Any] = {}
    for code, most, label in scales:
        say = _("Give points for “%(criterion)s”.") % {"criterion": _Label(label)}
        points = Annotated[Whole, Field(ge=0, le=most), Says(say)]
        fields[f"points_{code}"] = points if whole else (points | None, None)
    return create_model("ScoreForm", __base__=PointsForm, **fields)


def score_form(criteria: Sequence[Scored], *, whole: bool) -> type[PointsForm]:
    """The form for the criteria of a call; to finish, the whole of them is needed."""
    scales = tuple((each.code, each.scale_max, tuple(each.label.items())) for each in criteria)
    return _form_of(scales, whole=whole)


async def read_scores(request: Request[Any, Any, Any], criteria: Sequence[Scored]) -> Filled[PointsForm]:
    """What was scored: a draft may have gaps."""
    sent = await read_body(request)
    whole = (sent.get("do") or ["draft"])[0] in {"finish", "next"}
    return judged(sent, score_form(criteria, whole=whole))


SAY_WHY = _("Choose a reason.")


class RateForm(Form):
    """What a host says of one candidate; the same question, alone or in the table of all."""

    version: Whole
    answer: Annotated[Literal["1", "2", "3", "no"], Says(_("Choose a tier, or say that you would not host."))]
    reason: Annotated[str, Field(max_length=40, validate_default=True)] = ""
    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""
    then: Literal["stay", "next"] = "stay"

    @field_validator("reason")
    @classmethod
    def _why(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("answer") == "no" and not reason:
            raise wrong(SAY_WHY)
        return reason if info.data.get("answer") == "no" else ""


class SortForm(Form):
    """Short-list, pass over with a reason, or take one of these or a rating back."""

    version: Whole
    do: Literal["shortlist", "pass_over", "think_again", "rate_again"]
    why: Annotated[str, Field(max_length=40, validate_default=True)] = ""

    @field_validator("why")
    @classmethod
    def _why(cls, why: str, info: ValidationInfo) -> str:
        if info.data.get("do") == "pass_over" and not why:
            raise wrong(SAY_WHY)
        return why if info.data.get("do") == "pass_over" else ""


class AllRated(Form):
    """The answers of a table, by candidate; those without an answer are left as they are."""

    answers: dict[str, RateForm]


NO_LONGER = _("Somebody in this table is no longer a candidate. The answers to the others are still here.")


async def read_ratings(
    request: Request[Any, Any, Any], candidates: Iterable[Candidate], reasons: Iterable[Listed]
) -> Filled[AllRated]:
    """A question for each candidate, all errors at once."""
    sent = {name: values for name, values in (await read_body(request)).items() if name != "csrf"}
    answers: dict[str, RateForm] = {}
    errors: dict[str, Lazy] = {}
    known: set[str] = set()
    codes = {reason.code for reason in reasons}
    for candidate in candidates:
        names = {name: f"{name}_{candidate.ref}" for name in ("version", "answer", "reason")}
        known |= set(names.values())
        own = {name: sent[full] for name, full in names.items() if full in sent}
        if not any(own.get("answer", [])):
            continue
        row = judged(own, RateForm)
        if row.value and row.value.reason and row.value.reason not in codes:
            row = row.refused("reason", SAY_WHY)
        errors |= {names.get(name, name): words for name, words in row.errors}
        if row.value:
            answers[candidate.ref] = row.value
    if sent.keys() - known:
        errors[""] = NO_LONGER
    return Filled(sent, None if errors else AllRated(answers=answers), errors)


class TiesForm(Form):
    """Ties to all candidates of a position at once: those ticked are tied, the others are not."""

    tied: list[str] = Field(default_factory=list)
    seen: list[str]
    words: Annotated[str, Field(max_length=TIE_MOST, validate_default=True)] = ""

    @field_validator("words")
    @classmethod
    def _said(cls, words: str, info: ValidationInfo) -> str:
        if info.data.get("tied") and not words:
            raise wrong(SAY_TIE)
        return words


class ShareForm(Form):
    """Whom staff want to give what; nothing ticked means everybody, and every file that lacks readers."""

    reader: list[str] = Field(default_factory=list)
    file: list[str] = Field(default_factory=list)
    each: Annotated[Whole, Field(ge=1, le=9), Says(_("Enter a number from 1 to 9."))]


class AssignForm(ShareForm):
    """The same, after the preview."""

    fingerprint: Annotated[str, Field(min_length=64, max_length=64)]


class ViewForm(Form):
    """Which of the built-in views of a list."""

    view: Literal["open", "recused", "all", "lacking"] | None = None
    after: Whole = 0


class ReviewRef(Form):
    """The one review that a button is about."""

    review: Annotated[str, Field(max_length=10)]
