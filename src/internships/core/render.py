"""Templates: one Jinja environment for pages and letters, in whatever language is being spoken."""

import re
from collections.abc import MutableMapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from internships.core import clock, i18n
from internships.core.places import TEMPLATES
from internships.core.reasons import say_reason
from internships.core.settings import settings

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class Templates(Environment):
    """All templates have the same globals, so that what one imports from another is made once for all of them."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals


@lru_cache(maxsize=8192)
def _sentence(code: str, message: str, *, escaped: bool, whole: bool) -> str:
    """A sentence in a language, ready to be filled in; or whole, with nothing to fill in."""
    said = i18n.catalogue(code).gettext(message)
    if escaped:
        said = Markup(said)  # noqa: S704 -- the program's and the translators' words
    return said % {} if whole else said


@pass_eval_context
def _said(where: EvalContext, message: str, **values: Any) -> str:
    """`_("…")` in templates: what Jinja's own gives, but a page's dozens of sentences are not looked up each time."""
    said = _sentence(i18n.speaking(), str(message), escaped=bool(where.autoescape), whole=not values)
    return said % values if values else said


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment; `web` adds what only pages know (addresses, the static files)."""
    # Letters are plain text; everything else is escaped.
    made = Templates(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings().dev,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    # The i18n extension adds this method while the environment is made.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    made.filters.update(
        date=i18n.say_date,
        fromiso=date.fromisoformat,
        datetime=i18n.say_datetime,
        zone=i18n.say_zone,
        number=i18n.say_number,
        percent=i18n.say_percent,
        country=i18n.say_country,
        language_name=i18n.say_language,
        month=i18n.say_month,
        listed=i18n.say_list,
        names=i18n.say_names,
        place_in=i18n.say_place,
        reason=say_reason,
    )
    made.filters.update(usual_zone=i18n.usual_zone)
    made.tests.update(chosen_zone=clock.is_chosen)
    made.globals.update(_=_said, gettext=_said, direction_of=i18n.direction)
    return made


def html_of(text: str) -> Markup:
    """A plain letter as paragraphs, its addresses as links."""
    paragraphs = []
    for block in re.split(r"\n{2,}", text.strip()):
        linked = _ADDRESS.sub(
            lambda found: f'<a href="{found.group(0)}">{found.group(0)}</a>', escape(block, quote=False)
        )
        paragraphs.append(f"<p>{linked}</p>".replace("\n", "<br>\n"))
    return Markup("\n".join(paragraphs))  # noqa: S704 -- escaped above


def letter(kind: str, locale: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter in a language.

    The template is templates/FEATURE/letters/NAME.txt for the kind FEATURE/NAME; its first line is the subject.
    It gets the context, `link(path)` for an address of ours, and `contact`. What the context calls `secret`
    is forgotten once the letter has left.
    """
    feature, _, name = kind.partition("/")
    with i18n.in_language(locale):
        template: Template = environment().get_template(f"{feature}/letters/{name}.txt")
        known = {"contact": settings().contact, "link": lambda path: f"{settings().site}/{i18n.speaking()}{path}"}
        written = template.render(**known, **context)
        subject, _, body = written.strip().partition("\n")
        subject, body = " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
        shell = environment().get_template("layouts/letter.html")
        html = shell.render(subject=subject, body=html_of(body), language=i18n.speaking(), direction=i18n.direction())
    return subject, body, html
