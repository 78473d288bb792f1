"""Keeps the garbage collector from walking through a big market again and again while nothing in it can be garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """A match makes hundreds of thousands of lists and no circle among them: a third of the time would go into looking."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
