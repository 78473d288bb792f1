"""Registering, signing in by link, and a new password: what the letters' links do."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from internships.accounts.actions import people
from internships.accounts.actions.sessions import forget_links
from internships.accounts.models import Membership, OneTimeLink, Person, Session
from internships.accounts.rules import Role
from internships.core import mail
from internships.core.db import read
from internships.core.ids import hashed
from internships.core.models import History, Job, Letter
from internships.core.settings import settings
from internships.core.writing import write

PASSWORD = "seven herons over wet slate"
NEW = "paper lanterns drift past basalt"


def link_in(letter):
    return "/link/" + re.search(r"/link/(\S+)", letter.body).group(1)


@pytest.fixture
async def registration(visitor, letter_to):
    """The link that somebody new was sent."""
    await visitor.post("/register", data={"email": "Zoé@Exämple.org"})
    return link_in(await letter_to("zoé@xn--exmple-cua.org"))


async def count(model, *where):
    async with read() as db:
        return await db.scalar(select(func.count()).select_from(model).where(*where))


async def test_registering_ends_signed_in_as_an_applicant(visitor, registration):
    page = await visitor.get(registration)
    assert page.status_code == 200
    assert "Who are you?" in page.text

    response = await visitor.post(registration, data={"full_name": "Zoé  Đặng", "called": "Zoé", "password": NEW})

    assert response.headers["location"] == "/en/application"
    account = await visitor.get("/account")
    assert "Zoé" in account.text
    async with read() as db:
        held = (
            await db.execute(
                select(Membership.role, Person.folded_name).join(Person, Person.id == Membership.person_id)
            )
        ).all()
    assert [role for role, _ in held] == [Role.APPLICANT]
    assert "zoe" in held[0].folded_name
    assert await count(History, History.what == "person.sign_in") == 1


async def test_a_registration_needs_no_password(visitor, registration):
    assert (await visitor.post(registration, data={"full_name": "Zoé"})).status_code == 303
    assert "None: you sign in with links by mail" in (await visitor.get("/account")).text


async def test_opening_a_link_does_nothing(visitor, registration):
    await visitor.get(registration)
    await visitor.get(registration)

    assert await count(Session) == 0
    assert (await visitor.post(registration, data={"full_name": "Zoé"})).status_code == 303


async def test_what_is_wrong_with_a_registration_is_said_and_nothing_is_lost(visitor, registration):
    response = await visitor.post(registration, data={"full_name": "Zoé", "called": "Z", "password": "short"})

    assert response.status_code == 422
    assert "Use 15 characters or more." in response.text
    assert 'value="Zoé"' in response.text
    assert "short" not in response.text
    assert (await visitor.post(registration, data={"full_name": ""})).status_code == 422
    assert (await visitor.post(registration, data={"full_name": "Zoé"})).status_code == 303


@pytest.mark.parametrize("easy", ["passwordpassword", "zoezoezoezoezoezoe", "mountaininternship", "123456789012345678"])
async def test_an_easy_password_is_refused(visitor, registration, easy):
    response = await visitor.post(registration, data={"full_name": "Zoé", "password": easy})

    assert response.status_code == 422
    assert "easy to guess" in response.text


async def test_a_link_works_once(visitor, registration):
    await visitor.post(registration, data={"full_name": "Zoé"})

    assert (await visitor.get(registration)).status_code == 404
    again = await visitor.post(registration, data={"full_name": "Mallory"})
    assert again.status_code == 404
    assert "does not work any more" in again.text


async def test_a_link_works_for_an_hour(visitor, registration, clock):
    clock.shift(timedelta(minutes=59))
    assert (await visitor.get(registration)).status_code == 200

    clock.shift(timedelta(minutes=1))

    assert (await visitor.get(registration)).status_code == 404
    assert (await visitor.post(registration, data={"full_name": "Zoé"})).status_code == 404


async def test_only_the_hash_of_a_link_is_kept(registration):
    token = registration.rpartition("/")[2]

    assert await count(OneTimeLink, OneTimeLink.token_hash == hashed(token)) == 1
    assert await count(OneTimeLink, OneTimeLink.token_hash == token) == 0


async def test_a_letter_that_left_does_not_keep_its_link(monkeypatch):
    context = {"secret": "the-token", "known_before": False}
    assert mail.without_secret(context, "…/link/the-token\n")["body"].count("the-token") == 1

    monkeypatch.setattr(mail, "settings", lambda: settings().model_copy(update={"dev": False}))

    kept = mail.without_secret(context, "…/link/the-token\n")
    assert "the-token" not in str(kept)


@pytest.mark.parametrize(("path", "known"), [("/register", True), ("/sign-in/link", False), ("/reset", False)])
async def test_known_and_unknown_people_are_answered_alike(visitor, amina_with_password, statements, path, known):
    with statements() as first:
        for_known = await visitor.post(path, data={"email": "amina.okello@example.org"})
    with statements() as second:
        for_unknown = await visitor.post(path, data={"email": "someone.else@example.org"})

    def without_what_differs(response):
        return re.sub(r'name="csrf" value="[^"]+"', "", response.text).replace("amina.okello", "someone.else")

    assert for_known.status_code == for_unknown.status_code == 200
    assert without_what_differs(for_known) == without_what_differs(for_unknown)
    assert first == second


@pytest.mark.parametrize("path", ["/sign-in/link", "/reset"])
async def test_nobody_unknown_is_written_to(visitor, letter_to, path):
    await visitor.post(path, data={"email": "nobody@example.org"})

    assert await letter_to("nobody@example.org") is None


async def test_who_registers_twice_is_led_to_sign_in(visitor, amina_with_password, letter_to):
    await visitor.post("/register", data={"email": "amina.okello@example.org"})

    letter = await letter_to("amina.okello@example.org")
    assert "You have one already." in letter.body
    response = await visitor.post(link_in(letter))

    assert response.headers["location"] == "/en/application"
    assert await count(Person) == 1


async def test_a_link_by_mail_signs_in_and_leads_back(visitor, amina, letter_to):
    asked = await visitor.get("/account/password")
    wanted = await visitor.get(asked.headers["location"].replace("/sign-in", "/sign-in/link"))
    carried = re.search(r'name="next" value="([^"]+)"', wanted.text).group(1)
    await visitor.post("/sign-in/link", data={"email": "amina.okello@example.org", "next": carried})

    response = await visitor.post(link_in(await letter_to("amina.okello@example.org")))

    assert response.headers["location"] == "/en/account/password"


@pytest.mark.only("postgresql")
async def test_a_link_that_is_used_while_the_password_is_changed_opens_nothing_and_keeps_nobody_waiting(
    visitor, amina, letter_to
):
    await visitor.post("/sign-in/link", data={"email": "amina.okello@example.org"})
    link = link_in(await letter_to("amina.okello@example.org"))
    async with write() as tx:
        person = await tx.take(Person, Person.id == amina.actor.person_id)
        using = asyncio.create_task(visitor.post(link))
        await asyncio.sleep(0.5)
        await forget_links(tx, person.id)

    assert (await using).status_code == 404
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 1  # the one before


async def test_a_link_for_one_purpose_does_nothing_else(visitor, amina_with_password, letter_to, clock):
    await visitor.post("/sign-in/link", data={"email": "amina.okello@example.org"})
    link = link_in(await letter_to("amina.okello@example.org"))

    await visitor.post(link, data={"password": NEW})

    response = await visitor.post("/sign-in", data={"email": "amina.okello@example.org", "password": PASSWORD})
    assert response.status_code == 303


async def test_a_new_password_signs_out_everywhere_else(visitor, as_amina, amina_with_password, letter_to):
    await visitor.post("/reset", data={"email": "amina.okello@example.org"})
    link = link_in(await letter_to("amina.okello@example.org"))

    response = await visitor.post(link, data={"password": NEW})

    assert response.status_code == 303
    assert (await as_amina.get("/account")).status_code == 303
    assert (await visitor.get("/account")).status_code == 200
    assert "was changed" in (await letter_to("amina.okello@example.org")).body
    await visitor.post("/sign-out")
    old = await visitor.post("/sign-in", data={"email": "amina.okello@example.org", "password": PASSWORD})
    new = await visitor.post("/sign-in", data={"email": "amina.okello@example.org", "password": NEW})
    assert (old.status_code, new.status_code) == (422, 303)


@pytest.mark.parametrize(("path", "tries"), [("/register", 3), ("/sign-in/link", 3), ("/reset", 5)])
async def test_letters_to_one_address_are_few(visitor, path, tries):
    answers = [(await visitor.post(path, data={"email": "nobody@example.org"})).status_code for _ in range(tries + 1)]

    assert answers == [200] * tries + [429]


async def test_a_job_that_is_repeated_writes_one_letter(visitor, amina, letter_to, clock):
    await visitor.post("/sign-in/link", data={"email": "amina.okello@example.org"})
    await letter_to("amina.okello@example.org")
    async with read() as db:
        job_id = await db.scalar(select(Job.id))

    from internships.accounts.jobs import write_link
    from internships.core.jobs import Claimed

    payload = {"purpose": "sign_in", "email": "amina.okello@example.org", "locale": "en", "back": None}
    outcome = await write_link(Claimed(job_id, "accounts.write_link", None, payload, 2))

    assert outcome == "written before"
    assert await count(Letter) == await count(OneTimeLink) == 1


@pytest.mark.parametrize(
    "typed", ["", "amina", "a@b", "a b@example.org", "a,b@example.org", '"a"@example.org', "a@exa mple.org", "@example.org",
              "a@@example.org", "a@-example.org", "x" * 250 + "@example.org", "a\u202eb@example..org", "a\x00@example.org"]
)  # fmt: skip
async def test_what_is_no_address_is_refused_in_words(visitor, typed):
    response = await visitor.post("/register", data={"email": typed})

    assert response.status_code == 422
    assert "Enter an e-mail address" in response.text or "can&#39;t be kept" in response.text


async def test_letters_are_in_the_language_of_the_page(visitor, app, letter_to):
    from tests.visitor import Visitor

    async with Visitor(app, language="ar") as somebody:
        await somebody.post("/register", data={"email": "a@example.org"})

    letter = await letter_to("a@example.org")
    assert letter.locale == "ar"
    assert "/ar/link/" in letter.body


@pytest.fixture
async def old_links(visitor, amina_with_password, letter_to):
    """Two links to a new password, and one to sign in."""
    found, email = [], {"email": amina_with_password.actor.email}
    for where in ("/reset", "/reset", "/sign-in/link"):
        await visitor.post(where, data=email)
        found.append(link_in(await letter_to(email["email"])))
    return found


async def test_a_new_password_closes_the_links_that_were_asked_for_before(visitor, old_links):
    response = await visitor.post(old_links[0], data={"password": NEW})

    assert response.status_code == 303
    for old in old_links:
        assert (await visitor.get(old)).status_code == 404
        assert (await visitor.post(old, data={"password": "granite otters hum at noon"})).status_code == 404


async def test_a_changed_password_closes_them_too(as_amina, visitor, old_links):
    response = await as_amina.post("/account/password", data={"current": PASSWORD, "password": NEW})

    assert response.status_code == 303
    for old in old_links:
        assert (await visitor.post(old, data={"password": "granite otters hum at noon"})).status_code == 404


async def test_a_password_from_the_command_line_closes_them_too(visitor, amina, old_links):
    await people.create_admin(amina.actor.email, "Amina Okello", NEW)

    for old in old_links:
        assert (await visitor.post(old, data={"password": "granite otters hum at noon"})).status_code == 404


async def test_passwords_behind_a_link_are_judged_some_times_only(visitor, registration):
    answers = [
        (await visitor.post(registration, data={"full_name": "Zoé", "password": "passwordpassword"})).status_code
        for _ in range(11)
    ]

    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("told", "kept"), [("Africa/Kampala", "Africa/Kampala"), ("Middle/Earth", "UTC"), ("UTC", "UTC"), ("", "UTC")]
)
async def test_the_browser_tells_the_zone_of_a_new_account_if_it_is_one(visitor, registration, told, kept):
    await visitor.post(registration, data={"full_name": "Zoé", "zone": told})

    async with read() as db:
        assert await db.scalar(select(Person.zone)) == kept


async def test_the_zone_comes_from_the_browser_where_script_runs(new_page, registration):
    page = await new_page()
    await page.goto(f"/en{registration}")

    told = await page.locator("input[name=zone]").input_value()

    assert told == await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert told


async def test_a_mistyped_domain_is_asked_back_and_another_address_is_one_press_away(visitor, letter_to):
    written = await visitor.post("/register", data={"email": "zoe@gmial.com"})

    assert "Did you mean zoe@gmail.com?" in written.text
    assert 'name="email" value="zoe@gmail.com"' in written.text
    assert 'href="/en/register"' in written.text
    assert "Did you mean" not in (await visitor.post("/register", data={"email": "zoe@example.org"})).text
    assert await letter_to("zoe@gmial.com")
