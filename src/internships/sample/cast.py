"""The people whom everybody who tries the program meets: two of each role."""

from datetime import date, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from internships.accounts.rules import Role
from internships.sample.names import Name
from internships.sample.people import SamplePerson, Study, Work

PASSWORD: Final = "mountains-are-for-everyone"  # noqa: S105 -- printed on purpose; a real database refuses sample people


class Member(Struct, frozen=True):
    """Somebody with an account and no application."""

    email: str
    role: Role
    name: Name
    locale: str
    zone: str
    reserve: str | None = None


def _member(account: str, role: Role, name: str, locale: str, zone: str, reserve: str | None = None) -> Member:
    own, _, latin = name.partition("|")
    return Member(f"{account}@example.org", role, Name(own, latin or None, ""), locale, zone, reserve)


MEMBERS: Final = (
    _member("host-a", Role.HOST, "Tomás Álvarez Riego", "es", "Europe/Madrid", "es-omana-luna"),
    _member("host-b", Role.HOST, "Wambui Njoroge", "en", "Africa/Nairobi", "ke-mount-kenya"),
    _member("reviewer-a", Role.REVIEWER, "रवि थापा|Ravi Thapa", "en", "Asia/Kathmandu"),
    _member("reviewer-b", Role.REVIEWER, "Claire Favre", "fr", "Europe/Paris"),
    _member("staff-a", Role.STAFF, "Ingrid Solberg", "en", "Europe/Oslo"),
    _member("staff-b", Role.STAFF, "陈伟|Chen Wei", "zh-Hans", "Asia/Shanghai"),
    _member("admin", Role.ADMIN, "Marta Kovač", "en", "Europe/Ljubljana"),
    _member("observer", Role.OBSERVER, "يوسف الحداد|Youssef Haddad", "ar", "Africa/Casablanca"),
)


def applicants(on: date) -> list[SamplePerson]:
    """applicant-a has sent a strong application early, applicant-b one in the last days."""
    amina = SamplePerson(
        number=1,
        name=Name("Amina Wanjiru Okello", None, "Amina"),
        email="applicant-a@example.org",
        gender="female",
        born_on=_years_before(on, 25),
        nationality="KE",
        residence="KE",
        locale="en",
        zone="Africa/Nairobi",
        languages={"sw": "native", "en": "C1", "fr": "B1", "es": "B1"},
        studies=[
            Study(6, "0521", "University of Nyeri", "KE", on.year - 7, on.year - 3),
            Study(7, "0522", "University of Nyeri", "KE", on.year - 2, None),
        ],
        works=[Work("research", "Stream gauging with water users", "Nyeri", "KE", date(on.year - 2, 3, 1), None)],
        writes_in="en",
        motivation="I grew up below the moorlands of Mount Kenya, where three rivers that my family drinks from begin. "
        "My thesis follows their low flows over thirty years, with the notebooks of the people who measured them.",
        use_after="I want to bring methods back that our water users can afford, and to publish the series openly.",
        town="Nyeri",
        finishes=True,
        haste=0.2,
        merit=2.6,
    )
    mateo = replace(
        amina,
        number=2,
        name=Name("Mateo Quispe Flores", None, "Mateo"),
        email="applicant-b@example.org",
        gender="male",
        born_on=_years_before(on, 28),
        nationality="PE",
        residence="PE",
        locale="es",
        zone="America/Lima",
        languages={"es": "native", "qu": "B2", "en": "B2"},
        studies=[Study(6, "0821", "Universidad de Huaraz", "PE", on.year - 8, on.year - 4)],
        works=[Work("work", "Técnico de vivero forestal", "Huaraz", "PE", date(on.year - 4, 8, 1), None)],
        writes_in="es",
        motivation="Vengo de una comunidad que cuida bofedales sobre los cuatro mil metros. He aprendido a medirlos, "
        "y quiero aprender cómo otros los restauran.",
        use_after="Llevaría lo aprendido al vivero de mi comunidad y al parque, en castellano y en quechua.",
        town="Huaraz",
        haste=0.93,
        merit=1.2,
    )
    return [amina, mateo]


def _years_before(on: date, years: int) -> date:
    return date(on.year - years, on.month, min(on.day, 28)) - timedelta(days=100)
