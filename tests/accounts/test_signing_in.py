"""Signing in and out: with a password, with a link, and in another role."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from internships.accounts import passwords
from internships.accounts.actions import signing_in
from internships.accounts.actions.sessions import end_all
from internships.accounts.models import Membership, Person, Session
from internships.accounts.rules import SIGNING_IN, Role
from internships.core import clock as core_clock
from internships.core.db import read
from internships.core.ids import hashed
from internships.core.writing import write
from internships.web.errors import WAY_BACK
from internships.web.signed import signed

PASSWORD = "seven herons over wet slate"


async def sign_in(visitor, email="amina.okello@example.org", password=PASSWORD, **more):
    return await visitor.post("/sign-in", data={"email": email, "password": password, **more})


async def test_a_password_opens_a_session_and_the_start_page(visitor, amina_with_password):
    response = await sign_in(visitor, email=" Amina.Okello@EXAMPLE.org ")

    assert response.status_code == 303
    assert response.headers["location"] == "/en/application"
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert (await visitor.get("/account")).status_code == 200


async def test_the_way_back_leads_to_where_they_wanted_to_go(visitor, amina_with_password):
    asked = await visitor.get("/account/password")
    assert asked.status_code == 303
    shown = await visitor.get(asked.headers["location"])
    carried = re.search(r'name="next" value="([^"]+)"', shown.text).group(1)

    response = await sign_in(visitor, next=carried)

    assert response.headers["location"] == "/en/account/password"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_the_way_back_never_leads_elsewhere(visitor, amina_with_password, back):
    unsealed = await sign_in(visitor, next=back)
    sealed = await sign_in(visitor, next=signed(WAY_BACK, back))

    assert unsealed.headers["location"] == "/en/application"
    assert sealed.headers["location"] == "/en/application"


@pytest.mark.parametrize("email", ["amina.okello@example.org", "nobody@example.org"])
async def test_a_wrong_password_and_an_unknown_person_read_alike(visitor, amina_with_password, email):
    response = await sign_in(visitor, email=email, password="another password entirely")

    assert response.status_code == 422
    assert "The e-mail address or the password is not right." in response.text
    assert f'value="{email}"' in response.text
    assert "another password entirely" not in response.text
    assert "set-cookie" not in response.headers or "session=" not in response.headers["set-cookie"]


async def test_known_and_unknown_people_cost_the_same_statements_and_one_hash(
    visitor, amina_with_password, statements, monkeypatch
):
    hashes = []
    verify = passwords._fits
    monkeypatch.setattr(passwords, "_fits", lambda kept, typed: hashes.append(1) or verify(kept, typed))

    with statements() as for_known:
        await sign_in(visitor, password="another password entirely")
    with statements() as for_unknown:
        await sign_in(visitor, email="nobody@example.org", password="another password entirely")

    assert for_known == for_unknown
    assert len(hashes) == 2


async def test_a_session_that_was_planted_is_never_taken_over(visitor, amina_with_password):
    visitor.plant("session", "planted")
    form = (await visitor.get("/sign-in")).text

    await sign_in(visitor, csrf=re.search(r'name="csrf" value="([^"]+)"', form).group(1))

    async with read() as db:
        kept = (await db.scalars(select(Session.token_hash))).all()
    assert hashed("planted") not in kept
    assert visitor.cookies["session"] != "planted"


async def test_signing_in_again_ends_the_session_before(as_amina, amina_with_password, visitor):
    before = amina_with_password.session

    await sign_in(as_amina)

    visitor.plant("session", before)
    assert (await visitor.get("/account")).status_code == 303
    assert (await as_amina.get("/account")).status_code == 200


async def test_signing_out_ends_the_session_and_clears_the_browser(as_amina, amina, visitor):
    response = await as_amina.post("/sign-out")

    assert response.status_code == 303
    assert response.headers["clear-site-data"] == '"cache", "storage"'
    assert "session" not in as_amina.cookies
    visitor.plant("session", amina.session)
    assert (await visitor.get("/account")).status_code == 303


async def test_signing_out_is_never_a_link(as_amina):
    assert (await as_amina.get("/sign-out")).status_code == 405
    assert (await as_amina.get("/account")).status_code == 200


async def test_a_shared_device_forgets_when_the_browser_closes(visitor, amina_with_password):
    own = await sign_in(visitor)
    shared = await sign_in(visitor, shared="yes")

    assert "max-age=2592000" in own.headers["set-cookie"].lower()
    assert "max-age" not in shared.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("role", "idle", "in_all"),
    [
        (Role.APPLICANT, timedelta(days=7), timedelta(days=30)),
        (Role.REVIEWER, timedelta(hours=2), timedelta(hours=12)),
        (Role.STAFF, timedelta(hours=2), timedelta(hours=12)),
    ],
)
async def test_sessions_end_idle_and_in_all(new_person, signed_in, clock, role, idle, in_all):
    here, away = await new_person(role, "One"), await new_person(role, "Two")
    stays, leaves = await signed_in(here), await signed_in(away)
    opened = core_clock.now()

    clock.shift(idle - timedelta(minutes=10))
    assert (await stays.get("/account")).status_code == 200
    clock.shift(timedelta(minutes=11))
    assert (await stays.get("/account")).status_code == 200
    assert (await leaves.get("/account")).status_code == 303
    while core_clock.now() < opened + in_all - idle:
        clock.shift(idle - timedelta(minutes=10))
        await stays.get("/account")
    clock.move_to(opened + in_all - timedelta(minutes=1))
    assert (await stays.get("/account")).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert (await stays.get("/account")).status_code == 303


async def test_being_there_is_noted_every_few_minutes_only(as_amina, clock, statements):
    def touches(asked):
        return [each for each in asked if each.startswith("UPDATE session")]

    clock.shift(timedelta(minutes=4))
    with statements() as early:
        await as_amina.get("/account")
    clock.shift(timedelta(minutes=2))
    with statements() as later:
        await as_amina.get("/account")
        await as_amina.get("/account")

    assert touches(early) == []
    assert len(touches(later)) == 1


async def test_too_many_tries_wait_and_are_never_locked_out(visitor, amina_with_password, clock):
    for _try in range(10):
        assert (await sign_in(visitor, password="wrong wrong wrong wrong")).status_code == 422

    refused = await sign_in(visitor)
    for _try in range(50):
        again = await sign_in(visitor)

    assert refused.status_code == again.status_code == 429
    assert "Too many tries" in refused.text
    assert 0 < int(again.headers["retry-after"]) <= int(refused.headers["retry-after"]) <= 330
    clock.shift(timedelta(seconds=int(refused.headers["retry-after"])))
    assert (await sign_in(visitor)).status_code == 303


async def test_tries_for_an_unknown_address_are_counted_alike(visitor):
    answers = [(await sign_in(visitor, email="nobody@example.org")).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


async def test_the_tries_of_one_account_do_not_hold_up_another(visitor, amina_with_password):
    for _try in range(11):
        await sign_in(visitor, email="nobody@example.org")

    assert (await sign_in(visitor)).status_code == 303


async def test_one_address_can_not_try_everybody(visitor, monkeypatch):
    monkeypatch.setattr(signing_in, "SIGNING_IN", replace(SIGNING_IN, address=3))

    answers = [(await sign_in(visitor, email=f"n{n}@example.org", password="x")).status_code for n in range(4)]

    assert answers == [422, 422, 422, 429]


async def test_an_old_hash_is_renewed_when_its_owner_signs_in(visitor, amina):
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
    async with write() as tx:
        (await tx.get_one(Person, amina.actor.person_id)).password = cheap.hash(PASSWORD)

    assert (await sign_in(visitor)).status_code == 303

    async with write() as tx:
        kept = (await tx.get_one(Person, amina.actor.person_id)).password
    assert kept
    assert "m=19456,t=2,p=1" in kept
    assert (await sign_in(visitor)).status_code == 303


@pytest.mark.parametrize("change", ["disabled", "ended", "unconfirmed"])
async def test_who_may_not_sign_in_reads_the_same_words(visitor, amina_with_password, change):
    async with write() as tx:
        person = await tx.get_one(Person, amina_with_password.actor.person_id)
        membership = await tx.get_one(Membership, amina_with_password.actor.membership_id)
        if change == "disabled":
            person.disabled_at = core_clock.now()
        elif change == "ended":
            membership.ends_at = core_clock.now()
        else:
            person.confirmed_at = None

    response = await sign_in(visitor)

    assert response.status_code == 422
    assert "is not right" in response.text


async def test_somebody_with_two_roles_switches_and_gets_a_new_session(signed_in, tomas, reserve, visitor):
    async with write() as tx:
        more = Membership(person_id=tomas.actor.person_id, role=Role.REVIEWER, starts_at=core_clock.now())
        tx.add(more)
    somebody = await signed_in(tomas)
    shown = await somebody.get("/account")
    assert "Reviewer" in shown.text

    response = await somebody.post("/switch", data={"membership": str(more.id)})

    assert response.headers["location"] == "/en/reviews"
    assert somebody.cookies["session"] != tomas.session
    visitor.plant("session", tomas.session)
    assert (await visitor.get("/account")).status_code == 303
    assert f"Host, {reserve.name}" in (await somebody.get("/account")).text


async def test_nobody_switches_to_the_role_of_another(as_amina, ingrid):
    theirs = await as_amina.post("/switch", data={"membership": str(ingrid.actor.membership_id)})
    none = await as_amina.post("/switch", data={"membership": "999999"})

    assert theirs.status_code == none.status_code == 404


async def test_switching_does_not_prolong_a_session(signed_in, ingrid, clock):
    async with write() as tx:
        more = Membership(person_id=ingrid.actor.person_id, role=Role.APPLICANT, starts_at=core_clock.now())
        tx.add(more)
    somebody = await signed_in(ingrid)

    await somebody.post("/switch", data={"membership": str(more.id)})

    clock.shift(timedelta(hours=12))
    assert (await somebody.get("/account")).status_code == 303


async def test_a_page_asks_who_is_asking_once(as_amina, statements):
    with statements() as asked:
        await as_amina.get("/account/password")

    assert len(asked) == 2


async def test_signing_in_takes_five_statements(visitor, amina_with_password, statements):
    with statements() as asked:
        await sign_in(visitor)

    assert len(asked) == 5
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 2


@pytest.mark.parametrize("outdated", [False, True])
async def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    visitor, amina_with_password, monkeypatch, outdated
):
    fits, fresh = passwords.fits, await passwords.hash_of("nine swifts above the old bridge")

    async def changed_meanwhile(kept, typed):
        fitted = await fits(kept, typed)
        async with write() as tx:
            (await tx.get_one(Person, amina_with_password.actor.person_id)).password = fresh
        return fitted

    monkeypatch.setattr(passwords, "fits", changed_meanwhile)
    monkeypatch.setattr(passwords, "is_outdated", lambda _kept: outdated)
    response = await sign_in(visitor)

    assert response.status_code == 422
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 1  # the one before
        assert await db.scalar(select(Person.password).where(Person.id == amina_with_password.actor.person_id)) == fresh


@pytest.mark.only("postgresql")
async def test_a_password_that_is_being_changed_is_waited_for(visitor, amina_with_password):
    fresh = await passwords.hash_of("nine swifts above the old bridge")
    async with write() as tx:
        person = await tx.take(Person, Person.id == amina_with_password.actor.person_id)
        signing_in_now = asyncio.create_task(sign_in(visitor))
        await asyncio.sleep(0.5)
        assert not signing_in_now.done()
        person.password = fresh

    assert (await signing_in_now).status_code == 422


@pytest.mark.only("postgresql")
async def test_who_signs_in_anew_while_their_sessions_are_ended_keeps_nobody_waiting_for_ever(
    visitor, amina_with_password
):
    """The browser still has a session, which both would delete."""
    assert (await sign_in(visitor)).status_code == 303
    async with write() as tx:
        person = await tx.take(Person, Person.id == amina_with_password.actor.person_id)
        signing_in_now = asyncio.create_task(sign_in(visitor))
        await asyncio.sleep(0.5)
        await end_all(tx, person.id)

    assert (await signing_in_now).status_code == 303
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 1


@pytest.mark.only("postgresql")
async def test_who_switches_while_their_sessions_are_ended_is_signed_out_and_keeps_nobody_waiting(signed_in, tomas):
    async with write() as tx:
        more = Membership(person_id=tomas.actor.person_id, role=Role.REVIEWER, starts_at=core_clock.now())
        tx.add(more)
    somebody = await signed_in(tomas)
    async with write() as tx:
        person = await tx.take(Person, Person.id == tomas.actor.person_id)
        switching = asyncio.create_task(somebody.post("/switch", data={"membership": str(more.id)}))
        await asyncio.sleep(0.5)
        await end_all(tx, person.id)

    assert (await switching).status_code == 404
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 0
