"""A crash between two requests: what was confirmed is there, whatever the machine did."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import httpx
import pytest

from internships.core.places import HOME
from internships.sample.cast import PASSWORD
from tests.databases import Databases

TIMES = 3


@pytest.fixture
async def surroundings(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """A database of its own with sample people, and a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    address = await databases.another(migrated=True)
    made = kept | {"INTERNSHIPS_DEV": "1", "DATABASE_URL": address, "PORT": str(port), "PYTHONPATH": str(HOME / "src")}
    made["INTERNSHIPS_FILES"] = str(tmp_path / "files")
    await (await run(made, "demo", "--applicants", "3", "--phase", "open")).wait()
    return made


async def run(surroundings: dict[str, str], *command: str) -> Process:
    """A command of the program, in a group of its own, so that all of it can be killed at once."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "internships", *command, env=surroundings, cwd=HOME, start_new_session=True
    )


async def serve(surroundings: dict[str, str], site: httpx.AsyncClient) -> Process:
    """The site, as soon as it answers."""
    serving = await run(surroundings, "serve")
    for _try in range(600):
        try:
            if (await site.get("/readyz")).status_code == 200:
                return serving
        except httpx.TransportError:
            await asyncio.sleep(0.05)
    pytest.fail("the site did not become ready")


@pytest.fixture
async def site(surroundings: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has not signed in."""
    address = f"http://127.0.0.1:{surroundings['PORT']}"
    async with httpx.AsyncClient(base_url=address, follow_redirects=False, timeout=20) as client:
        yield client


async def token(site: httpx.AsyncClient, path: str) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf" value="([^"]+)"', (await site.get(path)).text)
    assert found
    return found.group(1)


async def test_what_was_confirmed_before_a_kill_is_there_after_it(surroundings, site):
    chance, serving = Random(11), await serve(surroundings, site)
    try:
        known = {"email": "applicant-a@example.org", "password": PASSWORD}
        entered = await site.post("/en/sign-in", data={**known, "csrf": await token(site, "/en/sign-in")})
        assert entered.status_code == 303
        name = ""
        for number in range(TIMES):
            form = await site.get("/en/account")
            version = re.search(r'name="version" value="(\d+)"', form.text)
            assert version
            said = {"full_name": f"Amina Okello {number}", "locale": "en", "zone": "Africa/Nairobi", "theme": "auto"}
            said |= {"version": version.group(1), "csrf": await token(site, "/en/account")}
            saving = asyncio.create_task(site.post("/en/account", data=said))
            # Sometimes in the middle of the request, sometimes after its answer.
            await asyncio.wait([saving], timeout=chance.choice([0.005, 0.02, 5]))
            os.killpg(serving.pid, signal.SIGKILL)
            await serving.wait()
            confirmed = saving.done() and saving.exception() is None and saving.result().status_code == 303
            await asyncio.gather(saving, return_exceptions=True)
            name = said["full_name"] if confirmed else name

            serving = await serve(surroundings, site)
            kept = (await site.get("/en/account")).text
            assert not confirmed or f'value="{name}"' in kept
        assert name
    finally:
        os.killpg(serving.pid, signal.SIGKILL)
        await serving.wait()
