"""How the header shows a person: name, role, the roles they may switch to, and the menu of each role."""

from internships.accounts.rules import Actor, Role
from internships.accounts.words import ROLES, working_as
from internships.core.i18n import lazy_p
from internships.web.site import Known, Other, introduce

MENUS: dict[Role | None, list[tuple[object, str]]] = {
    None: [
        (lazy_p("menu", "Positions"), "/positions"),
        (lazy_p("menu", "Reserves"), "/reserves"),
        (lazy_p("menu", "Can I apply?"), "/check"),
        (lazy_p("menu", "How places are given"), "/how-places-are-given"),
    ],
    Role.APPLICANT: [
        (lazy_p("menu", "My application"), "/application"),
        (lazy_p("menu", "Positions"), "/positions"),
        (lazy_p("menu", "Reserves"), "/reserves"),
        (lazy_p("menu", "How places are given"), "/how-places-are-given"),
    ],
    Role.HOST: [
        (lazy_p("menu", "Start"), "/host"),
        (lazy_p("menu", "Who is coming"), "/host/places"),
        (lazy_p("menu", "Positions"), "/positions"),
    ],
    Role.REVIEWER: [
        (lazy_p("menu", "Reviews"), "/reviews"),
    ],
    Role.STAFF: [
        (lazy_p("menu", "Start"), "/staff"),
        (lazy_p("menu", "Eligibility"), "/screening"),
        (lazy_p("menu", "Applications"), "/applications"),
        (lazy_p("menu", "Reviews"), "/assignments"),
        (lazy_p("menu", "Matching"), "/matching"),
        (lazy_p("menu", "Places"), "/places"),
        (lazy_p("menu", "Letters"), "/letters"),
        (lazy_p("menu", "People"), "/people"),
    ],
    Role.ADMIN: [
        (lazy_p("menu", "People"), "/people"),
        (lazy_p("menu", "Letters"), "/letters"),
    ],
    Role.OBSERVER: [
        (lazy_p("menu", "Positions"), "/positions"),
        (lazy_p("menu", "Reserves"), "/reserves"),
    ],
}
HOMES = {
    Role.APPLICANT: "/application",
    Role.HOST: "/host",
    Role.REVIEWER: "/reviews",
    Role.STAFF: "/staff",
    Role.ADMIN: "/people",
    Role.OBSERVER: "/",
}


def known(actor: Actor | None) -> Known | None:
    """The person for the header."""
    if actor is None:
        return None
    others = [Other(held.id, working_as(held)) for held in actor.others]
    return Known(actor.name, actor.role, ROLES[actor.role], others)


def menu(actor: Actor | None) -> list[tuple[object, str]]:
    """The entries of the menu, for the role that the person is in."""
    return MENUS.get(actor.role if actor else None, [])


def home(actor: Actor | None) -> str:
    """The start page of a role."""
    return HOMES.get(actor.role, "/") if actor else "/"


def introduce_people() -> None:
    """Tell the pages how to show people."""
    introduce(known, menu, home)
