"""Every table there is, and bringing a database up to this version."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from internships.accounts import models as accounts
from internships.applications import models as applications
from internships.core import models as core
from internships.core.db import Base
from internships.core.places import MIGRATIONS
from internships.core.settings import Settings
from internships.cycles import models as cycles
from internships.matching import models as matching
from internships.placements import models as placements
from internships.reserves import models as reserves
from internships.reviews import models as reviews

ALL = (core, accounts, cycles, reserves, applications, reviews, matching, placements)
TABLES = Base.metadata


def alembic_config() -> Config:
    """Alembic's configuration without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config


def migrate(to: str = "head") -> None:
    """Bring the database of the settings to a version; `head` is this program's."""
    if to in {"head", "heads"} or to.startswith("+"):
        command.upgrade(alembic_config(), to)
    else:
        command.downgrade(alembic_config(), to)


def head() -> str:
    """The version that this program was written for."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


async def version_of(of: Settings) -> str | None:
    """The version of a database; None when it has no tables of ours."""
    engine = create_async_engine(of.async_url)

    def _version(connection: Connection) -> str | None:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return None
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))

    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_version)
    finally:
        await engine.dispose()
