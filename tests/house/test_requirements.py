"""The locked lists hold what pyproject.toml asks for, each with its hashes and no address."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from internships.core.places import HOME

PROJECT: dict[str, Any] = tomllib.loads((HOME / "pyproject.toml").read_text())
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
ENTRY = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ \\]+)", re.MULTILINE)


def locked(name: str) -> dict[str, set[str]]:
    """Each package with its versions: there may be one for each Python."""
    found: dict[str, set[str]] = {}
    for package, version in ENTRY.findall((HOME / "requirements" / name).read_text()):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def asked_for(*groups: str) -> Iterator[Requirement]:
    yield from map(Requirement, PROJECT["project"]["dependencies"])
    for group in groups:
        yield from (Requirement(each) for each in GROUPS[group] if isinstance(each, str))


@pytest.mark.parametrize(("name", "groups"), [("run.txt", ["build"]), ("dev.txt", ["build", "dev"])])
def test_every_dependency_is_locked_within_its_range(name, groups):
    versions = locked(name)

    for wanted in asked_for(*groups):
        chosen = versions.get(canonicalize_name(wanted.name), set())
        assert chosen, f"{wanted} is not in requirements/{name}"
        assert all(version in wanted.specifier for version in chosen), f"{wanted}, but {chosen} in requirements/{name}"


def test_developers_run_the_same_versions():
    run, dev = locked("run.txt"), locked("dev.txt")

    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_version_has_a_hash_and_no_address(name):
    text = (HOME / "requirements" / name).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())

    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://|file:|--index|--find-links", text)
