"""docker-compose.yml, the Dockerfile and Caddy's file, read: no engine is needed to see that they belong together."""

import re
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices

from internships.core.places import HOME
from internships.core.settings import Settings

COMPOSE: dict[str, Any] = yaml.safe_load((HOME / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (HOME / "Dockerfile").read_text()
CADDYFILE = (HOME / "deploy/Caddyfile").read_text()
OURS = ["migrate", "app", "worker"]


def known_settings() -> set[str]:
    names = {f"INTERNSHIPS_{name.upper()}" for name in Settings.model_fields}
    aliases = [field.validation_alias for field in Settings.model_fields.values()]
    return names | {str(name) for alias in aliases if isinstance(alias, AliasChoices) for name in alias.choices}


def test_the_program_runs_at_full_size():
    assert set(SERVICES) == {"migrate", "app", "worker", "postgres", "mail", "caddy"}
    assert SERVICES["app"]["deploy"]["replicas"] >= 2


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_that_the_program_knows(name):
    assert set(SERVICES[name]["environment"]) <= known_settings()


@pytest.mark.parametrize("name", OURS)
def test_the_program_can_do_no_more_than_it_needs(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "ports" not in service


@pytest.mark.parametrize("secret", ["INTERNSHIPS_SECRET", "OWNER_PASSWORD", "APP_PASSWORD"])
def test_no_secret_has_a_default(secret):
    used = re.findall(rf"\$\{{{secret}([^}}]*)\}}", (HOME / "docker-compose.yml").read_text())

    assert used
    assert all(rest.startswith(":?") for rest in used)


def test_only_migrating_may_change_a_table():
    users = {name: SERVICES[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0] for name in OURS}

    assert users == {"migrate": "internships_owner", "app": "internships_app", "worker": "internships_app"}


def test_who_serves_waits_until_the_tables_are_there_and_the_database_is_well():
    for name in ("app", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "pg_isready" in SERVICES["postgres"]["healthcheck"]["test"]


def test_rows_and_certificates_outlive_the_containers():
    assert {"rows", "files", "certificates"} == set(COMPOSE["volumes"])
    assert "rows:/var/lib/postgresql/data" in SERVICES["postgres"]["volumes"]
    for name in ("app", "worker"):
        assert f"files:{SERVICES[name]['environment']['INTERNSHIPS_FILES']}" in SERVICES[name]["volumes"]


def test_only_the_front_is_reached_from_outside():
    reachable = {
        name
        for name, service in SERVICES.items()
        if any(not str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
    }

    assert reachable == {"caddy"}


def test_the_program_believes_the_front_and_nobody_else():
    address = SERVICES["caddy"]["networks"]["inside"]["ipv4_address"]

    assert SERVICES["app"]["environment"]["INTERNSHIPS_TRUSTED_PROXIES"] == address


def test_every_image_that_is_fetched_names_its_version():
    fetched = [service["image"] for service in SERVICES.values() if "build" not in service]

    assert all(re.search(r":v?\d", image) for image in fetched)


def test_every_file_that_is_mounted_exists():
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]

    assert all((HOME / path).is_file() for path in mounted if path.startswith("."))


def test_the_image_is_built_from_hashes_and_runs_as_nobody_in_particular():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert "--require-hashes -r requirements/run.txt" in DOCKERFILE
    assert re.search(r"^USER \d+$", last_stage, re.MULTILINE)
    assert "HEALTHCHECK" in last_stage
    assert "/readyz" in last_stage


def test_the_image_is_given_all_that_the_wheel_is_made_of():
    given = {line[1:] for line in (HOME / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert given >= {"src", "alembic", "templates", "static", "locales", "pyproject.toml", "README.md", "LICENSE"}


def test_the_front_keeps_the_limits():
    said = " ".join(CADDYFILE.split())

    for limit in (
        "max_header_size 16KB",
        "read_header 30s",
        "read_body 30s",
        "max_size 6MB",
        "protocols tls1.2 tls1.3",
        'request>uri regexp "/(link|invitation|again)/[^/?]+" "/$1/-"',
        "request>headers>Referer delete",
    ):
        assert limit in said
    assert "trusted_proxies" not in said
