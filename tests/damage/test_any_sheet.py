"""Whatever a sheet holds, it is looked at without trouble, and only what is listed is changed."""

from cases import sheet
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.damage import found, listed, repaired
from schemas import ENTITIES

PIECES = (
    "4.01E+12",
    "1E5",
    "00",
    "012",
    "2026-03-01",
    "1-Mar",
    "MAR-01",
    "Ã¼",
    "Ã",
    "�",
    "?",
    ".0",
    " ",
    "9",
    "7",
    "E",
    "DE",
)
CELLS = st.one_of(
    st.text(max_size=12),
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.from_regex(r"[0-9]{1,20}", fullmatch=True),
)


@st.composite
def sheets(draw):
    """A sheet of any entity with some of its columns."""
    entity = draw(st.sampled_from(ENTITIES))
    names = draw(st.lists(st.sampled_from(entity.names), min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(min_value=0, max_value=12))
    return sheet(entity.name, {name: draw(st.lists(CELLS, min_size=rows, max_size=rows)) for name in names})


@settings(max_examples=60, deadline=None)
@given(st.lists(sheets(), min_size=1, max_size=3))
def test_only_what_is_listed_is_changed(several):
    """Every cell that a repair changes has its note with both texts; every other cell is as it was."""
    for one, damages in zip(several, found(several), strict=True):
        after = repaired(one, damages)
        notes = {
            (problem.where.row, one.columns[problem.column]): (problem.value, problem.facts["value"])
            for problem in after.problems
            if problem.code == "repaired"
        }
        cells = ((row, at) for at in one.table.frame.columns for row in one.table.frame.index)
        changed = {
            (row, at): (one.table.frame.at[row, at], after.frame.at[row, at])
            for row, at in cells
            if one.table.frame.at[row, at] != after.frame.at[row, at]
        }

        assert {place: texts for place, texts in notes.items() if texts[0] != texts[1]} == changed
        assert listed(one, damages).frame is one.table.frame
