"""What was sent when the session had ended, so that signing in again leads back to the page with the text."""

from sqlalchemy import delete, insert, select

from internships.accounts.models import Unsent
from internships.accounts.rules import UNSENT_FORMS, UNSENT_LASTS, worth_keeping
from internships.core import clock
from internships.core.ids import hashed, new_token
from internships.core.writing import write


async def keep(person_id: int, path: str, sent: dict[str, list[str]]) -> str | None:
    """Keep a form for the person whose page it came from; the token by which they alone find it again."""
    fields = worth_keeping(sent)
    if fields is None or len(path) > Unsent.path.type.length:
        return None
    token = new_token()
    ends_at = clock.now() + UNSENT_LASTS
    values = {"person_id": person_id, "path": path, "fields": fields, "ends_at": ends_at}
    theirs = Unsent.person_id == person_id
    newest = select(Unsent.id).where(theirs).order_by(Unsent.id.desc()).limit(UNSENT_FORMS).scalar_subquery()
    async with write() as tx:
        await tx.execute(insert(Unsent).values(token_hash=hashed(token), **values))
        await tx.execute(delete(Unsent).where(theirs, Unsent.id.not_in(newest)))
    return token
