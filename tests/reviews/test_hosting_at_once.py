"""The table in which a host rates all candidates of a position at once."""

import pytest
from sqlalchemy import select

from internships.applications.models import Application
from internships.applications.rules import ChoiceState
from internships.core.db import read
from internships.reviews.models import Rating
from tests.reviews.candidates import at, stands


async def test_everybody_is_rated_in_one_sending(as_tomas, tomas, position, new_file, no_tie, set_choice):
    files = [await new_file(name) for name in ("Amina Okello", "Bao Nguyen", "Chloé Martin", "Dina Haddad")]
    await no_tie(tomas, *files)
    await set_choice(files[1], ChoiceState.NOT_SHORTLISTED)
    answers = {f"version_{file.choice.ref}": str((file is files[1] and 2) or 1) for file in files}
    answers |= {f"answer_{file.choice.ref}": answer for file, answer in zip(files, ["1", "1", "no"], strict=False)}

    missing = await as_tomas.post(
        f"/host/positions/{position.ref}/rate", data={**answers, f"answer_{files[0].choice.ref}": "9"}
    )
    answers[f"reason_{files[2].choice.ref}"] = "field"
    sent = await as_tomas.post(f"/host/positions/{position.ref}/rate", data=answers)

    assert missing.status_code == 422
    assert missing.text.count("Choose a reason.") == 2
    assert missing.text.count("Choose a tier, or say that you would not host.") == 2
    assert sent.status_code == 303
    assert [(await stands(file))[:3] for file in files] == [
        ("acceptable", 1, ""), ("acceptable", 1, ""), ("not_acceptable", None, "field"), ("waiting", None, None),
    ]  # fmt: skip


async def test_the_table_keeps_a_note_that_it_does_not_show(as_tomas, tomas, position, file, no_tie):
    await no_tie(tomas, file)
    await as_tomas.post(at(file, "/rate"), data={"version": "1", "answer": "2", "note": "Met her in May."})

    ref = file.choice.ref
    await as_tomas.post(f"/host/positions/{position.ref}/rate", data={f"version_{ref}": "2", f"answer_{ref}": "1"})

    assert await stands(file) == ("acceptable", 1, "", "Met her in May.")


async def test_a_stale_table_is_given_back_with_its_answers(as_tomas, tomas, position, new_file, no_tie):
    files = [await new_file("Amina Okello"), await new_file("Bao Nguyen")]
    await no_tie(tomas, *files)
    await as_tomas.post(at(files[0], "/rate"), data={"version": "1", "answer": "2"})
    late = {f"version_{file.choice.ref}": "1" for file in files} | {f"answer_{file.choice.ref}": "1" for file in files}

    response = await as_tomas.post(f"/host/positions/{position.ref}/rate", data=late)

    assert response.status_code == 409
    assert "Nothing of yours is lost" in response.text
    assert await stands(files[1]) == ("waiting", None, None, None)


async def test_the_table_says_when_somebody_has_gone(as_tomas, tomas, position, new_file, no_tie, set_choice):
    files = [await new_file("Amina Okello"), await new_file("Bao Nguyen")]
    await no_tie(tomas, *files)
    await set_choice(files[0], ChoiceState.RELEASED)
    answers = {f"version_{file.choice.ref}": "1" for file in files} | {
        f"answer_{file.choice.ref}": "1" for file in files
    }

    response = await as_tomas.post(f"/host/positions/{position.ref}/rate", data=answers)

    assert response.status_code == 422
    assert "is no longer a candidate" in response.text


async def test_the_table_shows_what_is_held_and_needed(as_tomas, tomas, position, file, no_tie):
    await no_tie(tomas, file)

    table = (await as_tomas.get(f"/host/positions/{position.ref}")).text

    assert "MSc Ornithology" in table
    assert "Swahili first language" in table
    assert "Spanish B1 is needed" in table


@pytest.mark.parametrize("rows", [1, 3])
async def test_pages_and_ratings_ask_the_same_however_many(
    as_tomas, tomas, position, new_file, no_tie, statements, rows
):
    files = [await new_file(f"Person {n}") for n in range(rows)]
    await no_tie(tomas, *files)
    table = f"/host/positions/{position.ref}"
    answers = {f"version_{file.choice.ref}": "1" for file in files} | {
        f"answer_{file.choice.ref}": "1" for file in files
    }

    counts = []
    for path in ("/host", table, f"{table}/ties", f"{table}/rate", at(files[0])):
        with statements() as asked:
            await as_tomas.get(path)
        counts.append(len(asked))
    with statements() as asked:
        await as_tomas.post(f"{table}/rate", data=answers)
    with statements() as alone:
        await as_tomas.post(at(files[0], "/rate"), data={"version": "2", "answer": "2"})

    assert counts == [3, 3, 3, 3, 2]
    # Who asks, the position, its candidates; then one each: the lock, choices, ratings, trace.
    assert len(asked) == 7
    assert len(alone) == 5
    async with read() as db:
        assert len(list(await db.scalars(select(Rating.id)))) == rows
        assert len(list(await db.scalars(select(Application.id)))) == rows
