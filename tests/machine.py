"""What the tests need from the machine beside Python: found, or installed where the system's package manager may."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


class Missing(Exception):
    """Something that isn't here and can't be installed; its text is one line that says what to do."""


def postgresql() -> Path:
    """The folder with PostgreSQL's programs."""
    return _found_or_installed("PostgreSQL", _postgresql, "postgresql")


def chromium() -> Path:
    """The system's Chromium."""
    return _found_or_installed("Chromium", _chromium, "chromium")


def _postgresql() -> Path | None:
    # Debian keeps initdb and postgres away from PATH, one folder for each version.
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    initdb = shutil.which("initdb") or (versions[-1] if versions else None)
    return Path(initdb).resolve().parent if initdb else None


def _chromium() -> Path | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _found_or_installed(name: str, find: Callable[[], Path | None], package: str) -> Path:
    if found := find():
        return found
    _install(name, package)
    if found := find():
        return found
    message = f"{name} was not found, and installing the package {package} did not bring it"
    raise Missing(message)


def _install(name: str, package: str) -> None:
    """Install with apt-get.

    Raises:
        Missing: there is no apt-get, no right to use it, or it failed.
    """
    by_hand = f"{name} was not found; install it with the system's package manager ({package})"
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not _runs([*rights, "true"])):
        raise Missing(by_hand)
    print(f"Installing {name} ({package}) ...", file=sys.stderr, flush=True)
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if not (_runs([*apt, "update"]) and _runs([*apt, "install", "--no-install-recommends", "-y", package])):
        message = f"{by_hand}; apt-get could not (is there a network?)"
        raise Missing(message)


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        return False
