"""How much of the damage is found, how often sound cells are suspected, and whether what is proposed is right."""

from collections.abc import Iterator

import made
import pytest
import sound
from cases import Hurt, Looked, handmade, looked_at

SEEDS = (1, 2)


@pytest.fixture(scope="module")
def corpus() -> list[Looked]:
    """Every cell of the handmade and of the made cases, with what the detector says of it."""
    found = [*handmade(), *(case for seed in SEEDS for case in made.cases(seed))]
    return [looked for case in found for looked in looked_at(case)]


def hurt(corpus: list[Looked]) -> Iterator[tuple[Looked, Hurt]]:
    """The damaged cells of *corpus*."""
    return ((looked, looked.cell) for looked in corpus if isinstance(looked.cell, Hurt))


def test_the_corpus_is_large_enough(corpus):
    """There are 300 damaged cells of all kinds, and ten times as many that are sound."""
    damaged = sum(1 for _ in hurt(corpus))

    assert (damaged >= 300, len(corpus) - damaged >= 3000) == (True, True)


def test_damage_is_found(corpus):
    """At least 95 of 100 damaged cells are found."""
    missed = [(looked.case, looked.column, looked.text) for looked, _ in hurt(corpus) if looked.told is None]

    assert len(missed) <= 0.05 * sum(1 for _ in hurt(corpus)), missed


def test_sound_cells_are_left_alone(corpus):
    """Of 100 sound cells less than one is suspected, however odd they look."""
    sound = [looked for looked in corpus if not isinstance(looked.cell, Hurt)]
    suspected = [(looked.case, looked.column, looked.text, looked.told) for looked in sound if looked.told]

    assert len(suspected) < 0.01 * len(sound), suspected


def test_what_is_proposed_was_entered(corpus):
    """Wherever the files tell what was entered, that is proposed; and nothing where they do not."""
    wrong = [
        (looked.case, looked.column, looked.text, looked.told.repair, cell.was)
        for looked, cell in hurt(corpus)
        if looked.told and looked.told.repair != cell.was
    ]

    assert wrong == []


def test_no_sound_cell_keeps_its_row_out(corpus):
    """Where a sound cell is suspected after all, that is a note, and never an error."""
    sound = [looked for looked in corpus if not isinstance(looked.cell, Hurt)]

    assert [looked for looked in sound if looked.told and looked.told.is_sure] == []


def test_codes_that_shops_and_carriers_use_are_left_alone():
    """Of two dozen sorts of codes, in short and in long columns, less than one in 100 is noted and none rejected."""
    looked = [one for case in sound.cases(seed=3) for one in looked_at(case)]
    suspected = [(one.case, one.text, one.told) for one in looked if one.told]

    assert len(suspected) < 0.01 * len(looked), suspected
    assert [one for one in suspected if one[2].is_sure] == []
