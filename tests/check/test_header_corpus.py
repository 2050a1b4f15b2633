"""What headers are taken for: a corpus of what people write, and the rules that the accepted words keep."""

import tomllib
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from importer.check.header import understood
from importer.model import Table, Where
from schemas import ENTITIES, entity_named
from schemas.entity import bare
from schemas.words import WORDS, words_for

CORPUS = tomllib.loads(Path(__file__).with_name("header_corpus.toml").read_text(encoding="utf-8"))
HEADERS = [(entity, header, means) for entity, those in CORPUS.items() for header, means in those.items()]

LEAST_RIGHT = 0.95


def test_no_header_is_taken_for_the_wrong_column_in_silence():
    """A header that means another column, or none, is never imported as if it were known."""
    silent = [
        (entity, header, means, found)
        for entity, header, means in HEADERS
        if (found := taken_for(entity, header)) != means and ":" not in found and found != "unknown"
    ]

    assert silent == []


def test_nearly_all_headers_are_understood():
    """Of the headers that people write, 95 in 100 are taken, suggested or left alone as a person would."""
    wrong = [(entity, header, means, taken_for(entity, header)) for entity, header, means in HEADERS]
    wrong = [one for one in wrong if one[2] != one[3]]

    assert len(HEADERS) >= 100
    assert 1 - len(wrong) / len(HEADERS) >= LEAST_RIGHT, wrong


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_word_means_one_column(entity):
    """On one sheet no header could be taken for two columns, however it is written."""
    meanings = defaultdict(set)
    for field in entity.fields:
        for word in (field.name, field.title, field.titel, *field.aliases, *words_for(field.name)):
            meanings[bare(word)].add(field.name)

    assert {word: names for word, names in meanings.items() if len(names) > 1} == {}


def test_words_belong_to_columns_that_exist():
    """No word is kept for a column that no sheet has."""
    names = {field.name for entity in ENTITIES for field in entity.fields}

    assert set(WORDS) - names == set()


def taken_for(entity, header):
    """What the check makes of a sheet with just this header: a field, `suggest:FIELD` or `unknown`."""
    frame = pd.DataFrame({0: pd.Series(["x"], index=[2], dtype="str")})
    found = understood(Table(Path("a.csv"), Where("a.csv"), (header,), 1, frame), entity_named(entity))
    if found.columns:
        return next(iter(found.columns))
    (note,) = found.notes
    return f"suggest:{note.suggestion}" if note.suggestion else "unknown"
