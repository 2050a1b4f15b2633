"""The cells of one sheet edited in its bytes: other looks, other texts, cells that were not there.

Only the cells that are to change are written anew; all others are copied as they stand, unread.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from importer.model import column_letters
from importer.reports.checked.in_place.splicing import Edit, Splicer
from importer.reports.checked.in_place.styles import Styles
from importer.reports.checked.in_place.survey import CHUNK, YES, Survey, column_of
from importer.reports.checked.in_place.xml import MAIN, cell_text, parser_for, tag_end, with_attribute
from importer.reports.limits import shortened
from importer.safe_text import is_formula

ROW, CELL = f"{MAIN} row", f"{MAIN} c"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one cell."""

    is_bad: bool = False
    """It is coloured."""
    text: str | None = None
    """What is written into it; "" leaves it blank, None as it is."""
    look: int | None = None
    """How it looks if it is not there yet; None = as its row or column does."""


Changes = Mapping[int, Change]
"""By the number of the column, from 1."""


class Rows:
    """Writes a sheet anew with *changes*, a function of the row's number."""

    def __init__(
        self,
        survey: Survey,
        styles: Styles,
        changes: Callable[[int], Changes],
        *,
        cleared: Collection[int],
        below: int,
    ) -> None:
        """The columns *cleared* are blanked under the row *below*, but for what *changes* put there."""
        self._survey, self._styles, self._changes = survey, styles, changes
        self._cleared, self._below = frozenset(cleared), below
        self._blank = Change(text="")
        self._row = self._column = 0
        self._row_look: int | None = None
        self._todo: list[tuple[int, Change]] = []
        self._is_single = self._is_changed = self._is_skipping = False
        self._last = 0

    def write(self, source: IO[bytes], target: IO[bytes], edits: Iterable[Edit]) -> None:
        """Copy the sheet *source* to *target*, with the changes and with *edits* outside of its rows."""
        self._out = Splicer(target, edits)
        self._parser = parser_for(self._start, self._end)
        while chunk := source.read(CHUNK):
            self._out.feed(chunk)
            self._parser.Parse(chunk)
            if not self._is_skipping:
                self._out.copy_to(self._last)
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position alone
        self._out.finish()

    # --- elements -------------------------------------------------------------------------------------------

    def _start(self, tag: str, said: dict[str, str]) -> None:
        if tag == CELL:
            self._last = self._parser.CurrentByteIndex
            self._start_cell(said)
        elif tag == ROW:
            self._last = self._parser.CurrentByteIndex
            self._start_row(said)

    def _end(self, tag: str) -> None:
        if self._is_skipping and tag == CELL:
            here = self._parser.CurrentByteIndex - self._out.base
            self._out.skip_to(self._out.base + tag_end(self._out.window, here))
            self._is_skipping = False
        elif self._is_changed and tag == ROW:
            self._last = self._parser.CurrentByteIndex
            self._end_row()

    def _start_row(self, said: dict[str, str]) -> None:
        self._row = int(said.get("r", self._row + 1))
        self._column = 0
        is_styled = said.get("customFormat") in YES
        self._row_look = int(said.get("s", 0)) if is_styled else None
        self._todo = sorted(self._changes(self._row).items(), reverse=True)
        self._is_changed = bool(self._todo)
        if self._is_changed:
            # The range of its columns is an aid to other programs, and may be left out.
            tag = with_attribute(self._take_tag(), "spans", None)
            self._is_single = tag.endswith(b"/>")
            self._out.write(tag[:-2] + b">" if self._is_single else tag)

    def _end_row(self) -> None:
        self._out.copy_to(self._last)
        self._write_before(None)
        if self._is_single:
            self._out.write(f"</{self._survey.prefix}row>".encode())

    def _start_cell(self, said: dict[str, str]) -> None:
        self._column = column_of(said.get("r", "")) or self._column + 1
        if self._todo and self._todo[-1][0] < self._column:
            self._out.copy_to(self._last)
            self._write_before(self._column)
        look = int(said.get("s", 0))
        change = self._change()
        if change and change.text is not None:
            # The whole cell goes; of <c/> this was all.
            self._is_skipping = not self._take_tag().endswith(b"/>")
            self._write(self._column, change, self._styles.plain(look), is_new=False)
        elif (wanted := self._look(change, look)) != look:
            tag = self._take_tag()
            self._out.write(with_attribute(tag, "s", str(wanted)))

    # --- cells ----------------------------------------------------------------------------------------------

    def _change(self) -> Change | None:
        """What becomes of the cell that begins here."""
        if self._todo and self._todo[-1][0] == self._column:
            return self._todo.pop()[1]
        is_old = self._column in self._cleared and self._row > self._below
        return self._blank if is_old else None

    def _look(self, change: Change | None, look: int) -> int:
        return self._styles.red(look) if change and change.is_bad else self._styles.plain(look)

    def _write_before(self, column: int | None) -> None:
        """Write the cells that are not there, up to this *column*; None = all that are left."""
        while self._todo and (column is None or self._todo[-1][0] < column):
            at, change = self._todo.pop()
            usual = self._survey.look_of(at) if self._row_look is None else self._row_look
            self._write(at, change, usual if change.look is None else change.look, is_new=True)

    def _write(self, column: int, change: Change, look: int, *, is_new: bool) -> None:
        text = shortened(change.text or "")
        look = self._look(change, look)
        if is_formula(text):
            look = self._styles.literal(look)
        if is_new and not text and not change.is_bad:
            return
        name = f"{self._survey.prefix}c"
        start = f'<{name} r="{column_letters(column - 1)}{self._row}"' + (f' s="{look}"' if look else "")
        prefix = self._survey.prefix
        inside = f'<{prefix}is><{prefix}t xml:space="preserve">{cell_text(text)}</{prefix}t></{prefix}is>'
        self._out.write((f'{start} t="inlineStr">{inside}</{name}>' if text else f"{start}/>").encode())

    def _take_tag(self) -> bytes:
        """The start tag that is being told; it is passed over, for another to be written."""
        self._out.copy_to(self._last)
        here = self._last - self._out.base
        end = tag_end(self._out.window, here)
        tag = self._out.window[here:end]
        self._out.skip_to(self._out.base + end)
        return tag
