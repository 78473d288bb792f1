"""Inviting somebody, and their answer."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.models import Membership, Person
from internships.accounts.rules import Role
from internships.core.db import read

PASSWORD = "seven herons over wet slate"
JOINING = {"full_name": "Inés Mamani", "called": "", "password": PASSWORD}


def link_in(letter):
    return "/invitation/" + re.search(r"/invitation/(\S+)", letter.body).group(1)


@pytest.fixture
def invite(as_ingrid, reserve):
    async def send(email="ines@example.org", role="host", **more):
        answers = {"email": email, "role": role, "locale": "en", "reserve": str(reserve.id) if role == "host" else ""}
        return await as_ingrid.post("/invitations", data=answers | more)

    return send


@pytest.fixture
async def invitation(invite, letter_to):
    """The link that Inés was sent."""
    await invite()
    return link_in(await letter_to("ines@example.org"))


async def memberships(email):
    async with read() as db:
        held = select(Membership.role, Membership.reserve_id).join(Person, Person.id == Membership.person_id)
        return [tuple(row) for row in await db.execute(held.where(Person.email == email).order_by(Membership.id))]


async def test_somebody_new_joins_as_a_host(visitor, invitation, reserve):
    page = await visitor.get(invitation)
    assert f"as a host of {reserve.name}" in page.text

    response = await visitor.post(invitation, data=JOINING)

    assert response.headers["location"] == "/en/host"
    assert await memberships("ines@example.org") == [(Role.HOST, reserve.id)]
    assert (await visitor.get(invitation)).status_code == 404
    await visitor.post("/sign-out")
    again = await visitor.post("/sign-in", data={"email": "ines@example.org", "password": PASSWORD})
    assert again.headers["location"] == "/en/host"


async def test_what_is_wrong_is_said_and_nothing_is_lost(visitor, invitation):
    response = await visitor.post(invitation, data=JOINING | {"password": "short"})

    assert response.status_code == 422
    assert 'value="Inés Mamani"' in response.text
    assert "Use 15 characters or more." in response.text


async def test_somebody_known_signs_in_first_and_comes_back(invite, letter_to, visitor, amina_with_password):
    await invite(email="amina.okello@example.org", role="reviewer")
    link = link_in(await letter_to("amina.okello@example.org"))
    page = await visitor.get(link)
    assert "Sign in to accept." in page.text
    assert (await visitor.post(link, data=JOINING)).headers["location"] == "/en/sign-in"
    carried = re.search(r"sign-in\?next=([^\"&]+)", page.text).group(1)
    sent = {"email": "amina.okello@example.org", "password": PASSWORD, "next": carried}
    back = await visitor.post("/sign-in", data=sent)
    assert back.headers["location"] == f"/en{link}"

    response = await visitor.post(link)

    assert response.headers["location"] == "/en/reviews"
    assert await memberships("amina.okello@example.org") == [(Role.APPLICANT, None), (Role.REVIEWER, None)]


async def test_an_invitation_is_for_the_invited_alone(as_amina, invitation):
    assert "another address" in (await as_amina.get(invitation)).text

    response = await as_amina.post(invitation, data=JOINING)

    assert response.headers["location"] == "/en/sign-in"
    assert await memberships("amina.okello@example.org") == [(Role.APPLICANT, None)]


async def test_an_invitation_works_for_two_weeks_and_can_be_sent_again(
    as_ingrid, ingrid, signed_in, new_person, visitor, invitation, letter_to, clock
):
    clock.shift(timedelta(days=14))
    assert (await visitor.get(invitation)).status_code == 404
    later = await signed_in(await new_person(Role.STAFF, "Staff Later"))
    shown = await later.get("/invitations")
    assert "Too old" in shown.text
    ref = re.search(r"/invitations/(\w{10})/send-again", shown.text).group(1)

    await later.post(f"/invitations/{ref}/send-again")

    newer = link_in(await letter_to("ines@example.org"))
    assert newer != invitation
    assert (await visitor.get(newer)).status_code == 200
    assert (await visitor.get(invitation)).status_code == 404


async def test_an_invitation_is_taken_back_with_its_letter(invite, as_ingrid, letter_to, visitor):
    await invite()
    ref = re.search(r"/invitations/(\w{10})/take-back", (await as_ingrid.get("/invitations")).text).group(1)

    await as_ingrid.post(f"/invitations/{ref}/take-back")

    assert (await letter_to("ines@example.org")).state == "cancelled"
    assert "Everybody has answered" in (await as_ingrid.get("/invitations")).text
    assert (await as_ingrid.post(f"/invitations/{ref}/take-back")).status_code == 404
    assert (await invite()).status_code == 303


@pytest.mark.parametrize("role", ["staff", "admin"])
async def test_staff_invite_no_staff(invite, as_ingrid, role):
    assert (await invite(role=role)).status_code == 403


async def test_an_administrator_invites_staff(signed_in, new_person, letter_to):
    somebody = await signed_in(await new_person(Role.ADMIN, "Ada Admin"))

    response = await somebody.post("/invitations", data={"email": "s@example.org", "role": "staff", "locale": "fr"})

    assert response.status_code == 303
    assert (await letter_to("s@example.org")).locale == "fr"


@pytest.mark.parametrize(
    "wrong",
    [{"email": "x"}, {"role": "clock"}, {"role": ""}, {"reserve": ""}, {"reserve": "x"}, {"role": "reviewer", "reserve": "1"},
     {"locale": "tlh"}, {"owner": "1"}],
)  # fmt: skip
async def test_wrong_invitations_are_sent_back(invite, as_ingrid, wrong):
    if wrong.get("role") == "clock":
        assert (await invite(**wrong, reserve="")).status_code in {403, 422}
        return

    assert (await invite(**wrong)).status_code == 422


async def test_a_reserve_that_is_none_is_not_found(invite):
    assert (await invite(reserve="999999")).status_code == 404


async def test_nobody_is_invited_twice_to_the_same(invite, visitor, invitation):
    again = await invite()
    assert again.status_code == 422
    assert "invited to this already" in again.text
    await visitor.post(invitation, data=JOINING)

    assert (await invite()).status_code == 422
    assert (await invite(role="reviewer")).status_code == 303


async def test_twenty_invitations_within_the_hour(invite):
    answers = [(await invite(email=f"h{n}@example.org", role="reviewer")).status_code for n in range(21)]

    assert answers == [303] * 20 + [429]


@pytest.mark.parametrize("rows", [1, 3])
async def test_the_list_asks_three_statements(invite, as_ingrid, statements, rows):
    for n in range(rows):
        await invite(email=f"h{n}@example.org")

    with statements() as asked:
        await as_ingrid.get("/invitations")

    assert len(asked) == 3
