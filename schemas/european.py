"""What people all over Europe call countries, currencies and months: a table made ahead of time from Babel's (CLDR).

To ask Babel for the words of forty languages takes a second, which a single mistyped country would cost.  The table,
`european.json`, is made by `python docs/make_tables.py`; a test keeps it current.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from schemas.meanings import unambiguous

TABLE = "european.json"


def meaning(kind: str, word: str) -> str | None:
    """What the folded *word* stands for, of the *kind* "countries", "currencies" or "months"; None = nothing known."""
    return _words(kind).get(word)


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {word: code for code, words in _table()[kind].items() for word in words}


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    table: Mapping[str, Mapping[str, list[str]]] = json.loads(files("schemas").joinpath(TABLE).read_text("utf-8"))
    return table


def table_of(kinds: Mapping[str, Iterable[tuple[str, str]]]) -> str:
    """The table as text: of every kind the pairs of a word and its code, but for words that stand for two codes."""
    return "{" + ",\n\n".join(f'"{kind}": {{\n{_lines(_by_code(pairs))}\n}}' for kind, pairs in kinds.items()) + "}\n"


def _lines(words: Mapping[str, list[str]]) -> str:
    """A line for each code, so that one sees what a new version of CLDR has changed."""
    return ",\n".join(f'"{code}": {json.dumps(of_code, ensure_ascii=False)}' for code, of_code in words.items())


def _by_code(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, code in sorted(unambiguous(pairs).items()):
        found.setdefault(code, []).append(word)
    return dict(sorted(found.items()))
