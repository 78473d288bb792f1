"""Where files are kept, in a folder and in a bucket: there before anything speaks of them, and honest when they are not."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from internships.core.files import store
from internships.core.files.store import Kept, Missing, StoreGone
from internships.core.settings import settings


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of something that speaks S3."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(600):
            try:
                httpx.put(f"{address}/papers", timeout=5).raise_for_status()
                break
            except httpx.TransportError:
                subprocess.run(["sleep", "0.1"], check=True)
        yield address
        server.terminate()


@pytest.fixture(params=["folder", "bucket"])
def kept_in(request, tmp_path: Path, monkeypatch) -> Iterator[str]:
    """Each kind of store in turn."""
    if request.param == "folder":
        where = str(tmp_path / "files")
    else:
        where = "s3://papers/of-applicants"
        here = {
            "ENDPOINT_URL": request.getfixturevalue("s3"), "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "us-east-1"
        }  # fmt: skip
        for name, value in here.items():
            monkeypatch.setenv(f"AWS_{name}", value)
    before = os.environ.get("INTERNSHIPS_FILES")
    os.environ["INTERNSHIPS_FILES"] = where
    settings.cache_clear()
    store._opened.cache_clear()
    yield request.param
    os.environ.pop("INTERNSHIPS_FILES") if before is None else os.environ.update(INTERNSHIPS_FILES=before)
    settings.cache_clear()
    store._opened.cache_clear()


async def test_what_is_kept_comes_back_the_same(kept_in):
    kept = await store.keep(b"a curriculum vitae")

    assert await store.fetch(kept) == b"a curriculum vitae"
    assert await store.is_there(kept.key)
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{40}", kept.key)
    assert kept.key in await store.on_shelf(kept.key[:2])


async def test_the_same_content_twice_lies_under_two_keys(kept_in):
    first, second = await store.keep(b"same"), await store.keep(b"same")

    assert first.key != second.key
    assert first.sha256 == second.sha256


async def test_what_is_dropped_is_missing_and_can_be_dropped_again(kept_in):
    kept = await store.keep(b"gone tomorrow")

    await store.drop(kept.key)
    await store.drop(kept.key)

    assert not await store.is_there(kept.key)
    with pytest.raises(Missing):
        await store.fetch(kept)


async def test_another_content_under_the_key_is_not_taken_for_it(kept_in):
    kept = await store.keep(b"as it was given")

    with pytest.raises(Missing):
        await store.fetch(Kept(kept.key, kept.size, "0" * 64))


async def test_a_folder_that_goes_away_is_not_made_again(tmp_path):
    before = os.environ.get("INTERNSHIPS_FILES", "")
    os.environ["INTERNSHIPS_FILES"] = str(tmp_path / "disk")
    settings.cache_clear()
    try:
        await store.alive()
        shutil.rmtree(tmp_path / "disk")

        for ask in (store.alive(), store.keep(b"x"), store.is_there("00/x"), store.on_shelf("00")):
            with pytest.raises(StoreGone):
                await ask
        assert not (tmp_path / "disk").exists()
    finally:
        os.environ["INTERNSHIPS_FILES"] = before
        settings.cache_clear()


async def test_a_bucket_that_does_not_answer_is_gone_within_its_time(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("INTERNSHIPS_FILES", "s3://elsewhere")
    settings.cache_clear()
    store._opened.cache_clear()
    try:
        async with asyncio.timeout(25):
            with pytest.raises(StoreGone):
                await store.keep(b"x")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        store._opened.cache_clear()


async def test_a_bucket_that_anybody_can_list_is_found_out(kept_in):
    # The stand-in for S3 asks nobody for a key, which is what must never pass for private.
    assert await store.is_private() == (kept_in == "folder")


def test_wrong_addresses_of_store_and_scanner_are_said_in_one_line(monkeypatch):
    for name, wrong, expected in (
        ("FILES", "ftp://somewhere", "a folder or s3://BUCKET/PREFIX was expected"),
        ("FILES", "s3://", "a folder or s3://BUCKET/PREFIX was expected"),
        ("CLAMAV", "clamav", "HOST:PORT or the path of a socket was expected"),
        ("CLAMAV", "host:99999", "HOST:PORT or the path of a socket was expected"),
    ):
        with monkeypatch.context() as patched:
            patched.setenv(f"INTERNSHIPS_{name}", wrong)
            settings.cache_clear()
            with pytest.raises(Exception, match=f"INTERNSHIPS_{name}: {expected}"):
                settings()
    settings.cache_clear()
