"""Every page of the file in each of its states."""

import pytest

PAGES = ["", "/about", "/studies", "/studies/new", "/languages", "/languages/new", "/experience", "/experience/new",
         "/motivation", "/choices", "/check"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_a_new_file_shows_every_page(as_amina, draft, path, statements):
    with statements() as asked:
        response = await as_amina.get(f"/application{path}")

    assert response.status_code == 200, response.text
    assert len(asked) <= 3


@pytest.mark.parametrize("path", PAGES)
async def test_a_complete_file_shows_every_page(as_amina, ready, path, statements):
    with statements() as asked:
        response = await as_amina.get(f"/application{path}")

    assert response.status_code == 200, response.text
    assert len(asked) <= 3
