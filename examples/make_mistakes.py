"""Makes `mistakes/`: the shop once more, with the slips people make, and the list of what has to be found.

    python examples/make_mistakes.py [FOLDER]

The workbook, the two lists of what must be found and the README all follow from `mistakes_table.MISTAKES`.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import make_shop
import pictograms
from mistakes_table import MISTAKES, ONLY_AT_UPLOAD, Mistake

from importer import templates
from schemas import ENTITIES, entity_named
from schemas.cells import Value
from schemas.entity import Entity, Values

FOLDER = Path(__file__).parent / "mistakes"


def make(folder: Path) -> None:
    """Write the workbook, the pictures, the two lists and the README to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    pictograms.save_all(folder / "images")
    templates.fill(folder / "mistakes.xlsx", rows(), replace=True)
    make_shop.write_csv(
        folder / "expected-problems.csv", ("sheet", "cell", "column", "code", "suggestion"), list(expected_problems())
    )
    make_shop.write_csv(
        folder / "expected-at-upload.csv", ("sheet", "row", "status", "code"), list(expected_at_upload())
    )
    (folder / "README.md").write_text(_readme(), encoding="utf-8", newline="\n")


@cache
def rows() -> make_shop.Rows:
    """The shop with all mistakes in it."""
    return {name: tuple(_spoilt(name, row) for row in good) for name, good in make_shop.rows().items()}


def corrected(entity: str, row: Mapping[str, str]) -> dict[str, Value]:
    """The *row* of a sheet, by column and as text, with the right value where one of the mistakes is."""
    right: dict[str, Value] = dict(row)
    for mistake in MISTAKES:
        others = {name: text for name, text in mistake.row.items() if name != mistake.column}
        is_wrong = mistake.entity == entity and row.get(mistake.column, "") == str(mistake.wrong)
        if is_wrong and others.items() <= row.items():
            right[mistake.column] = _good_row(mistake).get(mistake.column, "")
    return right


# --- what must be found -------------------------------------------------------------------------------------


def expected_problems() -> Iterator[tuple[str, str, str, str, str]]:
    """Sheet, cell, column, code and suggestion of every error that can be seen in the file, in the sheets' order."""
    for entity in ENTITIES:
        for number, row in _numbered(entity):
            for mistake in _seen_at(entity, row):
                cell = _cell(entity, mistake.column, number)
                yield entity.sheet, cell, mistake.column, mistake.code, mistake.suggestion


def expected_at_upload() -> Iterator[tuple[str, str, str, str]]:
    """Sheet, row, status and code of every row that is fine by itself but whose parent is not there."""
    out = {(entity.name, number) for entity in ENTITIES for number, row in _numbered(entity) if _seen_at(entity, row)}
    for entity in ENTITIES:
        for number, row in _numbered(entity):
            code = _reason(entity, row, out)
            if code and (entity.name, number) not in out:
                out.add((entity.name, number))
                yield entity.sheet, str(number), "blocked", code


def _seen_at(entity: Entity, row: Values) -> list[Mistake]:
    """The mistakes that the check tells at *row*; a key that was copied is told at its rightful owner's, too."""
    return [
        mistake
        for mistake in MISTAKES
        if mistake.entity == entity.name
        and mistake.code != ONLY_AT_UPLOAD
        and (_is_spoilt(mistake, row) or (mistake.code == "duplicate_key" and row.get(mistake.column) == mistake.wrong))
    ]


def _reason(entity: Entity, row: Values, out: set[tuple[str, int]]) -> str:
    """Why *row* has to wait: a parent that is nowhere, or one that is among the rows *out*; "" = it need not."""
    for field in entity.references:
        if field.reference and field.name in row:
            parent = entity_named(field.reference.entity)
            named = [
                number
                for number, other in _numbered(parent)
                if row[field.name] in {other.get(name) for name in field.reference.fields}
            ]
            if not named:
                return "blocked_missing"
            if all((parent.name, number) in out for number in named):
                return "blocked"
    return ""


# --- the rows -----------------------------------------------------------------------------------------------


def _numbered(entity: Entity) -> Iterator[tuple[int, Values]]:
    """The spoilt rows of a sheet, each with the number the spreadsheet shows."""
    return enumerate(rows()[entity.name], start=2)


def _spoilt(entity: str, row: Values) -> Values:
    for mistake in MISTAKES:
        if mistake.entity == entity and mistake.row.items() <= row.items():
            others = {name: value for name, value in row.items() if name != mistake.column}
            return {**others, mistake.column: mistake.wrong} if mistake.wrong != "" else others
    return row


def _is_spoilt(mistake: Mistake, row: Values) -> bool:
    return dict(row) == _spoilt(mistake.entity, _good_row(mistake))


def _good_row(mistake: Mistake) -> Values:
    (found,) = (row for row in make_shop.rows()[mistake.entity] if mistake.row.items() <= row.items())
    return found


def _cell(entity: Entity, column: str, row: int) -> str:
    # Letters of two digits begin at the 27th column.
    tens, ones = divmod(entity.names.index(column), 26)
    return f"{chr(ord('A') + tens - 1) if tens else ''}{chr(ord('A') + ones)}{row}"


# --- the README ---------------------------------------------------------------------------------------------

README = """\
# A workbook full of mistakes

The shop of the demo with {count} slips of the kind people make. Look at them with

    importer check examples/mistakes/mistakes.xlsx

## What the check finds

{seen}

The list for machines is `expected-problems.csv`: these errors and no others.

## What only the upload can find

A row may point to something that an earlier import has brought to the server, so the check only notes these.

{unseen}

The upload holds these rows back, and with them every row whose parent did not get in. All of them are listed in
`expected-at-upload.csv`, given a server that was empty before.

This folder is made by `python examples/make_mistakes.py`; to change it, change the table there.
"""


def _readme() -> str:
    seen = [_line(mistake) for mistake in MISTAKES if mistake.code != ONLY_AT_UPLOAD]
    unseen = [_line(mistake) for mistake in MISTAKES if mistake.code == ONLY_AT_UPLOAD]
    return README.format(count=len(MISTAKES), seen="\n".join(seen), unseen="\n".join(unseen))


def _line(mistake: Mistake) -> str:
    entity = entity_named(mistake.entity)
    (number,) = (number for number, row in _numbered(entity) if _is_spoilt(mistake, row))
    written = f"`{mistake.wrong}`" if mistake.wrong != "" else "left blank"
    code = f" (`{mistake.code}`)" if mistake.code else ""
    cell = _cell(entity, mistake.column, number)
    return f"- {entity.sheet}!{cell}, `{mistake.column}`: {written}. {mistake.why}{code}"


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
