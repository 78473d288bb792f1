"""One's own account: names, looks, password, devices."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.models import Person, Session
from internships.core import clock as time
from internships.core.db import read
from internships.core.models import History

PASSWORD = "seven herons over wet slate"
NEW = "paper lanterns drift past basalt"
ANSWERS = {"version": "1", "full_name": "Amina Okello", "locale": "en", "zone": "UTC", "theme": "auto"}


async def test_names_language_zone_and_looks_are_kept(as_amina, amina):
    wanted = {"full_name": "أمينة أوكيلو", "called": "Amina", "latin_name": "Amina Okello", "locale": "fr"}
    response = await as_amina.post("/account", data=ANSWERS | wanted | {"zone": "africa/kampala", "theme": "dark"})

    assert response.headers["location"] == "/fr/account"
    shown = await as_amina.get("/account")
    assert 'data-theme="dark"' in shown.text
    assert 'value="Africa/Kampala"' in shown.text
    async with read() as db:
        kept = (await db.execute(select(Person.full_name, Person.folded_name, Person.locale))).one()
        trace = (await db.execute(select(History.what, History.detail))).one()
    assert kept.full_name == "أمينة أوكيلو"
    assert "amina okello" in kept.folded_name
    assert kept.locale == "fr"
    assert trace.what == "person.change"
    assert "full_name" in trace.detail["fields"]
    assert "Okello" not in str(trace.detail)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("full_name", "", "Enter your full name"),
        ("full_name", "x" * 201, "Enter your full name"),
        ("full_name", "\N{ZERO WIDTH JOINER} \N{HANGUL FILLER}\N{BRAILLE PATTERN BLANK}", "Enter your full name"),
        ("zone", "Middle/Earth", "Choose a time zone"),
        ("locale", "tlh", "Choose one of the options."),
        ("theme", "pink", "Choose one of the options."),
        ("called", "a\x00b", "Type it again."),
        ("email", "other@example.org", "The page has changed."),
    ],
)
async def test_wrong_answers_are_said_and_nothing_is_lost(as_amina, name, typed, words):
    response = await as_amina.post("/account", data=ANSWERS | {"latin_name": "Amina O."} | {name: typed})

    assert response.status_code == 422
    assert words.replace("'", "&#39;") in response.text
    assert 'value="Amina O."' in response.text


async def test_who_saves_second_is_told(as_amina):
    await as_amina.post("/account", data=ANSWERS | {"called": "A"})

    late = await as_amina.post("/account", data=ANSWERS | {"called": "B", "theme": "dark"})

    assert late.status_code == 409
    assert ">A</blockquote>" in late.text
    assert 'name="called" type="text" dir="auto" value="B"' in late.text
    assert 'type="radio" name="theme" value="dark" checked' in late.text
    assert "Full name" not in late.text  # it is the same in both
    version = late.text.split('name="version" value="')[1].split('"')[0]

    again = await as_amina.post("/account", data=ANSWERS | {"called": "B", "theme": "dark", "version": version})

    assert again.headers["location"] == "/en/account"
    assert 'value="B"' in (await as_amina.get("/account")).text


async def test_a_page_has_three_statements_however_many_devices(as_amina, amina_with_password, visitor, statements):
    with statements() as few:
        await as_amina.get("/account")
    for _ in range(2):
        await visitor.post("/sign-in", data={"email": amina_with_password.actor.email, "password": PASSWORD})
    with statements() as many:
        await as_amina.get("/account")

    assert len(few) == len(many) == 3


async def test_a_lost_device_is_signed_out_from_another(as_amina, amina_with_password, visitor, as_ingrid, ingrid):
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 9) Gecko/120.0 Firefox/120.0"}
    sent = {"email": amina_with_password.actor.email, "password": PASSWORD}
    await visitor.post("/sign-in", data=sent, headers=agent)
    assert "Firefox, Android" in (await as_amina.get("/account")).text
    async with read() as db:
        lost = await db.scalar(select(Session.id).where(Session.device == "Firefox, Android"))

    assert (await as_ingrid.post(f"/account/sessions/{lost}/end")).status_code == 404
    assert (await as_amina.post(f"/account/sessions/{ingrid.actor.session_id}/end")).status_code == 404
    assert (await visitor.get("/account")).status_code == 200
    assert (await as_amina.post(f"/account/sessions/{lost}/end")).status_code == 303

    assert (await visitor.get("/account")).status_code == 303
    assert (await as_amina.get("/account")).status_code == 200


async def test_everywhere_else_is_signed_out_at_once(as_amina, amina_with_password, visitor):
    await visitor.post("/sign-in", data={"email": amina_with_password.actor.email, "password": PASSWORD})

    await as_amina.post("/account/sessions/end")

    assert (await visitor.get("/account")).status_code == 303
    assert (await as_amina.get("/account")).status_code == 200


async def test_a_password_is_changed_with_the_current_one(as_amina, amina_with_password, visitor, letter_to):
    await visitor.post("/sign-in", data={"email": amina_with_password.actor.email, "password": PASSWORD})

    response = await as_amina.post("/account/password", data={"current": PASSWORD, "password": NEW})

    assert response.headers["location"] == "/en/account"
    assert as_amina.cookies["session"] != amina_with_password.session
    assert (await as_amina.get("/account")).status_code == 200
    assert (await visitor.get("/account")).status_code == 303
    assert "was changed" in (await letter_to(amina_with_password.actor.email)).body


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("not the current one", NEW, "This is not your current password."),
        (PASSWORD, "short", "Use 15 characters or more."),
        (PASSWORD, "amina.okello@example.org", "easy to guess"),
        ("", "", "Enter your password."),
    ],
)
async def test_a_password_is_not_changed(as_amina, amina_with_password, visitor, current, new, words):
    response = await as_amina.post("/account/password", data={"current": current, "password": new})

    assert response.status_code == 422
    assert words in response.text
    sent = {"email": amina_with_password.actor.email, "password": PASSWORD}
    assert (await visitor.post("/sign-in", data=sent)).status_code == 303


async def test_guessing_the_current_password_is_slowed_down(as_amina, amina_with_password):
    answers = [
        (await as_amina.post("/account/password", data={"current": "wrong", "password": NEW})).status_code
        for _ in range(11)
    ]

    assert answers == [422] * 10 + [429]


async def test_tries_count_whatever_the_new_password_is(as_amina, amina_with_password):
    sent = {"current": "wrong", "password": "passwordpassword"}
    answers = [await as_amina.post("/account/password", data=sent) for _ in range(11)]

    assert [each.status_code for each in answers] == [422] * 10 + [429]
    assert "easy to guess" not in answers[0].text


async def test_on_a_shared_device_a_new_password_keeps_the_end_of_the_session(visitor, amina_with_password, clock):
    sent = {"email": amina_with_password.actor.email, "password": PASSWORD, "shared": "yes"}
    await visitor.post("/sign-in", data=sent)
    clock.shift(timedelta(hours=2))

    response = await visitor.post("/account/password", data={"current": PASSWORD, "password": NEW})

    kept = response.headers.get_list("set-cookie")
    assert [each for each in kept if each.startswith("session=") and "max-age" not in each.lower()]
    async with read() as db:
        ends_at = await db.scalar(select(Session.ends_at).order_by(Session.id.desc()).limit(1))
    assert ends_at == time.now() + timedelta(hours=10)


async def test_strangers_are_sent_to_sign_in(visitor):
    for path in ("/account", "/account/password"):
        response = await visitor.get(path)
        assert response.status_code == 303
        assert "/sign-in?next=" in response.headers["location"]
    for path in ("/account", "/account/password"):
        assert (await visitor.post(path)).headers["location"].startswith("/en/sign-in?next=")
    for path in ("/account/sessions/1/end", "/account/sessions/end", "/switch"):
        assert (await visitor.post(path)).headers["location"] == "/en/sign-in"


async def test_the_zone_of_a_new_account_is_unknown_until_it_is_chosen(as_amina):
    unknown = await as_amina.get("/account?zone=Africa/Kampala")
    assert 'name="zone" type="text" class="width-30" value="Africa/Kampala"' in unknown.text
    assert 'value="nonsense"' not in (await as_amina.get("/account?zone=nonsense")).text

    await as_amina.post("/account", data=ANSWERS | {"zone": "UTC"})

    assert 'value="Etc/UTC"' in (await as_amina.get("/account")).text


async def test_a_zone_can_be_left_out(as_amina, amina):
    answers = {name: value for name, value in ANSWERS.items() if name != "zone"}

    assert (await as_amina.post("/account", data=answers)).status_code == 303
    assert 'name="zone" type="text" class="width-30" value=""' in (await as_amina.get("/account")).text
