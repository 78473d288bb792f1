"""Every part on one page, drawn with the program's own templates: for the tests, and to look at.

    python tests/components/gallery.py FOLDER

writes gallery-en.html, gallery-ar.html and their dark twins into the folder.
"""

import os
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from internships.core import i18n, render

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "static"
NAMES = {"motto": '"><script>alert(1)</script>', "full_name": "Amina الأطلسي-Ouedraogo"}


@dataclass
class FakeForm:
    """A form with what was typed and what is wrong, as the pages have it."""

    values: dict[str, list[str]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def typed(self, name: str) -> str:
        return (self.values.get(name) or [""])[0]

    def all_typed(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def error(self, name: str) -> str | None:
        return self.wrong.get(name)

    @property
    def errors(self) -> list[tuple[str, str]]:
        return list(self.wrong.items())


def typed_form() -> FakeForm:
    values = {
        **{name: [value] for name, value in NAMES.items()},
        "languages": ["fr", "es"],
        "gender": ["w"],
        "fit": ["4"],
    }
    wrong = {
        "mail": "Enter an e-mail address, such as name@example.org.",
        "born_year": "Enter the year you were born, with four digits.",
        "degree": "Choose the level you study at now.",
        "motivation": "Write what draws you to this reserve.",
        "passport": "Choose a file of up to 5 MB.",
        "declared": "Confirm that your answers are true.",
        "experience": "Choose what you have done, or that you have done none of these.",
        "method": "Give a score from 1 to 5.",
        "": "The call has closed.",
    }
    return FakeForm(values, wrong)


def site(direction: str, theme: str, *, signed_in: bool = True, ends_in: int | None = None) -> SimpleNamespace:
    """What `site` answers, for a person or for a stranger."""
    language = "ar" if direction == "rtl" else "en"
    others = [SimpleNamespace(id=7, label="Programme staff"), SimpleNamespace(id=8, label="Observer")]
    person = SimpleNamespace(name="Ingrid Solheim", role="staff", role_name="Reviewer", others=others)
    labels = ["Start", "Applications", "Review", "Matching", "Placements", "Letters", "Reports", "Settings"]
    return SimpleNamespace(
        language=language,
        direction=direction,
        languages=[SimpleNamespace(code=code, name=name, href=f"/{code}/") for code, name in i18n.LANGUAGES.items()],
        person=person if signed_in else None,
        menu=[
            SimpleNamespace(label=label, href=f"/{label}", current=label == "Review") for label in labels if signed_in
        ],
        notices=[SimpleNamespace(kind="ok", text="The review of Tomás Quispe is kept.")],
        csrf="token-of-this-page",
        path="/reviews",
        home=f"/{language}/",
        theme=theme,
        zone="Coordinated Universal Time (UTC+00:00)",
        dev=True,
        contact="internships@example.org",
        session_ends_in=ends_in,
    )


def environment(static: Path | None = None) -> Environment:
    """The program's environment, with addresses that lead nowhere and the gallery's own pages."""
    made = render.environment().overlay(loader=ChoiceLoader([render.environment().loader, FileSystemLoader(HERE)]))
    made.globals = {
        **made.globals,
        "url_for": lambda name, **_: f"/{name}",
        "static": lambda name: f"{static.as_uri()}/{name}" if static else f"/static/{name}",
    }
    return made


def moved(ref: str) -> str:
    return f"/applications/{ref}/move"


def gallery(
    direction: str = "ltr",
    theme: str = "light",
    static: Path | None = None,
    page: str = "gallery.html",
    ends_in: int | None = None,
) -> str:
    """A page of parts as HTML."""
    here = site(direction, theme, signed_in=page != "public.html", ends_in=ends_in)
    with i18n.in_language(here.language):
        then = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)
        return (
            environment(static)
            .get_template(page)
            .render(site=here, then=then, typed=typed_form(), blank=FakeForm(), once="k1", moved=moved)
        )


if __name__ == "__main__":
    os.environ.setdefault("INTERNSHIPS_DEV", "1")
    folder = Path(sys.argv[1])
    for name in ("gallery", "public"):
        for way, code in (("ltr", "en"), ("rtl", "ar")):
            for shade in ("light", "dark"):
                (folder / f"{name}-{code}-{shade}.html").write_text(
                    gallery(way, shade, STATIC, f"{name}.html"), "utf-8"
                )
