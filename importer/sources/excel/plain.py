"""A block of rows that is written plainly: all its cells at once.

What a cell means is asked once for each distinct kind, style and value; shared texts, plain numbers and plain texts are
not asked for at all.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.sources.excel.meaning import Meanings
from importer.sources.excel.styles import PLAIN
from importer.sources.excel.tags import CLOSES, IS_EMPTY, OPENS, Grammar, NotPlain, Positions, Tags
from importer.sources.facts import Facts, Odd

BEHIND_ROW = "<row> <row/>"
SHEET = Grammar(
    elements="row c v f is t".split(),
    follows={
        "<row>": "<c> <c/> </row>",
        "<row/>": BEHIND_ROW,
        "</row>": BEHIND_ROW,
        "<c>": "<v> <v/> <f> <f/> <is> </c>",
        "<c/>": "<c> <c/> </row>",
        "</c>": "<c> <c/> </row>",
        "<f>": "</f>",
        "<f/>": "<v> <v/> </c>",
        "</f>": "<v> <v/> </c>",
        "<v>": "</v>",
        "<v/>": "</c>",
        "</v>": "</c>",
        "<is>": "<t> <t/> </is>",
        "<t>": "</t>",
        "<t/>": "</is>",
        "</t>": "</is>",
        "</is>": "</c>",
    },
    with_text="v f t",
)
ROWS = (SHEET.code("row", OPENS), SHEET.code("row", IS_EMPTY))
ROW_ENDS = (SHEET.code("row", CLOSES), SHEET.code("row", IS_EMPTY))
CELLS = (SHEET.code("c", OPENS), SHEET.code("c", IS_EMPTY))
VALUES = (SHEET.code("v", OPENS), SHEET.code("t", OPENS))
EMPTY_VALUES = (SHEET.code("v", IS_EMPTY), SHEET.code("t", IS_EMPTY))
FORMULAS = (SHEET.code("f", OPENS), SHEET.code("f", IS_EMPTY))

ROW_START, CELL_START = b'<row r="', b'<c r="'
QUOTE, ZERO, LETTER_A = b'"0A'
DIGITS, LETTERS = 10, 26
MOST_DIGITS = 7
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384

ATTRIBUTE = re.compile(r' ([\w:]+)="([^"&]*)"')
HIDDEN = r' hidden="(?:1|true)"'
WHOLE_NUMBER = r"\A[0-9]{1,15}\z"
DECIMAL = r"\A-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]\z"
UNPADDED = r"\A(?:0|[1-9][0-9]{0,14})\z"
DECIMAL_LETTERS = 16
"""A sign or point and 15 digits: what a spreadsheet program keeps, and writes as it shows it."""

REFERENCES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
REFERENCE = re.compile(r"&(?:(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|\w+);)?")


@dataclass(frozen=True, slots=True)
class FilledCells:
    """The cells of a block in which something stands, row by row from left to right."""

    rows: Positions
    """Which of the block's rows each stands in, from 0."""
    positions: Positions
    """Which column, from 0."""
    texts: pa.StringArray


class PlainBlock:
    """The rows of one block.

    Raises:
        NotPlain, ArrowInvalid, ArrowIndexError: the block is for a parser to read, or to refuse.
    """

    def __init__(self, xml: bytes, meanings: Meanings, *, above: int) -> None:
        """*above*: the number of the last row before the block."""
        self.facts = Facts()
        """What is odd, hidden, padded, calculated or struck through in the block."""
        if b"xmlns" in xml:
            raise NotPlain
        self._meanings = meanings
        self._tags = SHEET.tags(xml)
        if self._tags.codes[0] not in ROWS or self._tags.codes[-1] not in ROW_ENDS:
            raise NotPlain
        self._rows = self._tags.where(*ROWS)
        self._all_numbers, digits = _row_numbers(self._tags, self._rows, above)
        self._cells = self._tags.where(*CELLS)
        self._row_of = np.searchsorted(self._rows, self._cells, side="right") - 1
        self._positions, behind = _positions(self._tags, self._cells, digits[self._row_of])
        same_row = self._row_of[1:] == self._row_of[:-1]
        if (same_row & (self._positions[1:] <= self._positions[:-1])).any():
            raise NotPlain
        attributes = self._tags.between(behind, self._tags.ends[self._cells]).dictionary_encode()
        self._kinds = [_kind_and_style(text.as_py().decode()) for text in attributes.dictionary]
        self._kind_of = attributes.indices.to_numpy()
        self._read()

    @property
    def last_number(self) -> int:
        """The number of the last row, blank or not."""
        return int(self._all_numbers[-1])

    def _note_hidden(self) -> None:
        tags = self._tags
        if b"hidden" in tags.xml:
            rows = tags.between(tags.starts[self._rows], tags.ends[self._rows]).cast(pa.string())
            is_hidden = pc.match_substring_regex(rows, HIDDEN).to_numpy(zero_copy_only=False)
            self.facts.hidden.update(self._all_numbers[is_hidden].tolist())

    # --- values ------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        tags = self._tags
        valued = tags.where(*VALUES)
        valued = valued[tags.starts[valued + 1] > tags.ends[valued] + 1]
        owners = self._owners(valued)
        texts = without_references(tags.texts(valued).cast(pa.string()))
        self._note_hidden()
        self._note_formulas(owners)
        meant = self._meant(owners, texts)
        self.facts.odd.sort(key=lambda odd: (odd.row, odd.position))
        self._keep(owners, meant)

    def _owners(self, tags: Positions) -> Positions:
        """The cells in which *tags* stand."""
        return np.searchsorted(self._cells, tags, side="right") - 1

    def _note_formulas(self, valued: Positions) -> None:
        """Count formulas, and note those without a result; an empty text is a result, an empty number is none."""
        formulas = self._tags.where(*FORMULAS)
        if not len(formulas):
            return
        owners = self._owners(formulas)
        has_value = np.zeros(len(self._cells), dtype=bool)
        has_value[valued] = True
        is_written = self._tags.codes[formulas] == FORMULAS[0]
        written = formulas[has_value[owners] & is_written]
        self.facts.add_formulas(self._tags.texts(written).cast(pa.string()))
        self.facts.formulas += int((has_value[owners] & ~is_written).sum())
        with_empty = set(self._owners(self._tags.where(*VALUES, *EMPTY_VALUES)).tolist())
        for cell in owners[~has_value[owners]].tolist():
            kind, _ = self._kinds[self._kind_of[cell]]
            if cell not in with_empty or kind != "str":
                self._note(cell, "formula_without_value", "")

    def _note(self, cell: int, code: str, text: str) -> None:
        self.facts.odd.append(Odd(int(self._all_numbers[self._row_of[cell]]), int(self._positions[cell]), code, text))

    def _meant(self, cells: Positions, texts: pa.StringArray) -> pa.StringArray:
        """What is to be read in each of *cells*, which hold *texts*."""
        kind_of = self._kind_of[cells]
        groups, pieces = [], []
        for at, (kind, style) in enumerate(self._kinds):
            group = np.flatnonzero(kind_of == at)
            if len(group):
                groups.append(group)
                pieces.append(self._meant_alike(kind, style, cells[group], texts.take(pa.array(group))))
                if kind == "n":
                    self.facts.add_numbers(pieces[-1])
        if not groups:
            return texts
        order = np.concatenate(groups)
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        return pa.concat_arrays(pieces).take(pa.array(back))

    def _meant_alike(self, kind: str, style: str, cells: Positions, texts: pa.StringArray) -> pa.StringArray:
        """The same for cells of one *kind* and *style*."""
        if kind == "s":
            return self._meanings.strings.take(texts.cast(pa.int32()))
        known = self._meanings.styles.get(style, PLAIN) if kind == "n" else PLAIN
        if known.zeros and pc.all(pc.match_substring_regex(texts, UNPADDED)).as_py():
            return self._padded(known.zeros, cells, texts)
        is_doubtful = _is_doubtful(kind, texts) if known.is_plain else None
        if is_doubtful is None:
            return self._asked(kind, style, cells, texts)
        doubtful = np.flatnonzero(is_doubtful.to_numpy(zero_copy_only=False))
        if not len(doubtful):
            return texts
        asked = self._asked(kind, style, cells[doubtful], texts.take(pa.array(doubtful)))
        return pc.replace_with_mask(texts, is_doubtful, asked)

    def _asked(self, kind: str, style: str, cells: Positions, texts: pa.StringArray) -> pa.StringArray:
        """The same, asked for each distinct text."""
        known = texts.dictionary_encode()
        codes = known.indices.to_numpy()
        meanings = [self._meanings.of(kind, style, text.as_py()) for text in known.dictionary]
        for at, meaning in enumerate(meanings):
            if meaning.odd:
                for cell in cells[codes == at].tolist():
                    self._note(cell, meaning.odd, meaning.text)
        self._count_padded(cells[np.array([meaning.is_padded for meaning in meanings], dtype=bool)[codes]])
        return pa.array([meaning.text for meaning in meanings], pa.string()).take(known.indices)

    def _padded(self, zeros: int, cells: Positions, texts: pa.StringArray) -> pa.StringArray:
        """Plain whole numbers with the leading zeros that are shown."""
        self._count_padded(cells[pc.less(pc.binary_length(texts), zeros).to_numpy(zero_copy_only=False)])
        return pc.utf8_lpad(texts, width=zeros, padding="0")

    def _count_padded(self, cells: Positions) -> None:
        counts = np.bincount(self._positions[cells])
        for position in np.flatnonzero(counts).tolist():
            self.facts.padded[position] += int(counts[position])

    # --- cells that say something --------------------------------------------------------------------------------

    def _keep(self, cells: Positions, texts: pa.StringArray) -> None:
        """Keep the rows in which something stands, and of these the cells that are filled."""
        is_text = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
        is_more = is_text & ~pc.utf8_is_space(texts).to_numpy(zero_copy_only=False)
        rows = self._row_of[cells]
        kept = np.isin(self._all_numbers, [odd.row for odd in self.facts.odd])
        kept[rows[is_more]] = True
        self.numbers = self._all_numbers[kept]
        is_struck = np.array([style in self._meanings.struck for _, style in self._kinds], dtype=bool)
        self.facts.struck.update(self._all_numbers[rows[is_more & is_struck[self._kind_of[cells]]]].tolist())
        which = np.flatnonzero(is_text & kept[rows])
        places = (np.cumsum(kept) - 1)[rows[which]]
        wanted = texts if len(which) == len(texts) else texts.take(pa.array(which))
        self.cells = FilledCells(places, self._positions[cells[which]], wanted)


# --- what tags say ----------------------------------------------------------------------------------------------


def _row_numbers(tags: Tags, rows: Positions, above: int) -> tuple[Positions, Positions]:
    """The numbers of *rows* and with how many digits they are written."""
    starts = tags.starts[rows]
    _demand(tags, starts, ROW_START)
    numbers = np.zeros(len(rows), dtype=np.int64)
    digits = np.zeros(len(rows), dtype=np.int64)
    goes_on = np.ones(len(rows), dtype=bool)
    for at in range(len(ROW_START), len(ROW_START) + MOST_DIGITS):
        letter = _letters(tags, starts + at) - ZERO
        goes_on &= (letter >= 0) & (letter < DIGITS)
        numbers = np.where(goes_on, numbers * DIGITS + letter, numbers)
        digits += goes_on
    if (_letters(tags, starts + len(ROW_START) + digits) != QUOTE).any() or not digits.all():
        raise NotPlain
    if numbers[0] <= above or numbers[-1] > MOST_ROWS or (numbers[1:] <= numbers[:-1]).any():
        raise NotPlain
    return numbers, digits


def _positions(tags: Tags, cells: Positions, row_digits: Positions) -> tuple[Positions, Positions]:
    """The columns of *cells*, and where in the XML the further attributes of each begin."""
    starts = tags.starts[cells]
    _demand(tags, starts, CELL_START)
    at = starts + len(CELL_START)
    first, second, third = (_letters(tags, at + further) - LETTER_A for further in range(3))
    has_second = (second >= 0) & (second < LETTERS)
    has_third = has_second & (third >= 0) & (third < LETTERS)
    positions = np.where(has_second, (first + 1) * LETTERS + second, first)
    positions = np.where(has_third, (positions + 1) * LETTERS + third, positions)
    behind = at + 1 + has_second + has_third + row_digits
    if ((first < 0) | (first >= LETTERS)).any() or (_letters(tags, behind) != QUOTE).any():
        raise NotPlain
    if positions.max(initial=0) >= MOST_COLUMNS:
        raise NotPlain
    return positions, behind + 1


def _demand(tags: Tags, starts: Positions, beginning: bytes) -> None:
    for at, letter in enumerate(beginning):
        if (_letters(tags, starts + at) != letter).any():
            raise NotPlain


def _letters(tags: Tags, at: Positions) -> npt.NDArray[np.int64]:
    """The letters at these places as numbers; that of the end where there is none any more."""
    return tags.letters[np.minimum(at, len(tags.letters) - 1)].astype(np.int64)


def _kind_and_style(attributes: str) -> tuple[str, str]:
    """The kind and the style of a cell with these *attributes*, such as ` s="3" t="s"`."""
    found = dict(ATTRIBUTE.findall(attributes))
    if ATTRIBUTE.sub("", attributes).strip(" /"):
        raise NotPlain
    return found.get("t", "n"), found.get("s", "0")


def without_references(texts: pa.StringArray) -> pa.StringArray:
    """*texts* with `&amp;` and the like resolved."""
    has_reference = pc.match_substring(texts, "&")
    if not pc.any(has_reference).as_py():
        return texts
    resolved = [REFERENCE.sub(_resolved, text) for text in texts.filter(has_reference).to_pylist()]
    return pc.replace_with_mask(texts, has_reference, pa.array(resolved, pa.string()))


def _resolved(reference: re.Match[str]) -> str:
    if reference[1] or reference[2]:
        number = int(reference[1]) if reference[1] else int(reference[2], 16)
        # A parser knows which characters XML has no place for.
        if number < ord(" ") or number > 0xFFFD or 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004
            raise NotPlain
        return chr(number)
    if reference[0] not in REFERENCES:
        raise NotPlain
    return REFERENCES[reference[0]]


def _is_doubtful(kind: str, texts: pa.StringArray) -> pa.BooleanArray | None:
    """Which of *texts*, in cells without a style of their own, may mean something else than they say; None = all."""
    if kind == "n":
        is_plain = pc.match_substring_regex(texts, WHOLE_NUMBER)
        is_short = pc.less_equal(pc.binary_length(texts), DECIMAL_LETTERS)
        return pc.invert(pc.or_(is_plain, pc.and_(is_short, pc.match_substring_regex(texts, DECIMAL))))
    return pc.match_substring(texts, "_x") if kind in {"str", "inlineStr"} else None
