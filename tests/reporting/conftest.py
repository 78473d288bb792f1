"""The calls of tests/cycles, for the desk of staff."""

from tests.cycles.conftest import new_call

__all__ = ["new_call"]
