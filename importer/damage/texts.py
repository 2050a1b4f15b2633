"""Texts with garbled or lost letters, and texts that were cut off where programs cut them off."""

from collections.abc import Iterator

import numpy as np

from importer.damage.columns import Column, lengths, matching
from importer.damage.finding import Damage
from importer.damage.letters import found_again, has_lost, may_have_lost, mended, suspects

LEAST_ASKED = 3
"""So many texts with a question mark in a word are wanted before it is taken for a lost letter."""
MOST_BESIDE = 10
"""Where letters with accents come out right, they are this many times as many texts at most."""

CUT_AT = (255, 32_767)
"""Where old Excel and many databases, and where any Excel ends the text of a cell (Microsoft, Excel specifications)."""
LEAST_CUT = 2
ENDS = ".!?"
"""How a text ends that is whole."""
FREE_TEXTS = ("text", "one line of text", "web address")
"""Kinds of cells that may be long."""


def garbled(column: Column) -> Iterator[Damage]:
    """The texts of *column* that were read in a wrong encoding, or whose letters got lost on the way."""
    lost = {}
    for text in matching(column.foreign, suspects()).to_pylist():
        better = mended(text)
        whole = better.text if better else text
        if has_lost(whole):
            lost[text] = whole
        elif better:
            yield Damage(column.field, text, "letters_garbled", repair=whole.strip(), is_sure=better.is_sure)
    sound = _sound(column) if lost else ()
    for text, whole in lost.items():
        yield Damage(column.field, text, "letter_lost", repair=found_again(whole, sound))
    yield from _asked(column)


def _sound(column: Column) -> tuple[str, ...]:
    """Texts of *column* with letters as they should be."""
    return tuple(text for text in column.foreign.to_pylist() if not has_lost(text) and not mended(text))


def _asked(column: Column) -> Iterator[Damage]:
    """`M?ller`, `?sterreich`: programs write a question mark for a letter that they do not know."""
    if column.field.kind.name == "web address":
        return
    found = [text for text in column.with_mark("?") if may_have_lost(text)]
    sound = _sound(column) if found else ()
    known = {text: found_again(text, sound) for text in found}
    is_frequent = len(found) >= LEAST_ASKED and len(sound) <= MOST_BESIDE * len(found)
    for text in found:
        if is_frequent or known[text]:
            yield Damage(column.field, text, "letter_lost", repair=known[text], is_sure=False)


def cut_off(column: Column) -> Iterator[Damage]:
    """The texts of *column* that end where programs cut texts off, and none goes on beyond."""
    if column.field.kind.name not in FREE_TEXTS or column.longest < min(CUT_AT):
        return
    sizes = lengths(column.texts)
    most = int(sizes.max())
    if most not in CUT_AT:
        return
    full = {column.texts[int(at)].as_py() for at in np.flatnonzero(sizes == most)}
    found = [text for text in full if text[-1] not in ENDS]
    if len(found) >= LEAST_CUT or any(text[-1].isalnum() for text in found):
        facts = {"most": f"{most:,}"}
        yield from (Damage(column.field, text, "cut_off", facts, is_sure=False) for text in sorted(found))
