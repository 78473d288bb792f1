"""The catalogues hold the program's sentences, no more and no fewer, and keep their placeholders."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from tests.house.words import TRANSLATED, extracted, kept

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
WHOLE = re.compile(r"%\(\w+\)[sd]|%%")


def sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def keys(catalogue: Catalog) -> set[tuple[object, ...]]:
    return {(message.context, message.id) for message in sentences(catalogue)}


@pytest.fixture(scope="module")
def program() -> Catalog:
    return extracted()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_up_to_date(language, program):
    here = keys(kept(language))

    assert sorted(map(str, keys(program) - here)) == [], "bin/words adds what is new"
    assert sorted(map(str, here - keys(program))) == [], "bin/words drops what is gone"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_says_everything(language):
    unsaid = [message.id for message in sentences(kept(language)) if message.fuzzy or not all_said(message)]

    assert unsaid == []


def all_said(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(said)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_placeholders(language):
    wrong = [message.id for message in sentences(kept(language)) if not keeps_placeholders(message)]

    assert wrong == []


def keeps_placeholders(message: Message) -> bool:
    """A plural form may leave the number out ("one reserve"), and none may ask for what is not there."""
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    given = {name for each in ids for name in PLACEHOLDER.findall(each)}
    if isinstance(message.string, str):
        return not message.string or set(PLACEHOLDER.findall(message.string)) == given
    return all(set(PLACEHOLDER.findall(each)) <= given for each in message.string)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_percent_sign_begins_a_placeholder_or_is_doubled(language):
    """Anything else after it garbles the sentence, or breaks its page."""
    wrong = [each for message in sentences(kept(language)) for each in forms(message) if "%" in WHOLE.sub("", each)]

    assert wrong == []


def forms(message: Message) -> list[str]:
    """The sentence and its translation, in each number."""
    return [*spread(message.id), *spread(message.string)]


def spread(said: str | tuple[str, ...] | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else list(said)
