"""Whether this process is alive, and whether it can serve."""

from litestar import Response, get
from sqlalchemy import text

from internships.core.db import read
from internships.core.files import store
from internships.web.allow import anyone


@get("/healthz", name="health.alive", guards=[anyone])
async def alive() -> Response[str]:
    return Response("ok", media_type="text/plain", headers={"Cache-Control": "no-store"})


@get("/readyz", name="health.ready", guards=[anyone])
async def ready() -> Response[str]:
    """Ready when the database and the store of files answer; strangers are told no more than that."""
    try:
        async with read() as db:
            await db.execute(text("SELECT version_num FROM alembic_version"))
        await store.alive()
    except Exception:  # noqa: BLE001 -- whatever it is, the answer is no
        return Response("not ready", status_code=503, media_type="text/plain", headers={"Retry-After": "10"})
    return Response("ready", media_type="text/plain", headers={"Cache-Control": "no-store"})
