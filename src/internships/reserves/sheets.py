"""A table that somebody made in a spreadsheet, read as rows of text: CSV, or the first sheet of an XLSX."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import Final

from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from internships.core.i18n import gettext as _
from internships.core.text import tidy

LARGEST: Final = 10 * 1024 * 1024


class Unreadable(Exception):
    """The file is no table at all; the message says why, in words."""


class Line(Struct, frozen=True):
    """One row under the header, numbered as a spreadsheet numbers it, and its cells in the order of the columns."""

    number: int
    cells: list[str]


class Sheet(Struct, frozen=True):
    """The names of the columns, and the rows that are not empty."""

    columns: list[str]
    lines: list[Line]


def read_sheet(name: str, content: bytes) -> Sheet:
    """Read a table by the ending of its name."""
    if len(content) > LARGEST:
        raise Unreadable(_("The file is larger than 10 MB."))
    match PurePath(name).suffix.lower():
        case ".csv":
            rows = _csv(content)
        case ".xlsx":
            rows = _xlsx(content)
        case _:
            raise Unreadable(_("The name has to end in .csv or .xlsx."))
    return _sheet([tidy(cell) for cell in row] for row in rows)


def _sheet(rows: Iterable[list[str]]) -> Sheet:
    numbered = [Line(number, cells) for number, cells in enumerate(rows, start=1)]
    filled = [line for line in numbered if any(line.cells)]
    if not filled:
        raise Unreadable(_("The file is empty."))
    header, *lines = filled
    columns = _without_empty_end(header.cells)
    if len(columns) == 1 and ";" in columns[0]:
        raise Unreadable(_("The columns have to be separated by commas, not by semicolons."))
    if "" in columns:
        raise Unreadable(
            _("Column %(column)s has no name in row %(row)s.") % {"column": columns.index("") + 1, "row": header.number}
        )
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise Unreadable(_("The column %(name)s is there twice.") % {"name": twice[0]})
    if not lines:
        raise Unreadable(_("There is no row under the header."))
    return Sheet(columns, lines)


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(_("Line %(number)s is not UTF-8. Save the table as “CSV UTF-8”.") % {"number": row}) from error
    try:
        yield from csv.reader(StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise Unreadable(_("This is not a well-formed CSV file: %(why)s.") % {"why": error}) from error


def _xlsx(content: bytes) -> Iterator[list[str]]:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise Unreadable(_("The workbook is protected by a password.")) from error
    except (CalamineError, ZipError, XmlError, OSError, IndexError, ValueError) as error:
        raise Unreadable(_("This is not an XLSX workbook, or it is damaged.")) from error
    for row in rows:
        yield [_as_typed(value) for value in row]


def _as_typed(value: object) -> str:
    """What a person would have typed into a text file for this cell."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
