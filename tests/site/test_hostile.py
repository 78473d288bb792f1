"""Whatever is sent to any form, by whom it is for: the answer is a page in words, never an error of ours."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.routes import HTTPRoute
from sqlalchemy import select

from internships.accounts.models import Membership, Person
from internships.app import create_site
from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.core.db import read
from internships.core.settings import settings as of
from internships.reserves.models import Position
from internships.reviews.models import Review
from internships.sample.calendar import Phase
from internships.web import csrf
from internships.web.allow import listed
from internships.web.forms import Form
from internships.web.outer import HEADERS
from tests.site.conftest import Everybody, NewSite
from tests.site.test_matrix import PARAMETER
from tests.site.walking import MASKED, Things, addresses, things
from tests.visitor import Visitor

WHO = {"applicant": "applicant-a", "host": "host-a", "reviewer": "reviewer-a", "staff": "staff-a", "admin": "admin"}
ENDS_THE_SESSION = {"/sign-out", "/switch", "/account/password"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NASTY = [
    "", " ", "\x00", "a\x07b", "\u202e", "x" * 300, "-1", "0", "1", "9" * 30, "-9223372036854775809", "1e9", "NaN",
    "2026-02-31", "0000-00-00", "99999-12-31", "yes", "en", "٣", "made up", "%s", "{{ 7 * 7 }}", "<script>", "'; --",
]  # fmt: skip
MEGABYTE = "x" * 1_000_000
BOUNDARY = {"Content-Type": "multipart/form-data; boundary=x"}
DAMAGED: dict[str, tuple[bytes, dict[str, str]]] = {
    "a lone surrogate": (b"name=%ED%A0%80&text=%ED%A0%80", FORM),
    "bytes that are no text": (b"name=%FF%FE", FORM),
    "bytes that are not encoded": (b"name=\xff\xfe", FORM),
    "multipart without an end": (b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nbroken", BOUNDARY),
    "multipart without a boundary": (b"--x--", {"Content-Type": "multipart/form-data"}),
    "a part without a name": (b"--x\r\n\r\nlost\r\n--x--\r\n", BOUNDARY),
    "JSON": (b'{"name": "Amina"}', {"Content-Type": "application/json"}),
    "plain text": (b"name=Amina", {"Content-Type": "text/plain"}),
    "1,001 fields": ("&".join(f"f{n}=1" for n in range(1001)).encode(), FORM),
    "three megabytes": (b"name=" + b"x" * 3_000_000, FORM),
}


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """The fields that each address knows, from the models that its handler names."""
    found: dict[str, tuple[str, ...]] = {}
    for route in create_site().routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if "POST" not in handler.http_methods:
                continue
            known = handler.fn.__globals__
            named = [known.get(name) for name in handler.fn.__code__.co_names]
            models = [each for each in named if _is_form(each)]
            models = models or [each for each in known.values() if _is_form(each)]
            found[route.path] = tuple(dict.fromkeys(name for model in models for name in model.model_fields))
    return found


@cache
def _asked() -> dict[str, tuple[str, ...]]:
    """What each page may be asked in its address: the fields of its filter, and the names that its handler spells."""
    found: dict[str, tuple[str, ...]] = {}
    for route in create_site().routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if "GET" in handler.http_methods:
                code, known = handler.fn.__code__, handler.fn.__globals__
                spelled = [name for name in code.co_consts if isinstance(name, str) and name.isidentifier()]
                models = [known.get(name) for name in code.co_names]
                fields = [name for each in models if _is_form(each) for name in each.model_fields]
                found[route.path] = (*spelled, *fields)
    return found


def _is_form(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, Form)


def _posts(allowed: str | None = None) -> list[dict[str, Any]]:
    return [
        entry
        for entry in listed(create_site())
        if entry["method"] == "POST"
        and entry["path"] not in ENDS_THE_SESSION
        and (not allowed or allowed in entry["allow"])
    ]


def _by(entry: dict[str, Any], site: Everybody) -> Visitor:
    """Somebody whose form it is."""
    who = next((WHO[role] for role in WHO if role in entry["allow"]), None)
    return site[who or ("applicant-a" if "signed in" in entry["allow"] else "nobody")]


def _odd(fields: tuple[str, ...]) -> Iterator[list[tuple[str, str]]]:
    """Forms that are wrong in one way each."""
    yield [(name, "\x00") for name in fields]
    yield [(name, "9" * 30) for name in fields]
    yield [(name, "2026-02-31") for name in fields]
    yield [(name, value) for name in fields for value in ("1", "2")]
    yield [*((name, "1") for name in fields), ("state", "accepted"), ("person_id", "1")]
    yield [(name, MEGABYTE if name == fields[-1] else "1") for name in fields]


def _wrong(page: httpx.Response) -> list[str]:
    """What is not as it should be in an answer to something odd."""
    if page.status_code < 400:
        return []
    in_words = page.headers["content-type"].startswith("text/html") and re.search(r"<(h1|p|span)>?", page.text)
    return [] if page.status_code < 500 and in_words else [f"{page.status_code} {page.text[:200]}"]


async def _sent(site: Everybody, known: Things, entry: dict[str, Any], most: int = 1, **body: Any) -> list[Any]:
    browser = _by(entry, site)
    return [await browser.post(address, **body) for address in addresses(entry["path"], known)[:most]]


async def test_odd_values_are_answered_in_words(new_site: NewSite):
    site, wrong = await new_site(Phase.REVIEW), []
    known = await things()

    for entry in _posts():
        for odd in _odd((*_forms()[entry["path"]], "unknown", "once")):
            for page in await _sent(site, known, entry, content=urlencode(odd), headers=FORM):
                wrong += [f"{page.url.path} {str(odd)[:100]}: {found}" for found in _wrong(page)]

    assert not wrong, "\n".join(wrong)


async def test_damaged_forms_are_answered_in_words(new_site: NewSite):
    site, wrong = await new_site(Phase.OFFERS), []
    known = await things()

    for entry in _posts():
        for how, (content, headers) in DAMAGED.items():
            for page in await _sent(site, known, entry, content=content, headers=headers):
                wrong += [f"{page.url.path} with {how}: {found}" for found in _wrong(page)]

    assert not wrong, "\n".join(wrong)


def test_any_values_are_answered_in_words(new_site: NewSite, run):
    site = run(new_site(Phase.REVIEW))
    known = run(things())
    posts = _posts()

    @settings(max_examples=80)
    @given(st.data())
    def send(data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(posts))
        names = st.sampled_from([*_forms()[entry["path"]], "version", "unknown", "once"])
        pairs = data.draw(st.lists(st.tuples(names, st.sampled_from(NASTY) | st.text(max_size=20)), max_size=9))
        body = urlencode(pairs, errors="surrogatepass")
        for page in run(_sent(site, known, entry, most=2, content=body, headers=FORM)):
            assert not _wrong(page), _wrong(page)

    send()


ODD_REFS = ["中", "\r\nX-Planted: yes", "\x00", "%", "?a=b#c", "x" * 3000, "9" * 25, "-1"]


@pytest.mark.parametrize("way", [{}, {"HX-Request": "true"}])
async def test_odd_references_are_answered_in_words(new_site: NewSite, way: dict[str, str]):
    site, wrong = await new_site(Phase.OFFERS), []

    for entry in listed(create_site()):
        for odd in ODD_REFS if "{" in str(entry["path"]) and "{path" not in str(entry["path"]) else ():
            address = PARAMETER.sub(quote(odd, safe=""), str(entry["path"]))
            for data in ({}, {"version": "x"}, {"seen": "x", "tie": "yes"}) if entry["method"] == "POST" else ({},):
                page = await _by(entry, site).request(entry["method"], address, data=data or None, headers=way)
                found = _wrong(page) + ["a header of theirs"] * ("x-planted" in page.headers)
                wrong += [f"{entry['method']} {entry['path']} {odd[:20]!r} {data}: {each}" for each in found]

    assert not wrong, "\n".join(wrong)


async def _foreign() -> dict[str, dict[str, str]]:
    """Things that exist and belong to the second account of the role."""
    async with read() as db:

        async def one(asked: Any) -> str:
            return str(await db.scalar(asked.limit(1)))

        theirs = select(Application.id).join(Person, Person.id == Application.person_id)
        theirs = theirs.where(Person.email == "applicant-b@example.org").scalar_subquery()
        reader = select(Person.id).where(Person.email == "reviewer-b@example.org").scalar_subquery()
        host = select(Membership.reserve_id).join(Person, Person.id == Membership.person_id)
        host = host.where(Person.email == "host-b@example.org").scalar_subquery()
        wished = select(Choice.ref).join(Position, Position.id == Choice.position_id).where(Position.reserve_id == host)
        return {
            "applicant-a": {
                "/application/studies": await one(select(Study.ref).where(Study.application_id == theirs)),
                "/application/languages": await one(
                    select(LanguageSkill.ref).where(LanguageSkill.application_id == theirs)
                ),
                "/application/experience": await one(select(Experience.ref).where(Experience.application_id == theirs)),
                "/application/choices": await one(select(Choice.ref).where(Choice.application_id == theirs)),
            },
            "host-a": {
                "/host/positions": await one(select(Position.ref).where(Position.reserve_id == host)),
                "/host/candidates": await one(wished),
            },
            "reviewer-a": {"/reviews": await one(select(Review.ref).where(Review.person_id == reader))},
        }


async def test_odd_questions_are_answered_in_words(new_site: NewSite):
    site, known, wrong = await new_site(Phase.OFFERS), await things(), []

    for entry in listed(create_site()):
        if entry["method"] != "GET":
            continue
        for value in ("\x00", "9" * 30, "2026-02-31", "%FF", "x" * 3000):
            asked = dict.fromkeys([*_asked()[entry["path"]], "unknown"], value)
            for address in addresses(str(entry["path"]), known)[:1]:
                page = await _by(entry, site).get(address, params=asked)
                wrong += [f"{address} asked {value[:40]!r}: {found}" for found in _wrong(page)]

    assert not wrong, "\n".join(wrong)


async def test_what_is_not_yours_reads_like_what_does_not_exist(new_site: NewSite):
    site, wrong, asked = await new_site(Phase.REVIEW), [], 0
    foreign = await _foreign()

    for entry in listed(create_site()):
        for who, theirs in foreign.items():
            start = next((place for place in theirs if str(entry["path"]).startswith(f"{place}/{{ref:str}}")), None)
            if start is None:
                continue
            asked += 1
            answers = []
            for ref in (theirs[start], "ZZZZZZZZZZ"):
                address = str(entry["path"]).replace("{ref:str}", ref)
                data = {"version": "1"} if entry["method"] == "POST" else None
                page = await site[who].request(entry["method"], address, data=data)
                answers.append((page.status_code, MASKED.sub("", page.text).replace(ref, "")))
            if answers[0] != answers[1]:
                wrong.append(f"{who} {entry['method']} {entry['path']}: {answers[0][0]}, {answers[1][0]}")

    assert not wrong, "\n".join(wrong)
    assert asked > 20


async def test_every_answer_has_the_headers(new_site: NewSite):
    site, known, wrong = await new_site(Phase.OFFERS), await things(), []
    anybody = site["nobody"]

    async def check(page: httpx.Response) -> None:
        lacking = [name.decode() for name, value in HEADERS if page.headers.get(name.decode()) != value.decode()]
        kept = "public" in page.headers.get("cache-control", "") and page.request.headers.get("cookie", "").count(
            "session="
        )
        if lacking or kept or "server" in page.headers:
            wrong.append(f"{page.request.method} {page.url.path} {page.status_code}: {lacking} {kept}")

    for entry in listed(create_site()):
        for address in addresses(str(entry["path"]), known)[:1]:
            await check(await _by(entry, site).request(str(entry["method"]), address))
            await check(await anybody.request(str(entry["method"]), address))
    for address in ("/nowhere", "/", "/positions"):
        await check(await anybody.request("HEAD", address))
    for address in ("/static/nothing.css", "/", "/favicon.ico", "/healthz", "/nowhere"):
        await check(await anybody.get(f"{of().site}{address}"))
    await check(await anybody.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}))
    await check(await anybody.request("DELETE", "/account"))
    await check(await anybody.request("TRACE", "/"))

    assert not wrong, "\n".join(wrong)


async def test_a_form_without_our_token_changes_nothing(new_site: NewSite):
    site, known, wrong = await new_site(Phase.OFFERS), await things(), []
    stranger = site["applicant-b"].token()

    for entry in listed(create_site()):
        if entry["method"] != "POST":
            continue
        browser = _by(entry, site)
        # Somebody got a cookie of their choice into the browser; with a session it proves nothing.
        browser.plant("visitor", "planted")
        planted = Visitor(site["nobody"]._transport.app)
        planted.plant("visitor", "planted")
        for token in ("", "x", "é", stranger, planted.token()):
            if token == planted.token() and browser is site["nobody"]:
                continue
            for address in addresses(str(entry["path"]), known)[:1]:
                page = await browser.post(address, data={csrf.FIELD: token})
                if str(entry["path"]).startswith("/application/documents") and page.status_code in {404, 409}:
                    continue  # whether a file may be given at all is asked before anything is read
                if page.status_code != 400 or "Go back, load it again" not in page.text:
                    wrong.append(f"{address} with {token!r}: {page.status_code}")

    assert not wrong, "\n".join(wrong)
