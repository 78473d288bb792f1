"""The first sheet of a workbook as text, read by a process of its own with little memory and time.

One cell far from all others makes the reader take the whole rectangle between them: 5 kB can ask for gigabytes, and
then it is the process that ends. `sheets` starts this one with `python -m`, and reads what it prints.
"""

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

MOST_ROWS, MOST_COLUMNS = 20_000, 200
MOST_MEMORY = 1024 * 1024 * 1024
SECONDS = 20


def typed(value: object) -> str:
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


def rows_of(content: bytes) -> dict[str, object]:
    """The rows of the first sheet, or why there are none: `password`, `large` or `damaged`."""
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        row, column = sheet.end or (0, 0)
        if row >= MOST_ROWS or column >= MOST_COLUMNS:
            return {"fault": "large"}
        return {"rows": [[typed(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]}
    except PasswordError:
        return {"fault": "password"}
    except MemoryError:
        return {"fault": "large"}
    except (CalamineError, ZipError, XmlError, OSError, IndexError, ValueError):
        return {"fault": "damaged"}


def main() -> None:
    """From standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(rows_of(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
