"""From which address a request comes."""

from types import SimpleNamespace

import pytest
from litestar.datastructures import Headers

from internships.core.settings import Settings, WrongSetting, settings
from internships.web import client

PROXIES = "10.0.0.0/8, 192.0.2.7, 2001:db8::/32"


def coming(peer, forwarded=None):
    """A request as far as its address goes."""
    lines = forwarded.split("\n") if forwarded else []
    headers = Headers([(b"x-forwarded-for", line.encode()) for line in lines])
    return SimpleNamespace(client=SimpleNamespace(host=peer) if peer else None, headers=headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("198.51.100.1", None, "198.51.100.1"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "1.1.1.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
        ("10.1.2.3", "1.1.1.1\n203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "1.1.1.1\n203.0.113.9, 192.0.2.7", "203.0.113.9"),
        ("198.51.100.1", "1.1.1.1\n203.0.113.9", "198.51.100.1"),
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "not an address", "unknown"),
        ("2001:db8::1", "2a00:1234:5678:9abc:1:2:3:4", "2a00:1234:5678:9abc::"),
        ("", None, "unknown"),
        (None, "203.0.113.9", "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(monkeypatch, peer, forwarded, found):
    monkeypatch.setattr(client, "settings", lambda: settings().model_copy(update={"trusted_proxies": PROXIES}))

    assert client.address_of(coming(peer, forwarded)) == found


def test_without_a_proxy_nobody_is_believed():
    assert client.address_of(coming("127.0.0.1", "203.0.113.9")) == "127.0.0.1"


def test_a_proxy_that_is_no_address_stops_the_start(monkeypatch):
    monkeypatch.setenv("INTERNSHIPS_TRUSTED_PROXIES", "10.0.0.0/8, caddy")
    settings.cache_clear()
    with pytest.raises(WrongSetting, match=r"INTERNSHIPS_TRUSTED_PROXIES.*caddy"):
        settings()
    monkeypatch.undo()
    settings.cache_clear()
    assert isinstance(settings(), Settings)
