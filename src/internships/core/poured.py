"""Thousands of rows in one statement: they travel as one JSON text, which both databases unfold much faster than rows."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
from sqlalchemy import ColumnElement, Select, Table, Text, bindparam, func, insert, literal, select
from sqlalchemy import cast as as_type
from sqlalchemy.types import JSON

from internships.core.db import Base
from internships.core.writing import Transaction


async def pour(
    tx: Transaction, kind: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]], **same: Any
) -> None:
    """Insert rows whose cells are numbers, texts, JSON or None, in the order of `names`; `same` stands in every row."""
    table = cast("Table", kind.__table__)
    unfold = _postgresql if tx.get_bind().dialect.name == "postgresql" else _sqlite
    asked = unfold(table, names, {name: literal(value, table.c[name].type) for name, value in same.items()})
    given = msgspec.json.encode(rows).decode()
    await tx.execute(insert(table).from_select([*same, *names], asked), {"rows": given})


def _sqlite(table: Table, names: Sequence[str], same: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    row = func.json_each(bindparam("rows", type_=Text)).table_valued("value").c.value
    return select(*same.values(), *(func.json_extract(row, f"$[{place}]") for place, _ in enumerate(names)))


def _postgresql(table: Table, names: Sequence[str], same: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    row = func.json_array_elements(as_type(bindparam("rows", type_=Text), JSON)).column_valued("value")
    cells = [as_type(row.op("->>")(place), table.c[name].type) for place, name in enumerate(names)]
    return select(*same.values(), *cells)
