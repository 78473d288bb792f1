"""Runs the suite on SQLite and on PostgreSQL at the same time and adds up what happened; bin/test calls it."""

import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests import machine

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
NO_TEST_RAN = 5


@dataclass
class Run:
    """One pytest, on one kind of database. The first one's output is shown as it comes, the other's afterwards."""

    database: str
    folder: Path
    shown: bool
    process: subprocess.Popen[bytes] = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)

    def start(self, arguments: list[str]) -> None:
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"--database={self.database}",
            f"--junit-xml={self.report}",
            *arguments,
        ]
        with self.output.open("wb") as output:
            shown = None if self.shown else output
            # In a session of its own: Ctrl-C reaches this program alone, which then stops both, once.
            self.process = subprocess.Popen(command, stdout=shown, stderr=subprocess.STDOUT, start_new_session=True)

    @property
    def report(self) -> Path:
        return self.folder / f"{self.database}.xml"

    @property
    def output(self) -> Path:
        return self.folder / f"{self.database}.txt"

    def finish(self) -> bool:
        """Wait, count, and say whether all was well."""
        code = self.process.wait()
        if not self.shown:
            print(f"\n{NAMES[self.database]}:\n{self.output.read_text(errors='replace')}", flush=True)
        self.counts = _counted(self.report) if self.report.exists() else Counter(failed=1)
        return code in {0, NO_TEST_RAN} and not self.counts["failed"]

    def stop(self) -> None:
        """Let it put its server and its browser away."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


def _counted(report: Path) -> Counter[str]:
    """How the tests of a report went, and how many of them drove a browser."""
    counts: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- written a moment ago by our own pytest
        kinds = {child.tag for child in case}
        went = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        counts[went] += 1
        counts["browser"] += case.find("properties/property[@name='browser']") is not None
    return counts


def _said(counts: Counter[str]) -> str:
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    return f"{counts['passed']} passed, {counts['failed']} failed{skipped}"


def _run_both(arguments: list[str], folder: Path) -> int:
    runs = [Run("sqlite", folder, shown=True), Run("postgresql", folder, shown=False)]
    try:
        for run in runs:
            run.start(arguments)
        well = [run.finish() for run in runs]
    except KeyboardInterrupt:
        for run in runs:
            run.stop()
        print("\nbin/test: interrupted", file=sys.stderr)
        return 130

    for run in runs:
        print(f"{NAMES[run.database]}: {_said(run.counts)}, {run.counts['browser']} of them in Chromium")
    total = sum((run.counts for run in runs), Counter())
    print(f"\n{_said(total)}")
    return 0 if all(well) and total["passed"] else 1


def main() -> int:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.default_int_handler)
    try:
        machine.postgresql()
        machine.chromium()
    except machine.Missing as missing:
        print(f"bin/test: {missing}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="internships-test-") as folder:
        return _run_both(sys.argv[1:], Path(folder))


if __name__ == "__main__":
    sys.exit(main())
