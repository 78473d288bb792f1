"""What a process says about itself: JSON, in UTC, never a name, an address or what somebody typed."""

import logging
import sys

import structlog

from internships.core.settings import settings


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
            *([] if settings().dev else [structlog.processors.format_exc_info]),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
