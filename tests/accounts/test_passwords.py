"""How passwords are kept, and how many at a time."""

import asyncio
import threading
import time

import pytest
from structlog.testing import capture_logs

from internships.accounts import passwords
from internships.core.faults import Busy

GOOD = "seven herons over wet slate"


async def test_what_is_kept_is_argon2id_with_our_costs():
    assert (await passwords.hash_of(GOOD)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(("kept", "typed"), [("ﬁve ﬂags of Å", "five flags of Å"), ("e\u0301tude", "étude")])
async def test_the_same_letters_are_the_same_password_however_they_are_typed(kept, typed):
    assert await passwords.fits(await passwords.hash_of(kept), typed)


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
async def test_nothing_fits_what_is_no_hash(kept):
    assert not await passwords.fits(kept, GOOD)


@pytest.mark.parametrize(
    "easy",
    ["passwordpassword", "qwertyuiopasdfghjkl", "aaaaaaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "12345678901234567890",
     "internships-2026!", "mountainbiosphere", "Amina.Okello.2001", "amina.okello@example.org", "iloveyouiloveyou"],
)  # fmt: skip
async def test_an_easy_password_is_recognised(easy):
    assert await passwords.is_easy(easy, "amina.okello@example.org", "Amina Okello")


@pytest.mark.parametrize(
    "hard",
    [
        GOOD,
        "Мой дядя самых честных правил",
        "q9f8h3k2l5j7s6d4f1g0",
        "بيت صغير فوق جبل بعيد",
        "山高月小水落石出江流有声断岸千尺",
    ],
)
async def test_a_password_that_is_hard_to_guess_is_taken(hard):
    assert not await passwords.is_easy(hard, "amina.okello@example.org", "Amina Okello")


SIGNS = "4@8({[<3691!|105$7+%2"
HOSTILE = [
    SIGNS * 4, "@4" * 36, "p4$$w0rd" * 9, "aA4@bB8cC(eE3gG6iI1!lL|oO0sS5$tT7+xX%zZ2" * 2, "1" * 72, "19991231" * 9,
    "password1234" * 6, "qwertyuiopasdfghjkl" * 4, "abcdefghijklmnopqrstuvwxyz0123456789" * 2, "1!|7il" * 12,
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_password_costs_much_to_judge(hostile):
    passwords.easy_now(GOOD)
    begun = time.process_time()

    passwords.easy_now(hostile, ("a@example.org", "Name Of Someone " * 12))

    assert time.process_time() - begun < 0.5


def test_signs_for_letters_make_an_easy_password_no_harder():
    assert passwords.easy_now("p4$$w0rd!p4$$w0rd!")
    assert passwords.easy_now("(8[4" * 6)
    assert not passwords.easy_now("4[8(%2|6@+{!7<3$9")


async def test_who_signs_in_does_not_wait_behind_passwords_that_are_chosen():
    judged = [asyncio.create_task(passwords.is_easy(SIGNS * 4)) for _ in range(passwords.MOST_JUDGED)]
    await asyncio.sleep(0)

    await passwords.fits(None, GOOD)

    assert sum(each.done() for each in judged) < passwords.MOST_JUDGED / 2
    with pytest.raises(Busy):
        await asyncio.gather(*(passwords.is_easy(GOOD) for _ in range(passwords.MOST_JUDGED + 1)))
    await asyncio.gather(*judged)


async def test_as_many_hashes_at_a_time_as_there_are_cores_and_the_queue_ends(monkeypatch):
    monkeypatch.setattr(passwords, "MOST_WAITING", passwords.THREADS + 2)
    free, running, most = threading.Event(), [], []

    def slow():
        running.append(1)
        most.append(len(running))
        free.wait(5)
        running.pop()

    waiting = [asyncio.create_task(passwords._in_a_thread(slow)) for _ in range(passwords.THREADS + 2)]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await passwords._in_a_thread(slow)
    free.set()
    await asyncio.gather(*waiting)

    assert max(most) == passwords.THREADS
    await passwords._in_a_thread(lambda: None)


async def test_when_the_queue_is_full_people_are_asked_to_come_back(visitor, monkeypatch):
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)

    with capture_logs() as told:
        response = await visitor.post("/sign-in", data={"email": "a@example.org", "password": GOOD})

    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert [(line["event"], line["because"]) for line in told] == [("busy", "Busy")]
