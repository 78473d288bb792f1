"""What an operator can set, read once from the environment, refused in words when it is wrong."""

from functools import cached_property, lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, HttpUrl, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
SAMPLE_SECRETS = frozenset({"changeme", "change-me", "secret", "please-change-this-secret-of-32-characters"})


class Settings(BaseSettings):
    """Every setting with its default; the names in the environment start with INTERNSHIPS_."""

    model_config = SettingsConfigDict(env_prefix="INTERNSHIPS_", frozen=True)

    dev: bool = False
    """Sample people, readable mail at /dev/outbox, and a secret that is not secret."""
    database_url: Annotated[str, Field(validation_alias=AliasChoices("DATABASE_URL", "INTERNSHIPS_DATABASE_URL"))] = (
        "sqlite:///internships.db"
    )
    host: Annotated[str, Field(validation_alias=AliasChoices("HOST", "INTERNSHIPS_HOST"))] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, validation_alias=AliasChoices("PORT", "INTERNSHIPS_PORT"))] = 8000
    base_url: HttpUrl | None = None
    """The address people use, for links in letters; http://HOST:PORT when it is not set."""
    allowed_hosts: str = ""
    """Other names, comma separated and with their ports, by which people may ask for the site."""
    secret: str = ""
    """At least 32 characters; signs form tokens and notices."""
    trusted_proxies: str = ""
    """Addresses or networks, comma separated, whose X-Forwarded-For is believed."""
    pool: Annotated[int, Field(ge=1, le=100)] = 5
    """Connections each process keeps for reading, and again for writing on PostgreSQL."""
    smtp_host: str = ""
    """Letters wait in the outbox while this is empty."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 25
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = "internships@localhost.localdomain"
    contact: str = "internships@localhost.localdomain"
    """The address that help texts and letters name."""
    files: str = ""
    """Where files are kept: a folder, or s3://BUCKET/PREFIX; a folder beside the database when it is not set."""
    clamav: str = ""
    """The scanner's daemon, HOST:PORT or the path of its socket; files are not scanned while this is empty."""
    with_worker: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _secret_is_secret(self) -> Self:
        if not self.dev and (len(self.secret) < 32 or self.secret in SAMPLE_SECRETS):
            message = "INTERNSHIPS_SECRET: at least 32 random characters were expected (or INTERNSHIPS_DEV=1)"
            raise ValueError(message)
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, given: str) -> str:
        for part in given.split(","):
            if part.strip():
                ip_network(part.strip(), strict=False)
        return given

    @field_validator("files")
    @classmethod
    def _files_are_somewhere(cls, given: str) -> str:
        scheme, found, rest = given.partition("://")
        if found and (scheme != "s3" or not rest.strip("/")):
            message = "a folder or s3://BUCKET/PREFIX was expected"
            raise ValueError(message)
        return given

    @field_validator("clamav")
    @classmethod
    def _scanner_has_an_address(cls, given: str) -> str:
        host, _, port = given.rpartition(":")
        if given and not given.startswith("/") and not (host and port.isdecimal() and 0 < int(port) < 65536):
            message = "HOST:PORT or the path of a socket was expected"
            raise ValueError(message)
        return given

    @property
    def signing_key(self) -> bytes:
        return (self.secret or "only for development, never for people").encode()

    @property
    def site(self) -> str:
        """The address of the site without a slash at its end."""
        return str(self.base_url).rstrip("/") if self.base_url else f"http://{self.host}:{self.port}"

    @property
    def is_https(self) -> bool:
        return self.site.startswith("https:")

    def is_called(self, host: str) -> bool:
        """Whether a request for this name, with its port, is for us: our own address, and on this machine any of its own."""
        asked = host.lower()
        if self.dev or self.base_url is None:
            name, _, port = asked.rpartition(":") if not asked.endswith("]") and ":" in asked else (asked, "", "")
            if name in LOOPBACK and (not port or port.isdecimal()):
                return True
        return asked in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        own = urlsplit(self.site)
        usual = {"http": ":80", "https": ":443"}[own.scheme]
        given = {name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()}
        return frozenset({own.netloc.lower(), own.netloc.lower() + usual} | given)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def async_url(self) -> str:
        """The database's address with the driver that the program uses."""
        scheme, _, rest = self.database_url.partition("://")
        drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
        base = scheme.partition("+")[0]
        if not rest or base not in drivers:
            message = (
                f"DATABASE_URL: sqlite:///FILE or postgresql://USER@HOST/NAME was expected, {scheme}://… was found"
            )
            raise WrongSetting(message)
        return f"{drivers[base]}://{rest}"

    @property
    def sqlite_file(self) -> Path:
        return Path(self.database_url.partition(":///")[2])

    @property
    def files_at(self) -> str:
        """The folder or bucket of files."""
        if self.files:
            return self.files
        return str((self.sqlite_file.parent if self.is_sqlite else Path()) / "files")


class WrongSetting(Exception):
    """A setting that the program can't run with; its text says which, and what was expected."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises:
        WrongSetting: in one line a setting, with its name and what was expected.
    """
    try:
        return Settings()
    except ValidationError as wrong:
        lines = []
        for error in wrong.errors():
            name = "_".join(str(part) for part in error["loc"])
            message = error["msg"].removeprefix("Value error, ")
            full = name.upper() if name.upper() in {"DATABASE_URL", "HOST", "PORT"} else f"INTERNSHIPS_{name.upper()}"
            lines.append(f"{full}: {message}, {error['input']!r} was found" if name else message)
        raise WrongSetting("\n".join(lines)) from None
