"""The rules of accounts, with nothing running."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from internships.accounts.rules import (
    MAY_INVITE,
    Actor,
    Role,
    device_of,
    email_key,
    may_disable,
    may_end,
    may_invite,
    needs_latin,
    wait,
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Amina@Example.ORG", "amina@example.org"),
        ("  a.b+c@sub.example.org ", "a.b+c@sub.example.org"),
        ("zoé@exämple.org", "zoé@xn--exmple-cua.org"),
        ("a\uff20example.org", "a@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
    ],
)
def test_an_address_has_one_key(typed, key):
    assert email_key(typed) == key
    assert email_key(key) == key


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_whatever_is_typed_is_an_address_or_refused(typed):
    try:
        key = email_key(typed)
    except ValueError:
        return
    assert key.count("@") == 1
    assert len(key) <= 254
    assert email_key(key) == key


@given(now=st.integers(1, 101), before=st.integers(0, 100), elapsed=st.floats(0, 299.9), tries=st.integers(1, 100))
def test_a_wait_ends_within_two_windows_and_after_it_the_try_is_let_through(now, before, elapsed, tries):
    now, before, seconds = min(now, tries + 1), min(before, tries), 300.0

    waited = wait(tries, now, before, elapsed, seconds)

    assert 0 <= waited <= 2 * seconds
    later = elapsed + waited
    if later < seconds:
        assert wait(tries, now, before, later, seconds) == 0
    elif later < 2 * seconds:
        assert wait(tries, 1, now - 1, later - seconds, seconds) == 0


def test_within_the_limit_nobody_waits():
    assert [wait(10, now, 0, 0.0, 300) for now in range(1, 11)] == [0] * 10
    assert wait(10, 11, 0, 0.0, 300) == 330
    assert wait(10, 1, 10, 0.0, 300) == 30


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; SM-J330) AppleWebKit/537 SamsungBrowser/19 Chrome/102",
            "Samsung Internet, Android",
        ),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_as_people_say_it(said, device):
    assert device_of(said) == device


@pytest.mark.parametrize(
    ("name", "needed"), [("Amina Okello", False), ("Đặng Thị", False), ("李小龙", True), ("Анна", True), ("", False)]
)
def test_a_latin_spelling_is_asked_for_other_scripts_alone(name, needed):
    assert needs_latin(name) is needed


def test_nobody_gives_or_takes_more_than_they_may():
    for role in Role:
        for other in Role:
            actor = Actor(1, role)
            assert may_invite(role, other) == (other in MAY_INVITE.get(role, ()))
            assert not may_end(actor, 1, other)
            assert may_end(actor, 2, other) == (role == Role.ADMIN or may_invite(role, other))
        assert may_disable(Actor(1, role), 2) == (role == Role.ADMIN)
        assert not may_disable(Actor(1, role), 1)
    assert not any(Role.CLOCK in given or Role.APPLICANT in given for given in MAY_INVITE.values())
