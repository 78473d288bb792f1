"""What readers and hosts think of sample people: alike in the large, never quite of one mind."""

from collections.abc import Mapping
from random import Random

from internships.sample.figures import pick
from internships.sample.people import SamplePerson

COMMENTS = (
    "Clear plan, knows the reserve’s questions. I would ask about the dates.",
    "Good methods; the link to the community could be said more plainly.",
    "Strong motivation, little field experience so far. Would grow quickly.",
    "The use for the home region is convincing.",
    "Solid, though the text stays general in places.",
    "Excellent fit with the tasks; languages are enough.",
)
REFUSALS = ("skills", "languages", "season", "supervision")


def points(rng: Random, person: SamplePerson, scales: Mapping[str, int]) -> dict[str, int]:
    """One reader's points by criterion: the reader's own strictness, the file, and the mood of the moment."""
    strictness = rng.gauss(0, 0.35)
    return {
        code: _point(3.2 + 0.8 * person.merit - strictness + rng.gauss(0, 0.6), most) for code, most in scales.items()
    }


def _point(height: float, most: int) -> int:
    return max(0, min(most, round(height * most / 5)))


def comment(rng: Random) -> str:
    return pick(rng, COMMENTS)


def is_shortlisted(rng: Random, person: SamplePerson, lacking: int) -> bool:
    """Hosts read a little more than they can meet; who lacks what is required is hardly ever met."""
    return rng.gauss(person.merit, 0.7) > (1.4 if lacking else -0.8)


def tier(rng: Random, person: SamplePerson) -> int | None:
    """After meeting: first choice, gladly, could do; or nothing, when the host would not."""
    liked = rng.gauss(person.merit, 0.9)
    if liked > 1.2:
        return 1
    if liked > 0.3:
        return 2
    return 3 if liked > -0.8 else None
