"""What the outermost layer says by itself, where no page can: in the reader's language, as a page for browsers."""

from msgspec import Struct

from internships.core import i18n, render
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.web import static


class Said(Struct, frozen=True):
    """An answer: its status, what it says to programs, and what it says to people besides what the status says."""

    status: int
    words: str
    why: Lazy | None = None
    incident: str = ""


NOT_OURS = Said(400, "No site of this name is served here.", _("No site of this name is served here."))
FROM_ELSEWHERE = Said(403, "This request came from another site.", _("This request came from another site."))


def failed(incident: str) -> Said:
    """Something went wrong, known to operators by this number."""
    return Said(500, f"Something went wrong on our side. Incident {incident}", incident=incident)


def as_page(said: Said, language: str, site: str) -> bytes:
    """A page that stands on nothing else: no request, nobody who is signed in, no addresses of routes."""
    with i18n.in_language(language):
        page = render.environment().get_template("errors/apart.html")
        style = static.address("site.css")
        return page.render(said=said, language=language, home=f"{site}/{language}", style=style).encode()
