"""The scripts of bin/: one clear line when something is missing, wherever the checkout lies."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from internships.core.places import HOME

SCRIPTS = ["setup", "dev", "test", "ci"]
TOOLS = ["bash", "cat", "dirname", "env", "grep", "mktemp", "rm", "tail"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What bin/setup reads, in a folder with a space in its name."""
    home = tmp_path / "a folder"
    for name in ("bin", "requirements"):
        shutil.copytree(HOME / name, home / name)
    shutil.copy(HOME / "pyproject.toml", home)
    return home


def run(script: Path, *arguments: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    path = {"PATH": os.environ["PATH"], "HOME": str(script.parent)}
    return subprocess.run([script, *arguments], env=path | surroundings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_bash_that_parses_and_may_be_run(name):
    script = HOME / "bin" / name

    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_without_python_one_line_says_what_to_install(checkout, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)

    said = run(checkout / "bin/setup", PATH=str(tools))

    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        "bin/setup: Python 3.11 or later was not found; install it, or name one: PYTHON=/path/to/python3 bin/setup"
    ]


def test_without_a_network_one_line_says_so(checkout):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}

    said = run(checkout / "bin/setup", PIP_NO_CACHE_DIR="1", **nowhere)

    assert said.returncode == 1
    assert len(said.stderr.splitlines()) == 1
    assert said.stderr.startswith("bin/setup: the packages could not be installed; is there a network?")


def test_an_unknown_option_is_named(checkout):
    said = run(checkout / "bin/setup", "--fast")

    assert said.returncode == 1
    assert said.stderr == "bin/setup: '--fast' is not known here; bin/setup or bin/setup --dev\n"
