"""What a process says about itself: JSON, in UTC, never a name, an address or what somebody typed."""

import logging
import sys
import traceback
from typing import Any

import structlog

from internships.core.settings import settings

SPEAKING = (AttributeError, NameError, TypeError, ImportError, RuntimeError, OSError)
"""What these say is about the program or the machine; any other error may repeat what it was given."""
SILENT = ("sqlalchemy", "asyncpg", "sqlite3", "aiosqlite", "smtplib", "aiosmtplib", "pydantic")
"""Their words hold values and addresses, of whatever kind the error is."""


def told(error: BaseException) -> str:
    """An error by its name, and in words only where they can't be those of a person; of a database error its code."""
    name = type(error).__name__
    module = type(error).__module__.partition(".")[0]
    if module == "internships" or (isinstance(error, SPEAKING) and module not in SILENT):
        return f"{name}: {error}" if str(error) else name
    of = getattr(error, "orig", None) or error
    of = of.__cause__ if getattr(of, "sqlstate", None) and of.__cause__ else of
    known = [getattr(of, attribute, None) for attribute in ("sqlstate", "sqlite_errorname", "constraint_name")]
    return " ".join([name, *(str(each) for each in known if each)])


def _where(error: BaseException) -> str:
    """The traceback, each error of its chain told as above."""
    text = [f"{told(error)}\n", *traceback.format_tb(error.__traceback__)]
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(text) + (f"after {_where(before)}" if before else "")


def _formatted(exc_info: Any) -> str:
    return _where(exc_info[1])


def set_up() -> None:
    """Configure structlog: JSON lines on standard error; coloured lines in development."""
    level = getattr(logging, settings().log_level.upper())
    last = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if settings().dev
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if settings().dev else [structlog.processors.ExceptionRenderer(_formatted)]),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
