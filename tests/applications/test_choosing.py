"""The list of positions: adding, order, motivations, warnings."""

import pytest
from sqlalchemy import select, update

from internships.applications.models import Choice
from internships.applications.rules import State
from internships.core.db import read
from internships.core.writing import write
from internships.cycles.rules import Level
from internships.reserves.models import Position
from internships.reserves.rules import State as PositionState
from tests.applications.factories import new_draft, new_position, submitted
from tests.applications.test_answering import field


async def chosen():
    async with read() as db:
        return (await db.execute(select(Choice).order_by(Choice.rank))).all()


async def test_a_position_is_added_once(as_amina, draft, positions, statements):
    with statements() as asked:
        first = await as_amina.post(f"/positions/{positions[0].ref}/add")
    await as_amina.post(f"/positions/{positions[0].ref}/add")

    assert first.headers["location"] == "/en/application/choices"
    assert len(asked) <= 5
    assert [(choice.rank, choice.position_id) for choice in await chosen()] == [(1, positions[0].id)]
    assert "Counting condors" in (await as_amina.get("/application/choices")).text


async def test_the_list_is_full_at_the_calls_maximum(as_amina, draft, call, reserve, positions):
    fourth = await new_position(call, reserve, "One too many")
    for position in (*positions, fourth):
        await as_amina.post(f"/positions/{position.ref}/add")

    assert len(await chosen()) == call.choices_max == 3
    assert "Your list is full" in (await as_amina.get("/application/choices")).text


async def test_an_unknown_or_unpublished_position_is_the_same_404(as_amina, draft, call, reserve):
    hidden = await new_position(call, reserve, "Hidden", state=PositionState.DRAFT)

    for ref in (hidden.ref, "0000000000"):
        assert (await as_amina.post(f"/positions/{ref}/add")).status_code == 404


async def test_the_page_of_a_chosen_position_says_its_place_and_leads_to_the_list(
    as_amina, ready, positions, statements
):
    with statements() as asked:
        second = (await as_amina.get(f"/positions/{positions[1].ref}")).text
    other = (await as_amina.get(f"/positions/{positions[2].ref}")).text

    assert "This position is number 2 in your choices." in second
    assert '<a href="/en/application/choices">My choices</a>' in second
    assert f"/positions/{positions[1].ref}/add" not in second
    assert f"/positions/{positions[2].ref}/add" in other
    assert len(asked) <= 3


async def test_once_sent_the_page_of_a_chosen_position_still_says_its_place(as_amina, sent, positions):
    chosen, other = [(await as_amina.get(f"/positions/{each.ref}")).text for each in (positions[0], positions[2])]

    assert "This position is number 1 in your choices." in chosen
    assert '<a href="/en/application">My application</a>' in chosen
    assert "in your choices" not in other
    assert "/add" not in chosen + other


async def test_without_a_file_the_way_leads_over_its_start(as_amina, call, positions):
    response = await as_amina.post(f"/positions/{positions[0].ref}/add")

    assert response.headers["location"] == f"/en/application?position={positions[0].ref}"
    started = await as_amina.post("/application/start", data={"position": positions[0].ref})
    assert started.headers["location"] == f"/en/positions/{positions[0].ref}"


async def test_the_order_changes_and_a_second_press_changes_nothing(as_amina, draft, positions, statements):
    for position in positions:
        await as_amina.post(f"/positions/{position.ref}/add")
    last = (await chosen())[2]

    with statements() as asked:
        await as_amina.post(f"/application/choices/{last.ref}/move", data={"to": "1"})
    await as_amina.post(f"/application/choices/{last.ref}/move", data={"to": "1"})

    assert len(asked) <= 5
    order = [(choice.rank, choice.position_id) for choice in await chosen()]
    assert order == [(1, positions[2].id), (2, positions[0].id), (3, positions[1].id)]


async def test_removing_one_closes_the_gap(as_amina, ready, statements):
    first = (await chosen())[0]

    assert (await as_amina.get(f"/application/choices/{first.ref}/remove")).status_code == 200
    with statements() as asked:
        await as_amina.post(f"/application/choices/{first.ref}/remove")
    await as_amina.post(f"/application/choices/{first.ref}/remove")

    assert len(asked) <= 5
    assert [choice.rank for choice in await chosen()] == [1]


async def test_each_choice_has_its_own_motivation(as_amina, draft, positions, statements, htmx):
    await as_amina.post(f"/positions/{positions[0].ref}/add")
    (choice,) = await chosen()
    at = f"/application/choices/{choice.ref}"

    assert (await as_amina.post(at, data={"motivation": ""})).status_code == 422
    kept = await as_amina.post(f"{at}/draft", data={"motivation": "Birds", "version": ""}, headers=htmx)
    assert "Saved at" in kept.text
    page = await as_amina.get(at)
    with statements() as asked:
        await as_amina.post(at, data={"motivation": "I know birds.", "version": field(page.text, "version")})

    assert len(asked) <= 5
    assert (await chosen())[0].motivation == "I know birds."


async def test_what_is_lacking_is_said_and_allowed(as_amina, ready, positions):
    await as_amina.post(f"/positions/{positions[2].ref}/add")

    page = (await as_amina.get("/application/choices")).text

    assert "It needs Spanish at level B2; you have not entered this language." in page
    assert len(await chosen()) == 3


async def test_a_full_position_and_one_that_was_withdrawn_are_said(as_amina, draft, call, reserve):
    full = await new_position(call, reserve, "Full", seats=1, held=1, needs={"sw": Level.A1})
    await as_amina.post(f"/positions/{full.ref}/add")

    assert "All places of this position are taken now." in (await as_amina.get("/application/choices")).text

    async with write() as tx:
        await tx.execute(update(Position).values(state=PositionState.WITHDRAWN))
    assert "This position is not offered any more." in (await as_amina.get("/application/choices")).text
    assert "Remove the position that is not offered any more." in (await as_amina.get("/application/check")).text


async def test_the_choices_of_somebody_else_are_unknown(as_amina, ready, signed_in, new_person):
    stranger = await signed_in(await new_person("applicant", "Another Applicant"))
    await stranger.post("/application/start")
    theirs = (await chosen())[0]

    assert (await stranger.get(f"/application/choices/{theirs.ref}")).status_code == 404
    assert (await stranger.post(f"/application/choices/{theirs.ref}", data={"motivation": "x"})).status_code == 404
    assert (await stranger.post(f"/application/choices/{theirs.ref}/move", data={"to": "2"})).status_code == 404
    await stranger.post(f"/application/choices/{theirs.ref}/remove")
    assert len(await chosen()) == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.SUBMITTED, "You have sent this application."),
        (State.ELIGIBLE, "You have sent this application."),
        (State.WITHDRAWN, "You have withdrawn this application."),
    ],
)
async def test_nothing_is_offered_that_cannot_be_added_and_the_page_says_why(
    as_amina, amina, call, positions, state, words, statements
):
    await submitted(amina, call, positions[:1], state=state)
    at = f"/positions/{positions[1].ref}"

    with statements() as asked:
        page = (await as_amina.get(at)).text
    pressed = await as_amina.post(f"{at}/add")

    assert len(asked) <= 3
    assert "Add to my choices" not in page
    assert words in page
    assert pressed.status_code == 409
    assert words in pressed.text
    assert "typed" not in pressed.text


async def test_a_draft_and_somebody_who_has_yet_to_start_can_add(as_amina, call, positions, amina):
    at = f"/positions/{positions[1].ref}"

    assert "Add to my choices" in (await as_amina.get(at)).text
    await new_draft(amina, call)
    assert "Add to my choices" in (await as_amina.get(at)).text


async def test_moving_a_choice_says_where_it_is_now_and_leads_back_to_it(as_amina, ready, htmx):
    first, second = await chosen()
    at = f"/application/choices/{first.ref}/move"

    plain = await as_amina.post(at, data={"to": "2", "way": "down"})
    page = (await as_amina.get("/application/choices")).text
    part = await as_amina.post(f"/application/choices/{second.ref}/move", data={"to": "2", "way": "down"}, headers=htmx)

    assert plain.headers["location"] == f"/en/application/choices#choice-{first.ref}"
    assert f'id="choice-{first.ref}"' in page
    assert "Counting condors is now number 2." in page
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Mapping meadows is now number 2." in part.text
    # It is the last one now: the button that is left takes the focus.
    assert f'id="up-{second.ref}" autofocus' in part.text
