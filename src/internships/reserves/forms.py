"""The filters of the lists: what can be asked, and how it stands in the address."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from pydantic import AfterValidator, ConfigDict, Field

from internships.core.i18n import lazy as _
from internships.core.reference import COUNTRIES, REGIONS, THEMES, is_language
from internships.reserves.finding import Wanted
from internships.reserves.map import Box
from internships.web.forms import Filled, Form, Says, Ticked, Whole, wrong


def _country(code: str) -> str:
    if code.upper() not in COUNTRIES:
        raise wrong(_("Choose a country from the list."))
    return code.upper()


def _region(name: str) -> str:
    if name not in REGIONS:
        raise wrong(_("Choose a region from the list."))
    return name


def _language(code: str) -> str:
    if not is_language(code):
        raise wrong(_("Choose a language from the list."))
    return code


def _theme(code: str) -> str:
    if code not in THEMES:
        raise wrong(_("Choose a theme from the list."))
    return code


def _box(text: str) -> str:
    if Box.parse(text) is None:
        raise wrong(_("This part of the map does not exist. Choose one on the map."))
    return text


class FindForm(Form):
    """What somebody is looking for; what does not fit is said and left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Annotated[str, Field(max_length=100)] = ""
    region: Annotated[str | None, AfterValidator(_region)] = None
    country: Annotated[str | None, AfterValidator(_country)] = None
    month: Annotated[Whole | None, Field(ge=1, le=12), Says(_("Choose a month from the list."))] = None
    language: Annotated[str | None, AfterValidator(_language)] = None
    theme: Annotated[str | None, AfterValidator(_theme)] = None
    free: Ticked = False
    within: Annotated[str | None, AfterValidator(_box)] = None
    page: Annotated[Whole, Field(ge=1, le=10_000), Says(_("There is no such page; this is the first one."))] = 1

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            self.q, self.region, self.country, self.month, self.language, self.theme, self.free,
            Box.parse(self.within) if self.within else None,
        )  # fmt: skip

    def on(self) -> Iterator[tuple[str, str]]:
        """Each filter that is on, as it stands in the address."""
        for name in ("q", "region", "country", "month", "language", "theme", "within"):
            if value := getattr(self, name):
                yield name, str(value)
        if self.free:
            yield "free", "yes"

    def address(self, path: str, *, without: str = "", page: int = 1) -> str:
        """This search with one filter less, or at another page."""
        kept = [(name, value) for name, value in self.on() if name != without]
        if page > 1:
            kept.append(("page", str(page)))
        return f"{path}?{urlencode(kept)}" if kept else path


def fitting(filled: Filled[FindForm]) -> FindForm:
    """What can be searched for: everything that was not wrong."""
    if filled.value is not None:
        return filled.value
    right = {name: filled.typed(name) for name in FindForm.model_fields if not filled.error(name)}
    return FindForm.model_validate({name: value.strip() for name, value in right.items() if value.strip()})
