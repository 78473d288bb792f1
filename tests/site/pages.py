"""Every page of the site: when it is there, for whom, and with which real things in its address."""

import re
from dataclasses import dataclass

from internships.sample.calendar import Phase


@dataclass(frozen=True, slots=True)
class Shown:
    """One page as one person sees it."""

    phase: Phase
    who: str
    path: str
    """With {names} of things, which `things` finds."""
    status: int = 200
    sent: bool = False
    """Whether its form is sent as it stands, for the page that says what is wrong."""


def _pages(phase: Phase, who: str, *paths: str) -> list[Shown]:
    return [Shown(phase, who, path) for path in paths]


_TASKS = ("about", "languages/new", "studies/new", "experience/new", "motivation", "check")
PAGES = [
    *_pages(
        Phase.OPEN, "nobody",
        "/", "/calls/{call}", "/check", "/help", "/privacy", "/accessibility", "/how-places-are-given", "/positions",
        "/positions?theme=water", "/positions/{position}", "/reserves",
        "/reserves/{reserve}", "/map", "/register", "/sign-in", "/sign-in/link", "/reset", "/invitation/{joining}",
        "/link/{confirm}", "/link/{sign_in}", "/link/{reset}", "/dev/outbox", "/dev/outbox/{letter}",
    ),
    *(Shown(Phase.OPEN, "nobody", path, 404) for path in ("/nowhere", "/link/used", "/invitation/used")),
    *(Shown(Phase.OPEN, "nobody", path, 422, sent=True) for path in ("/register", "/sign-in", "/reset")),
    Shown(Phase.OPEN, "nobody", "/check", sent=True),
    Shown(Phase.OPEN, "nobody", "/positions?theme=none-such"),
    *_pages(Phase.OPEN, "newcomer", "/application", "/account", "/account/password", "/positions/{position}"),
    Shown(Phase.OPEN, "newcomer", "/people", 403),
    *_pages(
        Phase.OPEN, "drafter",
        "/application", *(f"/application/{task}" for task in _TASKS), "/application/languages",
        "/application/languages/{skill}", "/application/languages/{skill}/remove", "/application/studies",
        "/application/studies/{study}", "/application/studies/{study}/remove", "/application/experience",
        "/application/experience/{work}", "/application/experience/{work}/remove", "/application/choices",
        "/application/choices/{choice}", "/application/choices/{choice}/remove", "/application/documents",
        "/application/documents/{document}/replace", "/application/documents/{document}/remove",
    ),
    Shown(Phase.OPEN, "drafter", "/application/documents/{document}/replace", 422, sent=True),
    *(Shown(Phase.OPEN, "drafter", f"/application/{path}/new", 422, sent=True) for path in ("languages", "studies")),
    *_pages(Phase.OPEN, "applicant-a", "/application", "/application/sent", "/application/withdraw"),
    *_pages(
        Phase.OPEN, "reviewer-a",
        "/reviews", "/reviews?view=all", "/reviews/{assigned}/conflict", "/reviews/{begun}", "/reviews/{finished}",
        "/reviews/{begun}/recuse",
    ),
    *(Shown(Phase.OPEN, "reviewer-a", path, 422, sent=True) for path in ("/reviews/{begun}", "/reviews/{assigned}/conflict")),
    *_pages(
        Phase.OPEN, "host-a",
        "/host", "/host/positions/{hosted}", "/host/positions/{hosted}/ties", "/host/positions/{hosted}/rate",
        "/host/candidates/{undeclared}",
    ),
    *_pages(
        Phase.OPEN, "staff-a",
        "/assignments", "/assignments/preview?each=1", "/assignments/{application}", "/people", "/people/{person}",
        "/people/{person}/memberships/{membership}/end", "/invitations", "/letters", "/letters/{letter}", "/screening",
        "/screening/{waiting}", "/screening/{waiting}/ask", "/screening/{waiting}/turn_away", "/applications",
        "/applications/positions", "/applications/{application}", "/applications/{waiting}", "/staff", "/staff/call",
    ),
    *_pages(Phase.OPEN, "admin", "/people", "/invitations"),
    *_pages(
        Phase.MATCHING, "staff-a",
        "/matching", "/matching/readiness", "/matching/rules/limits", "/matching/rules/limits/{limit}",
        "/matching/rules/lottery", "/matching/rules/minimums", "/matching/rules/pairs", "/matching/rules/reserved", "/matching/rules/teams",
        "/matching/rules/teams?first={application}&second={application}",
        "/matching/runs/{run}", "/matching/runs/{run}/approve", "/matching/runs/{run}/compare/{run}",
        "/matching/runs/{run}/letters/{application}", "/matching/runs/{run}/limits", "/matching/runs/{run}/people",
        "/matching/runs/{run}/people/{application}", "/matching/runs/{run}/picture", "/matching/runs/{run}/positions",
        "/matching/runs/{run}/positions/{position}", "/matching/runs/{run}/proof", "/matching/runs/{run}/try",
        "/matching/runs/{run}/what-if",
    ),
    *_pages(
        Phase.MATCHING, "host-a",
        "/host", "/host/positions/{hosted}", "/host/positions/{hosted}/rate", "/host/candidates/{declared}",
    ),
    *_pages(Phase.MATCHING, "applicant-a", "/application", "/why"),
    *_pages(Phase.OFFERS, "nobody", "/", "/positions"),
    *_pages(Phase.OFFERS, "host-a", "/host", "/host/places"),
    *_pages(Phase.OFFERS, "offered", "/application", "/offer", "/offer/accept", "/offer/decline", "/why"),
    Shown(Phase.OFFERS, "offered", "/offer/accept", 422, sent=True),
    *_pages(Phase.OFFERS, "placed", "/application", "/offer"),
    *_pages(Phase.OFFERS, "unplaced", "/application", "/offer", "/why"),
    *_pages(
        Phase.OFFERS, "staff-a",
        "/places", "/places/{seat}", "/places/{seat}/offers/{offer}", "/places/{taken}/close",
        "/places/{taken}/placements/{placement}", "/staff", "/staff/call", "/staff/call/start_placements",
        "/contests", "/contests/{contest}", "/letters", "/letters/{letter}", "/matching", "/matching/runs/{run}",
    ),
]  # fmt: skip

NO_PAGES = re.compile(
    r"/healthz|/readyz|.*\.json|/reviews/next|/host/candidates/[^/]+/next|/\{path:path\}"
    r"|.*/documents/\{document:str\}|.*/documents/[^/]+/(file|state)"
    r"|/sign-in/again/[^/]+"
)
"""What answers programs, what only sends people on, and what is a file to keep."""


def pattern(address: str) -> re.Pattern[str]:
    """What the paths of a route look like, whatever stands for its parameters."""
    return re.compile(re.sub(r"\{[^}]*\}", "[^/]+", address))
