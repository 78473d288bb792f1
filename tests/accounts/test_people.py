"""What staff and administrators do with the accounts of others."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.models import Membership, Person
from internships.accounts.rules import Role
from internships.core import clock as core_clock
from internships.core.db import read
from internships.core.models import History
from internships.core.writing import write


@pytest.fixture
async def admin(new_person):
    return await new_person(Role.ADMIN, "Ada Admin")


@pytest.fixture
async def as_admin(signed_in, admin):
    return await signed_in(admin)


@pytest.mark.parametrize("typed", ["okello", "OKÉLLO", "amina.ok", "Amina"])
async def test_people_are_found_by_name_and_address(as_ingrid, amina, tomas, typed):
    response = await as_ingrid.get("/people", params={"q": typed})

    assert "Amina Okello" in response.text
    assert "Tomás" not in response.text


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "nobody at all"])
async def test_signs_are_no_patterns(as_ingrid, amina, typed):
    response = await as_ingrid.get("/people", params={"q": typed})

    assert response.status_code == 200
    assert "Nobody found" in response.text


async def test_people_are_listed_by_role(as_ingrid, amina, tomas):
    response = await as_ingrid.get("/people?role=host")

    assert "Tomás Quispe" in response.text
    assert "Amina" not in response.text


async def test_the_list_goes_on_where_the_page_ended(as_ingrid, new_person):
    for n in range(30):
        await new_person(Role.APPLICANT, f"Person {n:02}")
    first = await as_ingrid.get("/people?q=person")
    after = first.text.partition("?after=")[2].partition("&")[0]

    second = await as_ingrid.get(f"/people?q=person&after={after}")

    assert ("Person 24" in first.text, "Person 25" in first.text) == (True, False)
    assert ("Person 24" in second.text, "Person 25" in second.text, "Person 29" in second.text) == (False, True, True)
    assert (await as_ingrid.get("/people?after=forged.value")).status_code == 200


@pytest.mark.parametrize("more", [1, 3])
async def test_lists_and_pages_ask_a_fixed_number_of_statements(as_ingrid, amina, new_person, statements, more):
    for n in range(more):
        await new_person(Role.REVIEWER, f"Reviewer {n}")

    with statements() as listing:
        await as_ingrid.get("/people")
    with statements() as showing:
        await as_ingrid.get(f"/people/{amina.ref}")

    assert (len(listing), len(showing)) == (2, 3)


async def test_a_part_for_htmx_is_the_list_alone(as_ingrid, amina, htmx):
    response = await as_ingrid.get("/people?q=amina", headers=htmx)

    assert response.text.strip().startswith('<div id="list">')


async def test_ending_a_membership_signs_them_out_at_once(as_ingrid, ingrid, as_tomas, tomas):
    here = f"/people/{tomas.ref}/memberships/{tomas.actor.membership_id}/end"
    assert "Keep it" in (await as_ingrid.get(here)).text

    assert (await as_ingrid.post(here)).status_code == 303

    assert (await as_tomas.get("/account")).status_code == 303
    assert (await as_ingrid.post(here)).status_code == 404
    async with read() as db:
        trace = (await db.execute(select(History.what, History.subject, History.person_id))).one()
    assert trace == ("membership.end", tomas.ref, ingrid.actor.person_id)


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN, Role.APPLICANT])
async def test_staff_end_no_roles_that_are_not_theirs_to_give(as_ingrid, new_person, role):
    other = await new_person(role, "Somebody")

    response = await as_ingrid.post(f"/people/{other.ref}/memberships/{other.actor.membership_id}/end")

    assert response.status_code == 403
    assert "End this membership" not in (await as_ingrid.get(f"/people/{other.ref}")).text


async def test_nobody_ends_or_switches_off_themselves(as_admin, admin):
    assert (await as_admin.post(f"/people/{admin.ref}/memberships/{admin.actor.membership_id}/end")).status_code == 403
    assert (await as_admin.post(f"/people/{admin.ref}/disable")).status_code == 403
    assert (await as_admin.get("/account")).status_code == 200


async def test_a_membership_of_another_person_is_not_found(as_admin, amina, tomas):
    response = await as_admin.post(f"/people/{amina.ref}/memberships/{tomas.actor.membership_id}/end")

    assert response.status_code == 404
    assert (await as_admin.get("/people/0000000000")).status_code == 404


async def test_an_account_is_switched_off_and_on(as_admin, as_amina, amina_with_password, visitor):
    sent = {"email": amina_with_password.actor.email, "password": "seven herons over wet slate"}

    await as_admin.post(f"/people/{amina_with_password.ref}/disable")

    assert (await as_amina.get("/account")).status_code == 303
    assert (await visitor.post("/sign-in", data=sent)).status_code == 422
    await as_admin.post(f"/people/{amina_with_password.ref}/enable")
    assert (await visitor.post("/sign-in", data=sent)).status_code == 303


async def test_staff_switch_nobody_off(as_ingrid, amina):
    assert (await as_ingrid.post(f"/people/{amina.ref}/disable")).status_code == 403


async def test_a_membership_begins_and_ends_by_the_clock(signed_in, tomas, clock):
    async with write() as tx:
        held = await tx.get_one(Membership, tomas.actor.membership_id)
        held.ends_at = core_clock.now() + timedelta(minutes=30)
    somebody = await signed_in(tomas)
    assert (await somebody.get("/account")).status_code == 200

    clock.shift(timedelta(minutes=30))

    assert (await somebody.get("/account")).status_code == 303


@pytest.mark.parametrize(
    "path", ["/people", "/people/{ref}", "/people/{ref}/memberships/1/end", "/invitations", "/letters"]
)
async def test_accounts_are_not_for_everybody(as_amina, as_tomas, as_ravi, visitor, ingrid, path):
    here = path.format(ref=ingrid.ref)

    for somebody in (as_amina, as_tomas, as_ravi):
        assert (await somebody.get(here)).status_code == 403
    assert (await visitor.get(here)).status_code == 303


async def test_somebody_who_never_confirmed_is_not_listed(as_ingrid, new_person):
    nobody = await new_person(Role.APPLICANT, "Never Confirmed")
    async with write() as tx:
        (await tx.get_one(Person, nobody.actor.person_id)).confirmed_at = None

    assert "Never Confirmed" not in (await as_ingrid.get("/people")).text
    assert (await as_ingrid.get(f"/people/{nobody.ref}")).status_code == 404
