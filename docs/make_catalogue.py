"""Bring the gettext catalogues up to date with the code: `python docs/make_catalogue.py`, or `make messages`.

Collects every sentence that is said to people, keeps the translations that are there, and lists what has none yet.  A
sentence that was changed in English is a new one: its translation has to be looked at again.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from babel.messages import Catalog  # noqa: E402
from babel.messages.pofile import read_po, write_po  # noqa: E402
from jinja2.ext import babel_extract  # noqa: E402

from importer import errors  # noqa: E402
from importer.model import Status  # noqa: E402
from importer.templates.words import ENGLISH  # noqa: E402
from schemas import ENTITIES, messages  # noqa: E402

LANGUAGES = ("de",)

SAID = frozenset(
    (
        # Speech's own way of saying something, and the mark of what is said elsewhere.
        *("say", "english"),
        # Exceptions are said where they end the work.
        "unreadable",
        # Why a look-up came to nothing is said with the record.
        "Unknown",
        *(name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)),
    )
)
"""Calls whose first argument is a sentence."""
COUNTED = "counted"
"""The call whose first two arguments are one sentence, for one and for many."""

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

Sentence = str | tuple[str, str]
"""A sentence, or its form for one and for many."""


def sentences() -> Iterator[tuple[str, Sentence]]:
    """Every sentence that is said to people, with the file it stands in; some more than once."""
    for code, text in messages.TEXTS.items():
        yield "schemas/messages.py", (messages.ONE[code], text) if code in messages.ONE else text
    yield from (("importer/errors.py", text) for text in errors.EXIT_CODES.values())
    yield from (("importer/model.py", status.value.replace("_", " ")) for status in Status)
    for entity in ENTITIES:
        file = f"schemas/{entity.name}.py"
        yield from ((file, text) for text in (entity.sheet, entity.meaning))
        yield from ((file, field.meaning) for field in entity.fields)
    yield from (("importer/templates/words.py", text) for text in _in_words(ENGLISH))
    for path in sorted((ROOT / "importer").rglob("*.py")):
        yield from ((path.relative_to(ROOT).as_posix(), found) for found in _in_code(path))
    for path in sorted((ROOT / "importer").rglob("*.jinja")):
        yield from ((path.relative_to(ROOT).as_posix(), found) for found in _in_page(path))


def _in_words(words: object) -> Iterator[str]:
    """The sentences in the *words* of the templates, but for what is the same in every language."""
    match words:
        case str():
            if any(character.islower() for character in words):
                yield words
        case tuple():
            yield from (text for one in words for text in _in_words(one))
        case Mapping():
            yield from (text for one in words.values() for text in _in_words(one))
        case _:
            names = (field.name for field in fields(ENGLISH) if field.name != "language")
            yield from (text for name in names for text in _in_words(getattr(words, name)))


def _in_code(path: Path) -> Iterator[Sentence]:
    for name, call in calls(path):
        texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name == COUNTED and len(texts) > 1:
            yield texts[0], texts[1]
        elif texts and isinstance(call.args[0], ast.Constant):
            yield texts[0]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls in the module at *path* that say something, each with its name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {*SAID, COUNTED}:
                yield name, node


def _in_page(path: Path) -> Iterator[Sentence]:
    with path.open("rb") as page:
        for _, name, found, _ in babel_extract(page, [*SAID, COUNTED], [], {}):
            texts = (found,) if isinstance(found, str) else found
            yield (texts[0], texts[1]) if name == COUNTED else texts[0]


def file_of(language: str) -> Path:
    """The catalogue of *language*."""
    return ROOT / "importer" / "locale" / language / "LC_MESSAGES" / "importer.po"


def catalogue(language: str) -> Catalog:
    """The catalogue of *language* as it is to be: every sentence once, with the translation that is there."""
    old = Catalog(locale=language)
    if file_of(language).exists():
        old = read_po(BytesIO(file_of(language).read_bytes()), locale=language)
    new = Catalog(
        locale=language,
        project="sevensenders-importer",
        header_comment="# What sevensenders-importer says to people.  Made by docs/make_catalogue.py; translate here.",
        creation_date=BEGIN,
        revision_date=BEGIN,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    for file, sentence in sentences():
        known = old.get(sentence)
        new.add(sentence, known.string if known else "", locations=[(file, 1)], flags=known.flags if known else ())
    return new


def text(catalogue: Catalog) -> bytes:
    """*catalogue* as a .po file holds it."""
    file = BytesIO()
    write_po(file, catalogue, width=120, include_lineno=False)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[Sentence]:
    """The sentences that have no translation."""
    return [one.id for one in catalogue if one.id and not all(one.string if one.pluralizable else [one.string])]


if __name__ == "__main__":
    for language in LANGUAGES:
        made = catalogue(language)
        file_of(language).write_bytes(text(made))
        for sentence in untranslated(made):
            print(f"{language}: {sentence}")
