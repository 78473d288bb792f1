"""A sheet held against what its rows have to be: the good rows, and every cell that is wrong."""

from collections import Counter
from typing import Final, Generic, TypeVar

from msgspec import Struct
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from internships.core.i18n import gettext
from internships.reserves.rows import Expects, Row
from internships.reserves.sheets import Line, Sheet

R = TypeVar("R", bound=Row)
OWN_WORDS: Final = frozenset({"plain", "order"})


class BadCell(Struct, frozen=True):
    """Where something is wrong, what is there, and what was expected instead."""

    row: int
    column: str
    value: str
    expected: str


class Numbered(Struct, Generic[R], frozen=True):
    """A good row and where it stood."""

    number: int
    row: R


class Reading(Struct, Generic[R], frozen=True):
    """What a table holds."""

    good: list[Numbered[R]]
    bad: list[BadCell]

    @property
    def rows(self) -> int:
        """How many rows there are, good and bad."""
        return len({good.number for good in self.good} | {cell.row for cell in self.bad if cell.row > 1})


def check(sheet: Sheet, model: type[R]) -> Reading[R]:
    """Hold every row against the model; a wrong header is said once, not in each row."""
    if wrong := _wrong_columns(sheet, model):
        return Reading([], wrong)
    good: list[Numbered[R]] = []
    bad: list[BadCell] = []
    twice = {name for name, count in Counter(_id(sheet, line) for line in sheet.lines).items() if name and count > 1}
    for line in sheet.lines:
        if _id(sheet, line) in twice:
            bad.append(
                BadCell(line.number, "id", _id(sheet, line), gettext("an id that no other row of this table has"))
            )
            continue
        row = _row(sheet, line, model)
        if isinstance(row, list):
            bad.extend(row)
        else:
            good.append(Numbered(line.number, row))
    return Reading(good, bad)


def _wrong_columns(sheet: Sheet, model: type[Row]) -> list[BadCell]:
    known = model.model_fields
    unknown = [
        BadCell(1, column, column, gettext("one of the columns %(names)s") % {"names": ", ".join(known)})
        for column in sheet.columns
        if column not in known
    ]
    missing = [
        BadCell(1, name, "", gettext("this column, which is missing"))
        for name, field in known.items()
        if field.is_required() and name not in sheet.columns
    ]
    return unknown + missing


def _row(sheet: Sheet, line: Line, model: type[R]) -> R | list[BadCell]:
    if any(line.cells[len(sheet.columns) :]):
        return [
            BadCell(line.number, "", "", gettext("%(count)s cells, as in the header") % {"count": len(sheet.columns)})
        ]
    cells = {column: cell for column, cell in zip(sheet.columns, line.cells, strict=False) if cell}
    try:
        return model.model_validate(cells)
    except ValidationError as errors:
        return _bad_cells(line.number, cells, model, errors)


def _bad_cells(number: int, cells: dict[str, str], model: type[Row], errors: ValidationError) -> list[BadCell]:
    """One line for each wrong cell, even where three parts of a list are wrong."""
    first = {str(error["loc"][0]): error for error in reversed(errors.errors(include_url=False))}
    return [
        BadCell(number, column, cells.get(column, ""), _expected(model.model_fields[column], first[column]))
        for column in model.model_fields
        if column in first
    ]


def _expected(field: FieldInfo, error: ErrorDetails) -> str:
    if error["type"] in OWN_WORDS:
        return error["msg"]
    return next(str(note.words) for note in field.metadata if isinstance(note, Expects))


def _id(sheet: Sheet, line: Line) -> str:
    place = sheet.columns.index("id")
    return line.cells[place] if place < len(line.cells) else ""
