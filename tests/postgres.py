"""A PostgreSQL server of the tests' own: in a temporary folder, reached by a socket in it, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import machine

# Nothing here outlives the run, so nothing needs to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "Asia/Kathmandu",  # a zone that nobody means, so that a time without one shows
}


@contextmanager
def running() -> Iterator[str]:
    """Start the server; the address of its databases, with {} for the name of one."""
    programs = machine.postgresql()
    # A socket's path may have about a hundred characters: some systems' own temporary folder is too deep for that.
    home = Path(tempfile.mkdtemp(prefix="internships-pg-", dir="/tmp"))
    try:
        identity = _unprivileged(home)
        initdb = [programs / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=home, **identity)
        with _server(programs, home, identity):
            yield f"postgresql://postgres@/{{}}?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: who it runs as then, owning its folder."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    person = known.get("postgres") or known["nobody"]
    os.chown(home, person.pw_uid, person.pw_gid)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


@contextmanager
def _server(programs: Path, home: Path, identity: dict[str, Any]) -> Iterator[None]:
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [programs / "postgres", "-D", home / "data", "-k", home, *settings]
    with (home / "log").open("wb") as log:
        # In a session of its own, so that Ctrl-C ends the tests first and the server after them.
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, start_new_session=True, **identity)
    try:
        _wait(programs, home, server)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # at once, keeping nothing
        server.wait(timeout=30)


def _wait(programs: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if subprocess.run([programs / "pg_isready", "-q", "-h", home], check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    message = f"PostgreSQL did not start: {(home / 'log').read_text(errors='replace').strip()}"
    raise machine.Missing(message)
