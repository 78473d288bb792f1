"""The page of a position, of a reserve, and the map."""

import pytest

from internships.cycles.rules import Level
from internships.reserves.rules import Origin
from tests.house.words import extracted
from tests.visitor import Visitor


async def test_a_position_says_what_when_for_whom_and_what_it_costs(visitor, new_position):
    position = await new_position(
        languages=(("es", Level.B1, True), ("qu", Level.A2, False)),
        held=1,
        illustrative=True,
        disclaimer="Not an offer.",
    )

    text = (await visitor.get(f"/positions/{position.ref}")).text

    assert "Spanish (B1): Can manage most everyday work situations" in text
    assert "Quechua (A2)" in text
    assert "within 15 April to 31 July" in text
    assert "8 to 12 weeks" in text
    assert "1 of 2 free" in text
    assert "450 EUR a month" in text
    assert "Housing is free" in text
    assert "Environmental sciences" in text
    assert "Not an offer." in text


async def test_the_text_is_the_readers_or_says_which_language_it_is(app, visitor, new_position):
    texts = (("es", Origin.ORIGINAL, "Contar cóndores"), ("fr", Origin.MACHINE, "Compter les condors"))
    position = await new_position("Contar condores", texts=texts)

    english = (await visitor.get(f"/positions/{position.ref}")).text
    async with Visitor(app, language="es") as spanish_speaker:
        spanish = (await spanish_speaker.get(f"/positions/{position.ref}")).text

    assert '<bdi lang="fr">Compter les condors</bdi>' in english
    assert "In French, translated by a machine." in english
    assert '<bdi lang="es">Contar cóndores</bdi>' in spanish


async def test_what_a_position_is_about_comes_before_its_figures(visitor, new_position):
    position = await new_position()

    response = await visitor.get(f"/positions/{position.ref}")

    assert response.text.index('class="lead"') < response.text.index('id="at-a-glance"')


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(visitor, new_position):
    position = await new_position()

    response = await visitor.get(f"/positions/{position.ref}")

    assert "/en/sign-in?next=" in response.text
    assert "<form" not in response.text.split("<main")[1]
    assert response.headers["cache-control"] == "public, max-age=60"


async def test_an_applicant_can_add_it_and_a_host_cannot(as_amina, as_tomas, new_position):
    position = await new_position()

    mine, theirs = [(await who.get(f"/positions/{position.ref}")).text for who in (as_amina, as_tomas)]

    assert f'action="/en/positions/{position.ref}/add"' in mine
    assert "/add" not in theirs


async def test_a_reserve_says_what_was_not_verified_and_how_exact_its_point_is(visitor, new_reserve):
    reserve = await new_reserve(
        "Ordino", lat=42.6069, lon=-1.5346, precision="town_proxy", unverified=["local_languages"], area_ha=8473.0,
        website="https://example.org/", source="A page", source_url="https://example.org/a",
    )  # fmt: skip

    text = (await visitor.get(f"/reserves/{reserve.slug}")).text

    assert "Spanish and Quechua (not verified)" in text
    assert "42.61° N, 1.53° W (approximate: the town from which the reserve is reached)" in text
    assert "85 km²" in text
    assert 'href="https://example.org/" rel="noopener' in text
    assert "This reserve offers nothing in this call." in text


@pytest.mark.parametrize("path", ["/positions/0000000000", "/positions/nothing", "/reserves/nothing", "/calls/nothing"])
async def test_what_is_unknown_is_not_found(visitor, path):
    assert (await visitor.get(path)).status_code == 404


async def test_the_map_has_each_reserve_as_a_link_and_again_in_its_list(visitor, new_reserve):
    await new_reserve("Ordino", lat=42.6, lon=1.5, precision="town_proxy")
    await new_reserve("Nowhere Known")

    text = (await visitor.get("/map")).text

    assert "Ordino (approximate place)" in text
    assert text.count('href="/en/reserves/ordino"') == 3  # the map of wide screens, that of phones, and the list
    assert text.count('href="/en/reserves/nowhere-known"') == 1
    assert "Place coordinates partly © GeoNames, CC BY 4.0 (geonames.org)." in text
    assert "Map: Natural Earth (public domain)." in text


async def test_names_of_hosts_are_written_as_text(visitor, new_position, new_reserve):
    reserve = await new_reserve("<b>Ridge", slug="ridge", theme="<script>alert(1)</script>")
    position = await new_position("<script>alert(2)</script>", slug="x", reserve_id=reserve.id)

    for path in ("/positions", f"/positions/{position.ref}", "/reserves", "/reserves/ridge", "/map"):
        assert "<script" not in (await visitor.get(path)).text


async def test_what_every_sample_position_says_is_translated_like_any_page(visitor, new_position):
    illustrative = "Illustrative text written for demonstration; not an offer of the reserve named."
    position = await new_position(illustrative=True, disclaimer=illustrative, host_type="Reserve management body")

    text = (await visitor.get(f"/positions/{position.ref}")).text

    assert "Reserve management body" in text
    assert {illustrative, "Reserve management body"} <= {message.id for message in extracted()}
