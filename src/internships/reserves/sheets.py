"""A table that somebody made in a spreadsheet, read as rows of text: CSV, or the first sheet of an XLSX."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import PurePath
from typing import Any, Final

from msgspec import Struct

from internships.core.i18n import gettext as _
from internships.core.text import tidy
from internships.reserves import workbooks

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
            rows: Iterable[list[str]] = _csv(content)
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


def _xlsx(content: bytes) -> list[list[str]]:
    reading = [sys.executable, "-m", workbooks.__name__]
    read = subprocess.run(reading, input=content, capture_output=True, check=False)  # noqa: S603 -- our own module
    # Without an answer it was ended by one of its limits.
    found: dict[str, Any] = json.loads(read.stdout) if read.returncode == 0 else {"fault": "large"}
    match found.get("fault"):
        case "password":
            raise Unreadable(_("The workbook is protected by a password."))
        case "large":
            most = {"rows": workbooks.MOST_ROWS, "columns": workbooks.MOST_COLUMNS}
            raise Unreadable(
                _("The sheet is larger than %(rows)s rows and %(columns)s columns. Delete cells that are far away.")
                % most
            )
        case "damaged":
            raise Unreadable(_("This is not an XLSX workbook, or it is damaged."))
    rows: list[list[str]] = found["rows"]
    return rows


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
