"""The catalogues against the sentences of the program; `bin/words` brings them up to date."""

import sys
import tomllib
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from internships.core.i18n import DEFAULT, LANGUAGES
from internships.core.places import HOME, LOCALES

# English is the key itself, so it needs no catalogue.
TRANSLATED = [code for code in LANGUAGES if code != DEFAULT]
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "lazy": None, "lazy_p": ((1, "c"), 2)}


def extracted() -> Catalog:
    """Every sentence of the program, with where it stands."""
    mappings = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: mapping for mapping in mappings}
    found = Catalog(project="internships", charset="utf-8")
    messages = extract_from_dir(HOME, methods, options, KEYWORDS, ["Translators:"], directory_filter=_is_ours)
    for name, line, message, comments, context in messages:
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def _is_ours(folder: str) -> bool:
    top = Path(folder).relative_to(HOME).parts[0]
    return top in {"src", "templates"}


def path_of(code: str) -> Path:
    """A language's catalogue."""
    return LOCALES / code / "messages.po"


def kept(code: str) -> Catalog:
    """A language's catalogue as it is; an empty one for a new language."""
    path, locale = path_of(code), code.replace("-", "_")
    if not path.exists():
        return Catalog(locale=locale, project="internships", charset="utf-8")
    with path.open("rb") as opened:
        return read_po(opened, locale=locale)


def main() -> None:
    """Add what is new, drop what is gone; nothing is guessed from sentences that look alike."""
    now = extracted()
    for code in TRANSLATED:
        catalogue = kept(code)
        now.creation_date = catalogue.creation_date  # so that a catalogue without news stays as it is
        catalogue.update(now, no_fuzzy_matching=True)
        path_of(code).parent.mkdir(parents=True, exist_ok=True)
        with path_of(code).open("wb") as opened:
            write_po(opened, catalogue, width=100, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        sys.stdout.write(f"{code}: {len(catalogue)} sentences, {missing} to translate\n")


if __name__ == "__main__":
    main()
