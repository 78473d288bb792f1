"""Counting tries: a sliding window over one table, shared by all processes."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from internships.accounts.models import Throttle
from internships.accounts.rules import Limit, wait
from internships.core import clock
from internships.core.faults import TooMany
from internships.core.i18n import lazy as _
from internships.core.settings import settings
from internships.core.writing import Transaction, write


def _keys(limit: Limit, account: str, address: str) -> dict[str, int]:
    """What is counted, and how often it may be; hashed, since addresses are nobody's business here."""
    named = {f"account:{account}": limit.account, f"address:{address}": limit.address, "overall": limit.overall}
    return {f"{limit.name}:{sha256(name.encode()).hexdigest()}": tries for name, tries in sorted(named.items())}


async def _counted(tx: Transaction, rows: list[dict[str, Any]]) -> Mapping[str, int]:
    """One more for every key, in one statement; how many there are now."""
    insert = sqlite.insert if settings().is_sqlite else postgresql.insert
    added = insert(Throttle).values(rows)
    more = added.on_conflict_do_update(index_elements=["key", "window"], set_={"count": Throttle.count + 1})
    found = await tx.execute(more.returning(Throttle.key, Throttle.count))
    return dict(iter(found))


async def try_once(limit: Limit, account: str, address: str) -> None:
    """Count one try.

    Raises:
        TooMany: the account, the address or everybody together has tried too often; says how long to wait.
    """
    tries, seconds = _keys(limit, account, address), limit.per.total_seconds()
    now = clock.now()
    window, elapsed = divmod(now.timestamp(), seconds)
    # In the order of the keys, so that two people never wait for each other.
    rows = [{"key": key, "window": int(window), "count": 1, "ends_at": now + 2 * limit.per} for key in sorted(tries)]
    async with write() as tx:
        counted = await _counted(tx, rows)
        earlier = select(Throttle.key, Throttle.count).where(
            tuple_(Throttle.key, Throttle.window).in_([(key, int(window) - 1) for key in tries])
        )
        before = dict(iter(await tx.execute(earlier)))
        longest = max(wait(tries[key], counted[key], before.get(key, 0), elapsed, seconds) for key in tries)
        if longest:
            minutes = -(-longest // 60)
            # Raising rolls back: what is refused is not counted.
            raise TooMany(
                _("Too many tries. Wait %(minutes)s min, then try again.") % {"minutes": minutes}, after=longest
            )


async def forget_old(tx: Transaction) -> None:
    """Remove counts that no window reaches any more."""
    await tx.execute(delete(Throttle).where(Throttle.ends_at < clock.now()))
