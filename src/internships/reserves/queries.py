"""What can be seen of reserves and positions, and how a position is called in the reader's language."""

from sqlalchemy import BindParameter, ScalarSelect, String, bindparam, case, select

from internships.reserves.models import Position, PositionText
from internships.reserves.rules import Origin

SPOKEN: BindParameter[str] = bindparam("spoken", type_=String())
"""The reader's language; bind it with `core.i18n.speaking()`."""

_wanted_first = case(
    (PositionText.language == SPOKEN, 0),
    (PositionText.language == "en", 1),
    (PositionText.language == "fr", 2),
    (PositionText.origin == Origin.ORIGINAL, 3),
    else_=4,
)


def _best(column: object) -> ScalarSelect[str]:
    """A column of the text that suits the reader: their language, English, French, then the original."""
    asked = select(column).where(PositionText.position_id == Position.id)  # type: ignore[call-overload]
    best: ScalarSelect[str] = asked.order_by(_wanted_first).limit(1).correlate(Position).scalar_subquery()
    return best


TITLE = _best(PositionText.title).label("title")
TITLE_LANGUAGE = _best(PositionText.language).label("title_language")
