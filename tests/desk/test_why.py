"""For everybody and for applicants: how places are given, why this answer, the certificate, and asking again."""

import json

import pytest
from sqlalchemy import insert, select, update

from internships import worker
from internships.accounts.models import Membership, Person, Session
from internships.accounts.rules import Actor, Role, lasting
from internships.core import clock as now_clock
from internships.core.ids import hashed, new_token
from internships.core.models import Letter
from internships.core.writing import write
from internships.matching.certificate import check_certificate
from internships.matching.improving import Goal
from internships.matching.life import State
from internships.matching.models import Contest, MatchRun
from tests.cast import Known
from tests.desk.conftest import kept


async def as_person(signed_in, name):
    """The browser of one of the market's people."""
    now, token = now_clock.now(), new_token()
    async with write() as tx:
        person = (await tx.scalars(select(Person).where(Person.full_name == name))).one()
        membership = (await tx.scalars(select(Membership).where(Membership.person_id == person.id))).one()
        last = lasting(Role.APPLICANT)
        session = {
            "token_hash": hashed(token), "person_id": person.id, "membership_id": membership.id, "device": "",
            "created_at": now, "seen_at": now, "idle_until": now + last.idle, "ends_at": now + last.in_all,
        }  # fmt: skip
        await tx.execute(insert(Session), [session])
    return await signed_in(Known(Actor(person.id, Role.APPLICANT), person.ref, token))


@pytest.fixture
async def released(market, made, ingrid):
    """The run as it is after its approval."""
    run = await made()
    async with write() as tx:
        await tx.execute(
            update(MatchRun)
            .where(MatchRun.id == run.id)
            .values(state=State.APPROVED, approved_by=ingrid.actor.person_id, approved_at=now_clock.now())
        )
    return run


async def test_how_places_are_given_is_for_everybody_and_its_example_is_made_by_the_match(visitor, market, statements):
    with statements() as asked:
        response = await visitor.get("/how-places-are-given")

    assert response.status_code == 200
    assert len(asked) == 1
    assert market.cycle.lottery_seal in response.text
    assert market.cycle.lottery_text not in response.text
    assert "The last seats here went by lottery to people in band 1" in response.text
    assert response.headers["cache-control"].startswith("public")


async def test_after_the_first_run_the_text_of_the_lottery_is_public(visitor, market, made):
    await made()

    assert market.cycle.lottery_text in (await visitor.get("/how-places-are-given")).text


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("", None),
        (Goal.CYCLES, "swapped places where each of them gained"),
        (Goal.BEST_SUM, "It may pass over somebody whom a host put higher."),
        (Goal.MOST_PLACED, "gives a place to the most people"),
    ],
)
async def test_everybody_reads_when_another_result_than_the_match_was_adopted(
    visitor, market, made, ingrid, goal, said
):
    run = await made()
    async with write() as tx:
        found = {"improvement": goal, "summary": run.summary | {"adopted": goal}}
        await tx.execute(update(MatchRun).where(MatchRun.id == run.id).values(found))
    before = (await visitor.get("/how-places-are-given")).text
    async with write() as tx:
        approved = {"state": State.APPROVED, "approved_by": ingrid.actor.person_id, "approved_at": now_clock.now()}
        await tx.execute(update(MatchRun).where(MatchRun.id == run.id).values(approved))

    after = (await visitor.get("/how-places-are-given")).text

    sentences = {said, "swapped places where", "adopted another result"} - {None}
    assert not any(sentence in before for sentence in sentences)
    assert said in after if said else not any(sentence in after for sentence in sentences)


async def test_nobody_reads_of_swaps_that_were_looked_for_and_not_found(visitor, as_ingrid, ingrid, market):
    await as_ingrid.post("/matching/runs", data={"name": "Swaps", "goal": Goal.CYCLES})
    await worker.once()
    async with write() as tx:
        approved = {"state": State.APPROVED, "approved_by": ingrid.actor.person_id, "approved_at": now_clock.now()}
        await tx.execute(update(MatchRun).values(approved))

    page = (await visitor.get("/how-places-are-given")).text

    assert "swapped places where" not in page
    assert market.cycle.lottery_text in page


async def test_before_the_release_nobody_reads_an_answer(signed_in, market, made):
    await made()
    mei = await as_person(signed_in, "Mei")

    page = await mei.get("/why")

    assert "There is no answer yet" in page.text
    assert (await mei.get("/why/certificate.json")).status_code == 404
    assert (await mei.post("/why/contest", data={"text": "Look again"})).status_code == 404


async def test_everybody_reads_their_own_answers_and_nothing_about_others(signed_in, released, market, statements):
    mei = await as_person(signed_in, "Mei")

    with statements() as asked:
        page = await mei.get("/why")

    assert len(asked) <= 3
    assert "you are in band 2" in page.text
    assert market.cycle.lottery_text in page.text
    for other in ("Lena", "Tariq"):
        assert other not in page.text


async def test_a_certificate_checks_offline_and_tells_on_any_change(signed_in, released, market):
    for name in ("Lena", "Tariq", "Mei"):
        person = await as_person(signed_in, name)
        certificate = (await person.get("/why/certificate.json")).text

        assert check_certificate(certificate) == []
        for other in {"Lena", "Tariq", "Mei"} - {name}:
            assert market.applications[other].ref not in certificate
    changed = json.loads(certificate)
    changed["number"] += 1
    assert check_certificate(json.dumps(changed))


async def test_a_person_asks_again_and_staff_answer_with_a_reason(signed_in, released, as_ingrid, as_tomas):
    mei = await as_person(signed_in, "Mei")

    empty = await mei.post("/why/contest", data={"text": " "})
    sent = await mei.post("/why/contest", data={"text": "My level is C1, not A1."})
    again = await mei.post("/why/contest", data={"text": "And again"})
    ((ref,),) = await kept(select(Contest.ref))
    listed = await as_ingrid.get("/contests")
    silent = await as_ingrid.post(f"/contests/{ref}", data={"version": "1", "text": ""})
    answered = await as_ingrid.post(f"/contests/{ref}", data={"version": "1", "text": "We read it again: it is A1."})
    late = await as_ingrid.post(f"/contests/{ref}", data={"version": "1", "text": "Twice"})
    assert "Yours was not sent; it is kept here" in late.text
    assert "Twice" in late.text
    assert "We read it again: it is A1." in late.text
    page = await mei.get("/why")

    assert [r.status_code for r in (empty, sent, again, silent, answered, late)] == [422, 303, 409, 422, 303, 409]
    assert "My level is C1, not A1." in listed.text
    assert "We read it again: it is A1." in page.text
    assert "The result stays as it is." in page.text
    assert await kept(select(Letter.kind)) == [("matching/looked_again",)]
    assert (await as_tomas.get(f"/contests/{ref}")).status_code == 403
    assert (await as_ingrid.get("/contests/0000000000")).status_code == 404


@pytest.mark.parametrize("path", ["/why", "/why/certificate.json"])
async def test_why_is_for_applicants_alone(as_ingrid, as_tomas, visitor, released, path):
    assert (await as_ingrid.get(path)).status_code == 403
    assert (await as_tomas.get(path)).status_code == 403
    assert (await visitor.get(path)).status_code == 303


async def test_an_applicant_without_an_application_reads_that_there_is_nothing(as_amina, released):
    assert "There is no answer yet" in (await as_amina.get("/why")).text
