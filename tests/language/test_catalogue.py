"""Whether everything that is said can be said in German."""

import ast
import runpy
import string
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from importer.speech import Speech
from schemas import ENTITIES, messages

ROOT = Path(__file__).parents[2]
STAY_ENGLISH = ("WrongSettings", "RowRefused", "Unknown")
MADE = runpy.run_path(str(ROOT / "docs" / "make_catalogue.py"))


@pytest.fixture(scope="module")
def german() -> Catalog:
    """The catalogue as it is shipped."""
    with MADE["file_of"]("de").open("rb") as file:
        return read_po(file, locale="de")


@pytest.fixture(scope="module")
def sentences() -> set[str | tuple[str, str]]:
    """Every sentence that the code says, one form or two."""
    return {sentence for _, sentence in MADE["sentences"]()}


def test_every_sentence_is_translated(german, sentences):
    """Each sentence is in the catalogue with its translation, and none is only guessed; `make messages` lists them."""
    missing = [
        sentence
        for sentence in sentences
        if (found := german.get(sentence)) is None or found.fuzzy or not all(forms(found.string))
    ]

    assert missing == []


def test_nothing_is_translated_that_nobody_says(german, sentences):
    """A sentence that was taken out or changed leaves no translation behind; `make messages` removes it."""
    said = {form for sentence in sentences for form in forms(sentence)}

    assert [message.id for message in german if message.id and not set(forms(message.id)) & said] == []
    assert list(german.obsolete) == []


def test_translations_name_the_same_facts(german):
    """What is put into the English sentence is put into the German one; the number may be missing where it is one."""
    wrong = [
        (message.id, form)
        for message in german
        if message.id
        for form in forms(message.string)
        if facts(form) != facts(forms(message.id)[-1]) and facts(form) != facts(forms(message.id)[0])
    ]

    assert wrong == []


def test_facts_of_codes_are_known():
    """A sentence for one has the facts of the sentence for many, but for the number."""
    for code, one in messages.ONE.items():
        assert facts(messages.TEXTS[code]) - facts(one) <= {"count"}, code


def test_sheets_are_called_as_in_the_templates():
    """Where a German sentence names a sheet, it is the title that the German template has."""
    assert {entity.sheet: Speech("de").say(entity.sheet) for entity in ENTITIES} == {
        entity.sheet: entity.blatt for entity in ENTITIES
    }


def test_sentences_are_whole_in_the_code():
    """What is said is never put together in the code, where no translator could turn it round.

    But for wrong settings, which stay English since they speak of options and of names in files, and for what a server
    has said or does not say, in the words of HTTP.
    """
    glued = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "importer").rglob("*.py")
        for name, call in MADE["calls"](path)
        if name not in STAY_ENGLISH and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]

    assert glued == []


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """The sentence, or its forms for one and for many."""
    return text if isinstance(text, tuple) else (text,)


def facts(sentence: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
