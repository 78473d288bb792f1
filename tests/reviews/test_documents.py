"""Who may open a document of somebody else: staff, the reader and the host of the file, each after their question."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from internships.applications.documents import DocumentState
from internships.applications.models import Application, Document
from internships.applications.rules import State as ApplicationState
from internships.core import clock
from internships.core.files import store
from internships.core.files.kinds import Media
from internships.core.ids import new_ref
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.reviews.rules import State
from tests.papers import a_pdf

NAME = "Amina’s CV.pdf"


async def a_document(application: Any, state: DocumentState = DocumentState.CLEAN, **more: Any) -> str:
    kept = await store.keep(a_pdf(text=new_ref()))
    ref = new_ref()
    values = {
        "ref": ref, "application_id": application.id, "kind": "cv", "name": NAME, "media": Media.PDF, "key": kept.key,
        "size": kept.size, "given_size": kept.size, "sha256": kept.sha256, "given_sha256": kept.sha256, "state": state,
        "given_at": clock.now(), "because": "damaged" if state == "refused" else None,
    }  # fmt: skip
    async with write() as tx:
        await tx.execute(insert(Document).values(**values | more))
        await tx.execute(update(Application).values(decided_at=clock.now()))
    return ref


async def test_a_reviewer_opens_it_after_the_question_and_not_before(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi, state=State.ASSIGNED)
    ref = await a_document(file.application)
    where = f"/reviews/{review.ref}/documents/{ref}"

    before = await as_ravi.get(where)
    await as_ravi.post(f"/reviews/{review.ref}/conflict", data={"tie": "no"})
    page = await as_ravi.get(f"/reviews/{review.ref}")
    after = await as_ravi.get(where)

    assert before.status_code == 404
    assert f"/en{where}" in page.text
    assert NAME in page.text
    assert after.status_code == 200
    assert after.content.startswith(b"%PDF-")


async def test_a_host_opens_it_after_the_question_and_not_before(as_tomas, file):
    ref = await a_document(file.application)
    where = f"/host/candidates/{file.choice.ref}/documents/{ref}"

    before = await as_tomas.get(where)
    await as_tomas.post(f"/host/candidates/{file.choice.ref}/conflict", data={"tie": "no"})
    page = await as_tomas.get(f"/host/candidates/{file.choice.ref}")
    after = await as_tomas.get(where)

    assert before.status_code == 404
    assert f"/en{where}" in page.text
    assert after.status_code == 200


async def test_it_comes_as_a_file_to_keep_and_as_nothing_else(as_ingrid, file):
    ref = await a_document(file.application)

    response = await as_ingrid.get(f"/applications/{file.ref}/documents/{ref}")

    headers = response.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == (
        "attachment; filename=\"Amina_s CV.pdf\"; filename*=UTF-8''Amina%E2%80%99s%20CV.pdf"
    )
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert f"/en/applications/{file.ref}/documents/{ref}" in (await as_ingrid.get(f"/applications/{file.ref}")).text


@pytest.mark.parametrize("state", [state for state in DocumentState if state != DocumentState.CLEAN])
async def test_what_was_not_found_clean_opens_for_nobody_else(
    as_ravi, as_tomas, as_ingrid, ravi, file, new_review, state
):
    review = await new_review(file, ravi, state=State.IN_PROGRESS)
    await as_tomas.post(f"/host/candidates/{file.choice.ref}/conflict", data={"tie": "no"})
    ref = await a_document(file.application, state)

    answers = [
        await as_ravi.get(f"/reviews/{review.ref}/documents/{ref}"),
        await as_tomas.get(f"/host/candidates/{file.choice.ref}/documents/{ref}"),
        await as_ingrid.get(f"/applications/{file.ref}/documents/{ref}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert NAME not in (await as_ravi.get(f"/reviews/{review.ref}")).text
    assert NAME not in (await as_tomas.get(f"/host/candidates/{file.choice.ref}")).text
    # Staff read that it is there, and where it stands.
    assert NAME in (await as_ingrid.get(f"/applications/{file.ref}")).text


async def test_a_document_is_found_only_under_its_own_file(
    as_ravi, as_tomas, as_ingrid, ravi, file, new_file, new_review
):
    other = await new_file("Bela Kiss")
    review = await new_review(file, ravi, state=State.IN_PROGRESS)
    await as_tomas.post(f"/host/candidates/{file.choice.ref}/conflict", data={"tie": "no"})
    elsewhere = await a_document(other.application)

    answers = [
        await as_ravi.get(f"/reviews/{review.ref}/documents/{elsewhere}"),
        await as_tomas.get(f"/host/candidates/{file.choice.ref}/documents/{elsewhere}"),
        await as_ingrid.get(f"/applications/{file.ref}/documents/{elsewhere}"),
        await as_ingrid.get(f"/applications/{other.ref}/documents/0000000000"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


async def test_a_blind_call_shows_reviewers_none_for_names_stand_in_them(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi, state=State.IN_PROGRESS)
    ref = await a_document(file.application)
    async with write() as tx:
        await tx.execute(update(Cycle).values(blind=True))

    assert NAME not in (await as_ravi.get(f"/reviews/{review.ref}")).text
    assert (await as_ravi.get(f"/reviews/{review.ref}/documents/{ref}")).status_code == 404


async def test_whoever_stepped_aside_or_has_another_file_opens_none(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi, state=State.RECUSED)
    ref = await a_document(file.application)

    assert (await as_ravi.get(f"/reviews/{review.ref}/documents/{ref}")).status_code == 404


async def test_a_host_with_a_tie_and_a_host_elsewhere_open_none(as_tomas, file, new_person, new_reserve, signed_in):
    ref = await a_document(file.application)
    stranger = await signed_in(await new_person("host", "Else Where", reserve_id=(await new_reserve("Elsewhere")).id))
    where = f"/host/candidates/{file.choice.ref}/documents/{ref}"

    await as_tomas.post(f"/host/candidates/{file.choice.ref}/conflict", data={"tie": "yes", "words": "My cousin."})

    assert (await as_tomas.get(where)).status_code == 404
    assert (await stranger.get(where)).status_code == 404


async def test_staff_open_none_of_a_draft(as_ingrid, file):
    ref = await a_document(file.application)
    async with write() as tx:
        await tx.execute(update(Application).values(state=ApplicationState.DRAFT, submitted_at=None))

    assert (await as_ingrid.get(f"/applications/{file.ref}/documents/{ref}")).status_code == 404
