"""`internships match`: the match alone, from a file to a file, and the check of what it said."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from rich.console import Console
from rich.progress import Progress

from internships.matching.certificate import check_certificate
from internships.matching.document import SIZE_LIMIT, outcome_as_document, parsed, read_market
from internships.matching.improving import Goal, improve
from internships.matching.optimum import Missing, NotPossible
from internships.matching.rules import BadMarket, Outcome

BAD_INPUT: Final = 2
FILE: Final = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.command()
@click.argument("market", type=FILE, required=False)
@click.option("-o", "--out", type=FILE, help="Where to write the result; the screen when it is left out.")
@click.option("--check", type=FILE, help="Check a certificate, or with MARKET a result, and write nothing.")
@click.option(
    "--improve", "goal", type=click.Choice([goal.value for goal in Goal]), help="Look for another goal after the match."
)
@click.option(
    "--seconds", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="For the search of a goal."
)
def match(market: Path | None, out: Path | None, check: Path | None, goal: str | None, seconds: float) -> None:
    """Match the applicants and positions of MARKET (JSON; - reads what is piped in).

    Ends with 2 when a file can't be read, with 1 when a check finds something wrong.
    """
    if market is None:
        if check is None:
            _bad("MARKET", "a JSON file with applicants and positions was expected, or --check FILE")
        return _say_faults(_tried(check, check_certificate))
    outcome = _tried(market, lambda text: read_market(text).match())
    if goal:
        outcome = _improved(outcome, Goal(goal), seconds)
    found = outcome_as_document(outcome)
    if check is not None:
        return _say_faults(_differences(_tried(check, parsed), found))
    _write(out, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return None


def _bad(place: object, expected: str) -> NoReturn:
    click.echo(f"Error: {place}: {expected}", err=True)
    sys.exit(BAD_INPUT)


def _tried(path: Path, read: Callable[[bytes], Any]) -> Any:
    """What a file says; one line, with the file and the place in it, when it says nothing sensible."""
    try:
        with click.open_file(str(path), "rb") as opened:
            text = opened.read(SIZE_LIMIT + 1)
    except OSError as error:
        _bad(path, f"a readable file was expected ({error.strerror})")
    try:
        return read(text)
    except BadMarket as bad:
        _bad(path, str(bad))


def _improved(outcome: Outcome, goal: Goal, seconds: float) -> Outcome:
    started = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"Looking for {goal}", total=100)
        try:
            reached = improve(
                outcome, goal, seconds=seconds, watch=lambda percent: progress.update(task, completed=percent)
            )
        except (Missing, NotPossible) as no:
            _bad("--improve", str(no))
    gap = _gap(*reached.gap) if reached.gap and any(reached.gap) else ""
    click.echo(f"{goal}: {time.monotonic() - started:.1f} s{gap}", err=True)
    return reached.outcome


def _gap(people: int, steps: int) -> str:
    return f", at most {people} more people placed" if people else f", at most {steps} steps from the best sum"


def _differences(said: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """In what a result differs from what the match gives now."""
    faults = [
        f"{key} is not what the match gives" for key in ("fingerprint", "matching") if said.get(key) != found[key]
    ]
    people = said.get("matching")
    if isinstance(people, dict):
        faults += [
            f"{person}: {people.get(person)} was said, {place} is found"
            for person, place in found["matching"].items()
            if people.get(person) != place
        ]
    return faults


def _say_faults(faults: list[str]) -> None:
    if not faults:
        click.echo("Everything follows from the numbers.")
        return
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1)


def _write(out: Path | None, text: str) -> None:
    try:
        with click.open_file(str(out or "-"), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        _bad(out, f"a file that can be written was expected ({error.strerror})")
