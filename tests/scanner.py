"""A stand-in for ClamAV's daemon: it speaks INSTREAM, and answers what the test wants."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from internships.core.settings import settings

INFECTED = b"the words that every scanner knows"
Scanner = Callable[..., AbstractAsyncContextManager[list[bytes]]]


def _configured(where: str) -> None:
    os.environ["INTERNSHIPS_CLAMAV"] = where
    settings.cache_clear()


async def _received(reader: asyncio.StreamReader) -> bytes:
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(size)
    return content


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    """`async with scanner(answer=b"stream: OK") as heard:`; without an answer it listens and says nothing."""

    @asynccontextmanager
    async def running(
        answer: bytes | None = b"stream: OK", *, listens: bool = True, hangs_up: bool = False, at: str = ""
    ) -> AsyncIterator[list[bytes]]:
        heard: list[bytes] = []
        over = asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if not hangs_up:
                heard.append(await _received(reader))
                if answer is None:
                    await over.wait()
                else:
                    writer.write(answer + b"\0")
                    await writer.drain()
            writer.close()

        if at:
            server = await asyncio.start_unix_server(talk, at)
            where = at
        else:
            server = await asyncio.start_server(talk, "127.0.0.1", 0, family=socket.AF_INET)
            where = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        if not listens:
            server.close()
            await server.wait_closed()
        _configured(where)
        try:
            yield heard
        finally:
            over.set()
            server.close()
            _configured("")

    yield running
    os.environ.pop("INTERNSHIPS_CLAMAV", None)
    settings.cache_clear()
