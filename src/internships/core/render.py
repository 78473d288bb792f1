"""Templates: one Jinja environment for pages and letters, in whatever language is being spoken."""

import re
from datetime import date, datetime
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
from internships.core.templates import Templates

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


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
        instant=datetime.fromisoformat,
        datetime=i18n.say_datetime,
        passed=i18n.say_passed,
        zone=i18n.say_zone,
        number=i18n.say_number,
        filesize=i18n.say_size,
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
    made.globals.update(_=_said, gettext=_said, direction_of=i18n.direction, letter_language=letter_language)
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


@lru_cache(maxsize=256)
def _has_all(name: str, code: str) -> bool:
    """Whether a language has every sentence of a template."""
    source = environment().loader.get_source(environment(), name)[0]  # type: ignore[union-attr]
    found = environment().extract_translations(source)  # type: ignore[attr-defined]
    said = {message if isinstance(message, str) else message["p" in how] for _line, how, message in found}
    return said <= i18n.sentences(code)


def letter_language(kind: str, locale: str) -> str:
    """The language that a letter comes out in: the reader's, or English where a sentence of theirs is missing.

    Sentences of two languages in one letter, or an English sentence with a Spanish date in it, are worse than either.
    """
    feature, _, name = kind.partition("/")
    names = (f"{feature}/letters/{name}.txt", "layouts/letter.html")
    # English is the key itself: nothing of it can be missing.
    whole = locale in i18n.LANGUAGES and locale != i18n.DEFAULT and all(_has_all(each, locale) for each in names)
    return locale if whole else i18n.DEFAULT


def letter(kind: str, locale: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter in a language.

    The template is templates/FEATURE/letters/NAME.txt for the kind FEATURE/NAME; its first line is the subject.
    It gets the context, `link(path)` for an address of ours, and `contact`. What the context calls `secret`
    is forgotten once the letter has left.
    """
    feature, _, name = kind.partition("/")
    with i18n.in_language(letter_language(kind, locale)):
        template: Template = environment().get_template(f"{feature}/letters/{name}.txt")
        known = {"contact": settings().contact, "link": lambda path: f"{settings().site}/{i18n.speaking()}{path}"}
        written = template.render(**known, **context)
        subject, _, body = written.strip().partition("\n")
        subject, body = " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
        shell = environment().get_template("layouts/letter.html")
        html = shell.render(subject=subject, body=html_of(body), language=i18n.speaking(), direction=i18n.direction())
    return subject, body, html
