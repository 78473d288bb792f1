"""The wheel in an empty environment: it has everything inside that the site needs."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from internships.core.places import HOME


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel's commands are, in an environment that knows nothing of the checkout."""
    home = tmp_path_factory.mktemp("an empty place")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", home], cwd=HOME, check=True)
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    pip = [home / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, "--require-hashes", "-r", HOME / "requirements/run.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-index", *home.glob("*.whl")], check=True)
    return home / "venv/bin"


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of its commands: a database in a folder of its own, and a port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    address = f"sqlite:///{tmp_path_factory.mktemp('rows')}/internships.db"
    return kept | {"INTERNSHIPS_DEV": "1", "DATABASE_URL": address, "PORT": str(port)}


@pytest.fixture(scope="module")
def filled(installed: Path, surroundings: dict[str, str]) -> None:
    """Tables, and people in them."""
    for command in (["migrate"], ["demo", "--applicants", "20"]):
        subprocess.run([installed / "internships", *command], env=surroundings, cwd=installed, check=True)


@pytest.fixture
def site(installed: Path, surroundings: dict[str, str], filled: None) -> Iterator[httpx.Client]:
    """The site that it serves."""
    serving = subprocess.Popen([installed / "internships", "serve"], env=surroundings, cwd=installed)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{surroundings['PORT']}", follow_redirects=True) as client:
            wait_until_ready(client, serving)
            yield client
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def wait_until_ready(client: httpx.Client, serving: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and serving.poll() is None:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the site did not become ready")


def test_the_command_says_what_it_can_do(installed, surroundings):
    said = subprocess.run(
        [installed / "internships", "--help"], env=surroundings, capture_output=True, text=True, check=True
    ).stdout

    for command in ("serve", "worker", "migrate", "demo", "import", "match", "routes", "admin", "check"):
        assert re.search(rf"^  {command}\b", said, re.MULTILINE)


def test_the_home_page_and_all_that_it_loads_come(site):
    page = site.get("/")

    assert page.status_code == 200
    assert page.url.path == "/en/"
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert loaded
    assert {path: site.get(path).status_code for path in loaded} == dict.fromkeys(loaded, 200)


def test_the_sentences_came_along(site):
    assert 'lang="fr"' in site.get("/fr/").text
    assert site.get("/fr/").text != site.get("/en/").text.replace('lang="en"', 'lang="fr"')


def test_the_real_reserves_came_along(site):
    assert "Mount Kenya" in site.get("/en/reserves/ke-mount-kenya").text
