"""The world map of the reserves, drawn on the server: land, marks, and clusters where marks would touch.

Equal Earth projection: Šavrič, Patterson and Jenny, “The Equal Earth map projection”, International Journal of
Geographical Information Science 33 (3), 2019, pages 454–465, https://doi.org/10.1080/13658816.2018.1504949
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from math import asin, ceil, cos, floor, hypot, radians, sin, sqrt
from typing import Final

from msgspec import Struct

from internships.core.reference import TABLES

WIDTH: Final = 1000
NORTH: Final = 84.0
SOUTH: Final = -57.0
"""No reserve lies beyond, and Antarctica would take a quarter of the picture."""
APART: Final = 36.0
"""Between two marks: 24 pixels where the map is drawn 667 pixels wide."""
APART_ON_A_PHONE: Final = 84.0
"""The same where it is drawn 286 pixels wide: fewer marks, so that the whole world is seen at once."""
FINENESS: Final = 0.5
SMALLEST: Final = 3.0

_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)
Point = tuple[float, float]


class Place(Struct, frozen=True):
    """A reserve that has a point."""

    slug: str
    name: str
    lat: float
    lon: float
    is_approximate: bool


class Box(Struct, frozen=True):
    """A part of the map, in degrees: what the list is filtered by when a cluster is followed."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, places: Iterable[Place]) -> "Box":
        """The smallest box of tenths of a degree that holds the places."""
        lats, lons = zip(*((place.lat, place.lon) for place in places), strict=True)
        down = floor(min(lats) * 10) / 10, floor(min(lons) * 10) / 10
        return cls(*down, ceil(max(lats) * 10) / 10, ceil(max(lons) * 10) / 10)

    @classmethod
    def parse(cls, text: str) -> "Box | None":
        """Read what `str(box)` wrote; nothing when it is no box."""
        try:
            south, west, north, east = (float(part) for part in text.split(","))
        except ValueError:
            return None
        is_box = -90 <= south <= north <= 90 and -180 <= west <= east <= 180
        return cls(south, west, north, east) if is_box else None

    def __str__(self) -> str:
        return f"{self.south:g},{self.west:g},{self.north:g},{self.east:g}"

    def holds(self, place: Place) -> bool:
        """Whether a place lies inside or on the edge."""
        return self.south <= place.lat <= self.north and self.west <= place.lon <= self.east


class Mark(Struct, frozen=True):
    """One link on the map: a reserve, or several that would touch."""

    x: int
    y: int
    places: list[Place]
    box: Box

    @property
    def is_cluster(self) -> bool:
        return len(self.places) > 1

    @property
    def is_approximate(self) -> bool:
        """Whether nothing here is more exact than a gateway town."""
        return all(place.is_approximate for place in self.places)


class Map(Struct, frozen=True):
    """What the template draws."""

    width: int
    height: int
    land: str
    marks: list[Mark]
    on_a_phone: list[Mark]


@lru_cache(maxsize=64)
def world(places: tuple[Place, ...]) -> Map:
    """The map of these reserves, its links in the order in which they were given."""
    return Map(WIDTH, HEIGHT, land(), _marks(places, APART), _marks(places, APART_ON_A_PHONE))


def equal_earth(lat: float, lon: float) -> Point:
    """Degrees to the plane, in radii of the Earth, y upwards."""
    a1, a2, a3, a4 = _A
    t = asin(sqrt(3) / 2 * sin(radians(lat)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * sqrt(3) * radians(lon) * cos(t) / (3 * slope)
    return x, t * (a4 * t**8 + a3 * t**6 + a2 * t**2 + a1)


_EDGE: Final = equal_earth(0, 180)[0]
_SCALE: Final = WIDTH / (2 * _EDGE)
_TOP: Final = equal_earth(NORTH, 0)[1]
HEIGHT: Final = round((_TOP - equal_earth(SOUTH, 0)[1]) * _SCALE)


def drawn(lat: float, lon: float) -> Point:
    """Degrees to the picture, y downwards."""
    x, y = equal_earth(lat, lon)
    return (x + _EDGE) * _SCALE, (_TOP - y) * _SCALE


@cache
def land() -> str:
    """The outline of the land as one path: simplified, in whole units, written in relative steps."""
    geometry = json.loads((TABLES / "land-110m.geojson").read_text("utf-8"))["features"][0]["geometry"]
    rings = (ring for polygon in geometry["coordinates"] for ring in polygon)
    visible = (ring for ring in rings if max(lat for _, lat in ring) > SOUTH)
    return "".join(_path([drawn(lat, lon) for lon, lat in ring]) for ring in visible)


def _path(ring: list[Point]) -> str:
    """Relative steps have fewer digits; a ring too small to be seen is left out."""
    if _area(ring) < SMALLEST:
        return ""
    far = max(range(len(ring)), key=lambda i: hypot(ring[i][0] - ring[0][0], ring[i][1] - ring[0][1]))
    kept = _simplified(ring[: far + 1])[:-1] + _simplified(ring[far:])[:-1]
    corners = [(round(x), round(y)) for x, y in kept]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(corners)]
    written = "".join(f"{x}{y}" if y < 0 else f"{x} {y}" for x, y in _spaced(steps))
    return f"M{corners[0][0]} {corners[0][1]}l{written}z"


def _spaced(steps: list[tuple[int, int]]) -> Iterator[tuple[str, int]]:
    """A minus sign separates numbers by itself; anything else needs a space."""
    moves = [step for step in steps if step != (0, 0)]
    for place, (x, y) in enumerate(moves):
        yield (f" {x}" if place and x >= 0 else f"{x}"), y


def _area(ring: list[Point]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def _simplified(line: list[Point]) -> list[Point]:
    """Douglas and Peucker's way: keep the corner furthest from the straight line, if it is far enough."""
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = hypot(x2 - x1, y2 - y1) or 1.0
    off = [abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length for x, y in line[1:-1]]
    furthest = max(range(len(off)), key=off.__getitem__)
    if off[furthest] < FINENESS:
        return [line[0], line[-1]]
    return _simplified(line[: furthest + 2])[:-1] + _simplified(line[furthest + 1 :])


def _marks(places: tuple[Place, ...], apart: float) -> list[Mark]:
    """Join the two groups that are closest until none are too close, and no box holds a stranger."""
    order = {place.slug: number for number, place in enumerate(places)}
    groups = [[place] for place in places]
    while pair := _to_join(groups, apart):
        first, second = pair
        joined = sorted(groups[first] + groups[second], key=lambda place: order[place.slug])
        groups = [group for number, group in enumerate(groups) if number not in pair] + [joined]
    groups.sort(key=lambda group: order[group[0].slug])
    return [_mark(group) for group in groups]


def _mark(group: list[Place]) -> Mark:
    x, y = _middle(group)
    return Mark(round(x), round(y), group, Box.around(group))


def _to_join(groups: list[list[Place]], apart: float) -> tuple[int, int] | None:
    middles = [_middle(group) for group in groups]
    pairs = [(first, second) for second in range(len(groups)) for first in range(second)]
    near = ((hypot(middles[a][0] - middles[b][0], middles[a][1] - middles[b][1]), (a, b)) for a, b in pairs)
    distance, closest = min(near, default=(apart, (0, 0)))
    if distance < apart:
        return closest
    boxes = [Box.around(group) for group in groups]
    return next((pair for pair in pairs if _overlap(groups, boxes, *pair)), None)


def _overlap(groups: list[list[Place]], boxes: list[Box], a: int, b: int) -> bool:
    """Whether a list filtered by one cluster's box would show a reserve of the other."""
    return any(map(boxes[a].holds, groups[b])) or any(map(boxes[b].holds, groups[a]))


def _middle(group: list[Place]) -> Point:
    xs, ys = zip(*(drawn(place.lat, place.lon) for place in group), strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)
