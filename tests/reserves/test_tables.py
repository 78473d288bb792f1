"""What a table of reserves or positions may get wrong, and what the person who made it is told."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from internships.core.places import HOME
from internships.core.reference import TABLES
from internships.reserves.rows import PositionRow, ReserveRow
from internships.reserves.sheets import Unreadable, read_sheet
from internships.reserves.tables import BadCell, Reading, check

RESERVE = {"id": "es-somiedo", "name_en": "Somiedo", "country_iso2": "ES"}
POSITION = {
    "id": "pos-1",
    "reserve_id": "es-somiedo",
    "title": "Brown-bear season",
    "theme": "biodiversity",
    "summary": "Help with the cameras.",
    "tasks": "Place cameras;Label images",
    "season_start": "04-01",
    "season_end": "07-15",
    "duration_weeks_min": "10",
    "duration_weeks_max": "15",
    "capacity": "2",
    "fieldwork_level": "light",
}


def csv_of(*rows: dict[str, str]) -> bytes:
    quoted = [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (rows[0], *(r.values() for r in rows))
    ]
    return "\n".join(quoted).encode()


def reserves(*rows: dict[str, str]) -> Reading[ReserveRow]:
    return check(read_sheet("reserves.csv", csv_of(*rows)), ReserveRow)


def positions(*rows: dict[str, str]) -> Reading[PositionRow]:
    return check(read_sheet("positions.csv", csv_of(*rows)), PositionRow)


@pytest.mark.parametrize(
    ("name", "model", "rows"), [("reserves", ReserveRow, 102), ("positions_illustrative", PositionRow, 40)]
)
def test_the_shipped_tables_are_good(name, model, rows):
    reading = check(read_sheet(f"{name}.csv", (TABLES / f"{name}.csv").read_bytes()), model)

    assert reading.bad == []
    assert len(reading.good) == rows


def test_namibia_is_a_country():
    reading = reserves({**RESERVE, "country_iso2": "NA"})

    assert reading.good[0].row.country_iso2 == "NA"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("id", "Es Somiedo", "small letters, digits and single hyphens, 60 at most"),
        ("country_iso2", "UK", "the two letters of a country of UNESCO, such as ES"),
        ("countries_iso2", "PT;FR", "countries such as ES;PT, the leading one among them"),
        ("kind", "local", "national, transboundary or national pair"),
        ("unesco_region", "Africa", "the UNESCO region of the country: "),
        ("designation_year", "1066", "a year from 1976 on"),
        ("lat", "95", "degrees from -90 to 90"),
        ("lat", "43,1", "degrees from -90 to 90"),
        ("lon", "6.2", "degrees from -180 to 180 where lat is known"),
        ("coord_precision", "town_proxy", "unknown without a point"),
        ("area_ha", "many", "whole hectares"),
        ("local_languages", "es;klingon", "codes of languages such as es;fr;en"),
        ("website", "javascript:alert(1)", "an address that begins with https:// or http://"),
        ("name_local", "=1+1", "plain text: no formula, no control characters"),
        ("note", "a\x00b", "plain text: no formula, no control characters"),
        ("name_en", "x" * 201, "a name of 1 to 200 letters"),
        ("name_en", "", "a name of 1 to 200 letters"),
        ("general_knowledge_fields", "latitude", "names of columns, such as lat;lon"),
    ],
)
def test_a_wrong_cell_of_a_reserve_is_named(column, value, expected):
    reading = reserves({**RESERVE, column: value})

    assert reading.good == []
    (bad,) = reading.bad
    assert (bad.row, bad.column, bad.value) == (2, column, value)
    assert bad.expected.startswith(expected)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("theme", "yoga", "one of climate_change_adaptation, biodiversity"),
        ("required_languages", "es:B7", "languages with a level from A1 to C2, such as es:B1;en:B2"),
        ("required_languages", "es", "languages with a level from A1 to C2, such as es:B1;en:B2"),
        ("isced_fields", "9999", "codes of ISCED-F 2013 as text, such as 0521;0522"),
        ("min_isced_level", "9", "a level of ISCED 2011, from 0 to 8"),
        ("season_start", "02-30", "a day as month-day, such as 04-15"),
        ("duration_weeks_max", "9", "a number of weeks that is not below duration_weeks_min"),
        ("capacity", "0", "a number of places from 1 to 500"),
        ("capacity", "1.5", "a number of places from 1 to 500"),
        ("stipend_per_month", "-1", "a whole amount, 0 for none"),
        ("driving_licence", "perhaps", "yes or no"),
        ("sdgs", "13;18", "goals from 1 to 17"),
    ],
)
def test_a_wrong_cell_of_a_position_is_named(column, value, expected):
    reading = positions({**POSITION, column: value})

    assert reading.good == []
    (bad,) = reading.bad
    assert (bad.row, bad.column, bad.value) == (2, column, value)
    assert bad.expected.startswith(expected)


def test_an_amount_needs_its_currency():
    reading = positions({**POSITION, "stipend_per_month": "450"})

    assert [bad.column for bad in reading.bad] == ["stipend_currency"]


def test_every_wrong_cell_is_said_at_once_and_good_rows_stay_good():
    reading = reserves(
        {**RESERVE, "lat": "", "area_ha": ""},
        {**RESERVE, "id": "pt-geres", "country_iso2": "XX", "lat": "", "area_ha": "-1"},
        {**RESERVE, "id": "fr-cevennes", "country_iso2": "FR", "lat": "north", "area_ha": ""},
    )

    assert [(bad.row, bad.column) for bad in reading.bad] == [(3, "country_iso2"), (3, "area_ha"), (4, "lat")]
    assert [good.row.id for good in reading.good] == ["es-somiedo"]
    assert reading.rows == 3


def test_an_id_that_is_there_twice_is_wrong_in_both_rows():
    reading = reserves(RESERVE, RESERVE)

    assert [(bad.row, bad.column) for bad in reading.bad] == [(2, "id"), (3, "id")]


def test_unknown_and_missing_columns_are_said_once():
    reading = check(read_sheet("reserves.csv", b"id,name_en,colour\na,A,red\nb,B,blue\n"), ReserveRow)

    assert [(bad.row, bad.column) for bad in reading.bad] == [(1, "colour"), (1, "country_iso2")]


def test_a_row_longer_than_the_header_is_wrong():
    reading = check(read_sheet("reserves.csv", b"id,name_en,country_iso2\nad,Ordino,AD,more\n"), ReserveRow)

    assert reading.bad == [BadCell(2, "", "", "3 cells, as in the header")]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("r.csv", b"", "The file is empty."),
        ("r.csv", b"\n\n , \n", "The file is empty."),
        ("r.csv", b"id,name_en\n", "There is no row under the header."),
        ("r.csv", b"id;name_en\na;b\n", "separated by commas"),
        ("r.csv", b"id,id\na,b\n", "The column id is there twice."),
        ("r.csv", b"id,,name_en\na,b,c\n", "Column 2 has no name in row 1."),
        ("r.csv", "id,name_en\na,Omaña".encode("latin-1"), "Line 2 is not UTF-8."),
        ("r.csv", b'id,name_en\na,"open', "not a well-formed CSV"),
        ("r.xlsx", b"id,name_en\na,b\n", "not an XLSX workbook"),
        ("r.xlsx", b"", "not an XLSX workbook"),
        ("r.ods", b"", "The name has to end in .csv or .xlsx."),
        ("r.csv", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_table_says_why(name, content, says):
    with pytest.raises(Unreadable, match=says):
        read_sheet(name, content)


def test_a_mark_at_the_start_and_windows_line_ends_do_not_matter():
    sheet = read_sheet("r.csv", b"\xef\xbb\xbfid,name_en\r\na,b\r\n")

    assert sheet.columns == ["id", "name_en"]
    assert sheet.lines[0].cells == ["a", "b"]


def test_a_workbook_is_read_as_it_was_typed():
    file = BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, list(POSITION))
        sheet.write_row(1, 0, [int(cell) if cell.isdigit() else cell for cell in POSITION.values()])
        sheet.write_datetime(1, 6, date(2027, 4, 1), workbook.add_format({"num_format": "mm-dd"}))

    reading = check(read_sheet("positions.xlsx", file.getvalue()), PositionRow)

    assert reading.bad == []
    assert reading.good[0].row.season_start == "04-01"
    assert reading.good[0].row.capacity == 2


@pytest.mark.parametrize("model", [ReserveRow, PositionRow])
def test_the_manual_names_every_column(model):
    manual = (HOME / "docs" / "operator" / "import.md").read_text("utf-8")

    for name, field in model.model_fields.items():
        assert f"| `{name}` | {'yes' if field.is_required() else ''} |" in manual


def far_away(row: int, column: int) -> bytes:
    """A small workbook with one cell far from the others."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "id")
        sheet.write(1, 0, "x")
        sheet.write(row, column, "y")
    return file.getvalue()


@pytest.mark.parametrize(
    ("row", "column"), [(200_000, 1000), (100_000, 100), (1_048_575, 16_383), (3, 200), (20_000, 0)]
)
def test_a_cell_far_away_is_said_and_takes_no_memory(row, column):
    with pytest.raises(Unreadable, match="larger than 20000 rows and 200 columns"):
        read_sheet("r.xlsx", far_away(row, column))


def test_a_sheet_of_the_largest_size_is_read():
    assert len(read_sheet("r.xlsx", far_away(19_999, 0)).lines) == 2
