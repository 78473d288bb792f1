"""A mail server that does what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from internships.core.settings import settings


class MailServer:
    """Takes mail, unless told otherwise: `refuses` is its answer to a recipient, `takes` seconds to a message."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.port = 0
        self.refuses = ""
        self.takes = 0.0
        self.loses_answers = 0
        self.busy = asyncio.Event()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        self.busy.set()
        await asyncio.sleep(self.takes)
        self.taken.append(envelope.content.decode())
        if self.loses_answers:
            self.loses_answers -= 1
            server.transport.abort()
        return "250 OK"


@pytest.fixture
async def mail_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    """The mail server that the program is set to use."""
    server = MailServer()
    listening = await asyncio.get_running_loop().create_server(lambda: SMTP(server, hostname="mail"), "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    monkeypatch.setenv("INTERNSHIPS_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("INTERNSHIPS_SMTP_PORT", str(server.port))
    settings.cache_clear()
    yield server
    listening.close()
    monkeypatch.undo()
    settings.cache_clear()
