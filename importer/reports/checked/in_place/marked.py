"""One sheet marked: bad cells in red with a comment; status and message of every row, in two columns of our own."""

from collections.abc import Iterator
from dataclasses import dataclass

from importer.model import OUR_COLUMNS, column_letters
from importer.reports.checked.in_place.book import Book
from importer.reports.checked.in_place.notes import put_comments
from importer.reports.checked.in_place.package import Package
from importer.reports.checked.in_place.rows import Change, Changes, Rows
from importer.reports.checked.in_place.splicing import Edit
from importer.reports.checked.in_place.styles import Styles
from importer.reports.checked.in_place.survey import Place, Survey, column_number, range_of, surveyed
from importer.reports.checked.in_place.widths import width_edits
from importer.reports.checked.in_place.xml import with_attribute
from importer.reports.checked.trouble import CannotMark
from importer.reports.copies import problems_by_cell
from importer.reports.marks import WIDTHS
from importer.reports.matched import SheetResult
from importer.speech import Speech
from schemas.entity import bare

PLAIN = 0


def mark_sheet(
    package: Package, book: Book, styles: Styles, result: SheetResult, most_comments: int, speech: Speech
) -> int:
    """Mark the sheet of *result*; gives how many comments it got.

    Raises:
        CannotMark: it is not the sheet that was read, or not written as Excel writes sheets.
    """
    tab = book.tab(result.where.sheet)
    header_row = result.sheet.table.header_row
    with package.open(tab.part) as xml:
        survey = surveyed(xml, header_row)
    ours = _our_columns(result, survey)
    survey.widths = {at: WIDTHS[name] for at, name in ours.new}
    told = dict(_told(result, survey, most_comments, speech))
    edits = [*_edits(survey, ours), *put_comments(package, tab.part, survey, told)]
    if (letters := _filter_reaches(survey, ours, header_row)) and survey.filter:
        edits.append(_wider(survey.filter, letters))
        book.widen_filter(tab, letters)
    marks = _Marks(result, ours, _header_look(survey, styles), speech)
    rows = Rows(survey, styles, marks.of_row, cleared=(ours.status, ours.message), below=header_row)
    target = package.new_file()
    with package.open(tab.part) as xml:
        rows.write(xml, target, edits)
    if marks.rows_left:
        raise CannotMark("rows that are not there any more")
    package.put(tab.part, target)
    return len(told)


# --- our columns --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ours:
    """Numbers of our columns, from 1."""

    status: int
    message: int
    new: tuple[tuple[int, str], ...]
    """Those that are not there yet, with their names."""


def _our_columns(result: SheetResult, survey: Survey) -> _Ours:
    """Where they stand, or else right of everything."""
    header = [bare(text) for text in result.sheet.table.header]
    there = {name: header.index(bare(name)) + 1 for name in OUR_COLUMNS if bare(name) in header}
    missing = [name for name in OUR_COLUMNS if name not in there]
    new = {name: at for at, name in enumerate(missing, start=survey.last_column + 1)}
    status, message = ((there | new)[name] for name in OUR_COLUMNS)
    return _Ours(status, message, tuple((at, name) for name, at in new.items()))


def _header_look(survey: Survey, styles: Styles) -> int:
    """That of the header's last cell; bold, where it has none of its own."""
    looks = survey.header_looks
    look = styles.plain(looks[max(looks)]) if looks else PLAIN
    return look if look != PLAIN else styles.bold(PLAIN)


# --- what becomes of cells ----------------------------------------------------------------------------------


class _Marks:
    """What becomes of the cells of each row."""

    def __init__(self, result: SheetResult, ours: _Ours, header_look: int, speech: Speech) -> None:
        self.rows_left = len(result.rows)
        """So many rows have not been asked for."""
        self._header_row = result.sheet.table.header_row
        self._rows = {row.number: row for row in result.rows}
        self._ours = ours
        self._header_look = header_look
        self._speech = speech

    def of_row(self, number: int) -> Changes:
        """The changes of the row of this *number*."""
        if number == self._header_row:
            return {at: Change(text=name, look=self._header_look) for at, name in self._ours.new}
        row = self._rows.get(number)
        if row is None:
            return {}
        self.rows_left -= 1
        bad = {column_number(letters): Change(is_bad=True) for letters in problems_by_cell(row)}
        status = Change(is_bad=row.needs_you, text=row.status)
        return {**bad, self._ours.status: status, self._ours.message: Change(text=row.message(self._speech))}


def _told(result: SheetResult, survey: Survey, most: int, speech: Speech) -> Iterator[tuple[str, str]]:
    """What comments say, by cell; of merged cells only the first can hold one."""
    places = (
        (f"{letters}{row.number}", "\n".join(map(speech.advice, problems)))
        for row in result.rows
        for letters, problems in problems_by_cell(row).items()
        if not survey.is_covered(row.number, column_number(letters))
    )
    return (place for place, _ in zip(places, range(most), strict=False))


# --- what else has to change in the sheet -------------------------------------------------------------------


def _edits(survey: Survey, ours: _Ours) -> Iterator[Edit]:
    for view in survey.selected:
        yield view.begin, view.end, with_attribute(view.tag, "tabSelected", None)
    if survey.extent and ours.new:
        yield _wider(survey.extent, column_letters(ours.new[-1][0] - 1))
    yield from width_edits(survey)


def _wider(place: Place, letters: str) -> Edit:
    """The range that *place* tells, up to the column *letters*."""
    left, top, right, bottom = range_of(place.attributes["ref"])
    reference = f"{column_letters(left - 1)}{top}:{column_letters(max(right, column_number(letters)) - 1)}{bottom}"
    return place.begin, place.end, with_attribute(place.tag, "ref", reference)


def _filter_reaches(survey: Survey, ours: _Ours, header_row: int) -> str:
    """How far the arrows in the header reach when they hold our new columns, too; "" = they stay as they are.

    Else whoever sorts by them would leave our columns behind, and could not look for the rejected rows.
    """
    if survey.filter is None or not ours.new:
        return ""
    _, top, right, _ = range_of(survey.filter.attributes["ref"])
    is_beside = top == header_row and right + 1 == ours.new[0][0]
    return column_letters(ours.new[-1][0] - 1) if is_beside else ""
