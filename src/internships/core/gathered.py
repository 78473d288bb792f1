"""Rows inside a row: what belongs to a file comes in the same statement as the file, on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ScalarSelect, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON

from internships.core.db import Instant

Row = TypeVar("Row", bound=msgspec.Struct)


class _Rows(FunctionElement[Any]):
    """Every row of a select as one list of lists."""

    inherit_cache = True
    type = JSON()


def _cells(element: _Rows, compiler: SQLCompiler, json: str, **rest: Any) -> str:
    """A column that is JSON itself must not become a text inside the list, and an instant keeps its zone."""
    cells = []
    for cell in element.clauses:
        written = compiler.process(cell, **rest)
        if isinstance(cell.type, Instant) and compiler.dialect.name == "sqlite":
            written = f"{written} || '+00:00'"
        cells.append(json.format(written) if isinstance(cell.type, JSON) else written)
    return ", ".join(cells)


@compiles(_Rows, "sqlite")
def _sqlite(element: _Rows, compiler: SQLCompiler, **rest: Any) -> str:
    return f"json_group_array(json_array({_cells(element, compiler, 'json({})', **rest)}))"


@compiles(_Rows, "postgresql")
def _postgresql(element: _Rows, compiler: SQLCompiler, **rest: Any) -> str:
    return f"coalesce(json_agg(json_build_array({_cells(element, compiler, '{}', **rest)})), '[]')"


def gathered(rows: Select[*tuple[Any, ...]], *, of: type[Any] | tuple[type[Any], ...]) -> ScalarSelect[Any]:
    """The rows that belong to a row of `of`, as one column; `rows_as` reads it. Their order is left to Python."""
    inner = rows.with_only_columns(_Rows(*rows.selected_columns), maintain_column_froms=True)
    return inner.correlate(*(of if isinstance(of, tuple) else (of,))).scalar_subquery()


def rows_as(kind: type[Row], cells: list[list[Any]]) -> list[Row]:
    """Gathered rows as structs, the cells in the order of the fields; SQLite's 0 and 1 are False and True again."""
    return [msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind, strict=False) for row in cells]


def aware(at: datetime) -> datetime:
    """An instant of a gathered row; inside a list SQLite's are bare UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
