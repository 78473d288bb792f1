"""The scanner's daemon: what is sent to it, and what each of its answers means; no answer is never 'clean'."""

import pytest

from internships.core.files import clamav
from internships.core.files.clamav import ScannerAway
from tests.scanner import INFECTED, scanner

__all__ = ["scanner"]


async def test_a_clean_file_is_clean_and_arrives_whole(scanner):
    content = bytes(range(256)) * 1000

    async with scanner() as heard:
        assert await clamav.is_infected(content) is False

    assert heard == [content]


async def test_a_virus_is_found(scanner):
    async with scanner(answer=b"stream: Eicar-Test-Signature FOUND"):
        assert await clamav.is_infected(INFECTED) is True


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: OK maybe", b"\xff\xfe"])
async def test_any_other_answer_is_no_answer(scanner, answer):
    async with scanner(answer=answer):
        with pytest.raises(ScannerAway):
            await clamav.is_infected(b"x")


async def test_a_scanner_that_is_down_is_away(scanner):
    async with scanner():
        pass
    async with scanner(listens=False):
        with pytest.raises(ScannerAway):
            await clamav.is_infected(b"x")


async def test_a_slow_one_is_not_waited_for(scanner, monkeypatch):
    monkeypatch.setattr(clamav, "ANSWERING", 0.2)

    async with scanner(answer=None):
        with pytest.raises(ScannerAway):
            await clamav.is_infected(b"x")


async def test_one_that_hangs_up_is_away(scanner):
    async with scanner(hangs_up=True):
        with pytest.raises(ScannerAway):
            await clamav.is_infected(bytes(2_000_000))


async def test_its_socket_may_be_a_file(tmp_path, scanner):
    async with scanner(at=str(tmp_path / "clamd.sock")) as heard:
        assert await clamav.is_infected(b"x") is False

    assert heard == [b"x"]


async def test_without_a_scanner_nothing_is_asked():
    assert await clamav.is_infected(INFECTED) is False
