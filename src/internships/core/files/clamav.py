"""Asks ClamAV's daemon about a file over its socket, where one is configured."""

import asyncio
import struct
from contextlib import suppress
from typing import Final

from internships.core.settings import settings

CONNECTING: Final = 2.0
ANSWERING: Final = 10.0
PIECE: Final = 64 * 1024


class ScannerAway(Exception):
    """It doesn't answer, or not in words that we know: the file waits."""


async def is_infected(content: bytes) -> bool:
    """Whether the scanner knows something bad in it; without a scanner nothing is known.

    Raises:
        ScannerAway: one is configured and gives no answer.
    """
    where = settings().clamav
    if not where:
        return False
    try:
        async with asyncio.timeout(CONNECTING):
            reader, writer = await _connected(where)
    except OSError as error:
        raise ScannerAway(str(error)) from error
    try:
        async with asyncio.timeout(ANSWERING):
            return _read(await _asked(reader, writer, content))
    except (OSError, EOFError) as error:
        raise ScannerAway(str(error)) from error
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _connected(where: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if where.startswith("/"):
        return await asyncio.open_unix_connection(where)
    host, _, port = where.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port))


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes) -> bytes:
    """INSTREAM: each piece behind its length, and a length of nothing at the end."""
    writer.write(b"zINSTREAM\0")
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        writer.write(struct.pack("!I", len(piece)) + piece)
        await writer.drain()
    writer.write(struct.pack("!I", 0))
    await writer.drain()
    return await reader.readuntil(b"\0")


def _read(answer: bytes) -> bool:
    said = answer.rstrip(b"\0").decode("utf-8", "replace").strip()
    if said == "stream: OK":
        return False
    if said.endswith(" FOUND"):
        return True
    raise ScannerAway(said)
