"""Pages of the file that are left half done: what was typed is put aside as it stands, and shown again."""

from collections.abc import Mapping
from typing import Any, TypeVar

from litestar import Response

from internships.accounts.signed_in import SignedIn
from internships.applications import answers
from internships.applications.actions import answering
from internships.applications.forms.sections import Sectioned
from internships.applications.queries.mine import Mine
from internships.applications.routes.surroundings import LATER, NOT_TYPED, saved
from internships.applications.rules import DRAFT_MOST
from internships.applications.words import LABELS
from internships.core import text
from internships.core.i18n import lazy as _
from internships.core.i18n import say_list
from internships.web.forms import Filled, filled
from internships.web.pages import Asked, go_to

Page = TypeVar("Page", bound=Sectioned)


def comes_back_later(form: Filled[Page]) -> bool:
    """Whether the person pressed "Save and come back later"."""
    return form.typed("then") == LATER


async def put_aside(request: Asked, actor: SignedIn, page: str, model: type[Page], form: Filled[Page]) -> Response[str]:
    """Keep a page that can't be saved as an answer yet, and name what can't be kept at all."""
    typed = {name: form.typed(name) for name in model.model_fields if name not in NOT_TYPED}
    lost = [name for name, value in typed.items() if not _can_be_kept(value)]
    await answering.put_aside(actor, page, {name: value for name, value in typed.items() if name not in lost})
    if not lost:
        return saved(request, LATER)
    names = say_list([str(LABELS.get(name, name)) for name in lost])
    words = _("Saved, but for what can’t be kept: %(names)s. Type it again when you come back.")
    return go_to(request, "/application", said=words % {"names": names}, kind="warning")


def _can_be_kept(value: str) -> bool:
    return len(value) <= DRAFT_MOST and not text.has_controls(value.replace("\r", "\n"))


def as_left(model: type[Page], file: Mine, page: str, shown: Mapping[str, str]) -> Filled[Page]:
    """The form as its person left it: what is saved, and over it what was typed last."""
    return filled(model, **{**shown, **file.begun.get(page, {})}, version=answers.mark(shown))


def begun_in(file: Mine, section: str) -> dict[str, Any]:
    """What was typed of entries of a section that were left half done, by their reference."""
    pages = (page.partition("/") for page in file.begun)
    return {ref: file.begun[f"{name}/{ref}"] for name, _slash, ref in pages if name == section and ref}
