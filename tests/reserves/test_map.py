"""The world map: where things are drawn, what is joined, and that following a cluster shows what it counted."""

import gzip
from itertools import combinations
from math import hypot

import pytest
from jinja2 import Environment, FileSystemLoader

from internships.core import i18n
from internships.core.places import TEMPLATES
from internships.core.reference import table
from internships.reserves.map import APART, APART_ON_A_PHONE, HEIGHT, WIDTH, Box, Place, equal_earth, land, world

PLACES = tuple(
    Place(row["id"], row["name_en"], float(row["lat"]), float(row["lon"]), row["coord_precision"] == "town_proxy")
    for row in table("reserves")
    if row["lat"]
)
ORDINO = Place("ad-ordino", "Ordino", 42.6069, 1.5346, is_approximate=False)


@pytest.mark.parametrize(
    ("lat", "lon", "x", "y"), [(0, 0, 0, 0), (0, 180, 2.7066, 0), (90, 0, 0, 1.3173), (-90, 180, 1.6036, -1.3173)]
)
def test_the_projection_is_equal_earth(lat, lon, x, y):
    assert equal_earth(lat, lon) == pytest.approx((x, y), abs=1e-3)


def test_every_reserve_with_a_point_is_on_the_map_once():
    for marks in (world(PLACES).marks, world(PLACES).on_a_phone):
        drawn = [place for mark in marks for place in mark.places]

        assert sorted(place.slug for place in drawn) == sorted(place.slug for place in PLACES)


@pytest.mark.parametrize(("screen", "apart"), [("marks", APART), ("on_a_phone", APART_ON_A_PHONE)])
def test_marks_are_far_enough_apart_to_be_touched_and_inside_the_picture(screen, apart):
    marks = getattr(world(PLACES), screen)

    assert min(hypot(a.x - b.x, a.y - b.y) for a, b in combinations(marks, 2)) >= apart - 1
    assert all(apart / 2 <= mark.x <= WIDTH - apart / 2 for mark in marks)
    assert all(10 <= mark.y <= HEIGHT - 10 for mark in marks)


@pytest.mark.parametrize("screen", ["marks", "on_a_phone"])
def test_following_a_cluster_shows_exactly_the_reserves_that_it_counted(screen):
    for mark in getattr(world(PLACES), screen):
        box = Box.parse(str(mark.box))

        assert box is not None
        assert [place for place in PLACES if box.holds(place)] == mark.places


def test_links_stand_in_the_order_of_the_list():
    firsts = [mark.places[0] for mark in world(PLACES).marks]

    assert firsts == sorted(firsts, key=PLACES.index)


def test_a_mark_is_approximate_only_when_nothing_in_it_is_exact():
    vague = Place("ad-vague", "Vague", 42.6, 1.5, is_approximate=True)

    assert world((vague,)).marks[0].is_approximate
    assert not world((vague, ORDINO)).marks[0].is_approximate


def test_a_map_without_reserves_is_land():
    assert world(()).marks == []


def test_the_land_is_light_enough_for_a_thin_line():
    assert len(gzip.compress(land().encode())) <= 5_000


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "10,0,5,1", "0,0,91,0", "nan,0,1,1", "0,-200,1,1", "1,2,3,4,5"]
)
def test_what_is_no_box_is_refused(text):
    assert Box.parse(text) is None


def drawing(places: tuple[Place, ...]) -> str:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"], trim_blocks=True
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters["number"] = i18n.say_number
    env.globals["url_for"] = lambda name, **parts: "/".join(("/en", name, *parts.values()))
    return env.get_template("reserves/map.html").module.world_map(world(places))


def test_each_mark_is_a_link_with_its_name():
    vague = Place("np-chitwan", "Chitwan <Hills>", 27.5, 84.3, is_approximate=True)

    page = drawing((ORDINO, vague))

    assert 'href="/en/reserves.show/ad-ordino" aria-label="Ordino"' in page
    assert 'aria-label="Chitwan &lt;Hills&gt; (approximate place)"' in page


def test_a_cluster_is_a_link_to_the_list_of_that_part():
    near = Place("es-ordesa", "Ordesa-Viñamala", 42.6, 1.4, is_approximate=False)

    page = drawing((ORDINO, near))

    assert 'href="/en/reserves.index?within=42.6,1.4,42.7,1.6" aria-label="2 reserves in this part of the map"' in page


def test_the_whole_map_fits_the_budget_of_a_page():
    assert len(gzip.compress(drawing(PLACES).encode())) <= 9_000
