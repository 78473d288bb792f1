"""Giving, replacing and removing a document in Chromium, with script and without."""

import pytest
from playwright.async_api import expect

from tests.applications.giving import GIVE, kept, work
from tests.papers import a_pdf, a_picture


def chosen(name: str, content: bytes) -> dict[str, object]:
    kind = "image/png" if name.endswith(".png") else "application/pdf"
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_document_is_given_corrected_replaced_and_removed(new_page, amina, file, javascript):
    page = await new_page(amina, width=360, javascript=javascript)
    await page.goto("/en/application")
    await page.get_by_role("link", name="Your documents").click()

    vitae = page.get_by_role("region", name="Curriculum vitae")
    await vitae.get_by_label("Choose a file").set_input_files([chosen("cv.pdf", b"<html>")])
    await vitae.get_by_role("button", name="Send this file").click()
    await expect(page.get_by_role("link", name="This is not a PDF")).to_be_visible()
    await expect(page.locator("#error-summary")).to_be_focused()

    await vitae.get_by_label("Choose a file").set_input_files([chosen("Été.pdf", a_pdf())])
    await vitae.get_by_role("button", name="Send this file").click()
    await expect(page.get_by_text("Your file is saved. We are checking it.")).to_be_visible()
    await expect(vitae.get_by_text("We are checking it")).to_be_visible()

    await work()
    if not javascript:
        await page.reload()
    await expect(vitae.get_by_text("Checked", exact=True)).to_be_visible()
    async with page.expect_download() as saving:
        await vitae.get_by_role("link", name="Été.pdf", exact=True).click()
    assert (await saving.value).suggested_filename == "Été.pdf"

    await vitae.get_by_role("link", name="Replace").click()
    await page.get_by_label("The new file").set_input_files([chosen("photo.png", a_picture())])
    await page.get_by_role("button", name="Replace it with this file").click()
    await expect(vitae.get_by_text("photo.png").first).to_be_visible()

    await vitae.get_by_role("link", name="Remove").click()
    await page.get_by_role("button", name="Remove this document").click()
    await expect(page.get_by_text("The document is removed.")).to_be_visible()
    assert page.url.endswith(GIVE)
    assert not await kept()
