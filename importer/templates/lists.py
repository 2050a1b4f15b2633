"""The drop-down lists: which column offers what, under which name, and the hidden sheet that holds them.

Every list is a named range, since a list typed into a cell's rule ends at 255 characters.  The carriers' list depends
on the country of the same row: one named range per country, chosen by a formula that Excel and LibreOffice both know.
"""

from collections.abc import Iterable, Mapping

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from schemas import carriers
from schemas.cells import Conventions
from schemas.entity import Entity, Field

SHEET = "_lists"

Lists = Mapping[str, tuple[str, ...]]
"""Name of the range -> what it offers."""

OPEN_KINDS = frozenset({"carrier"})
"""Kinds whose list may be out of date in a file, so that another value is asked about instead of refused."""


def lists(entities: Iterable[Entity], conventions: Conventions) -> Lists:
    """All lists that the sheets of *entities* need."""
    found: dict[str, tuple[str, ...]] = {}
    for field in (field for entity in entities for field in entity.fields):
        if field.kind.name == "carrier":
            found |= _carrier_lists(conventions)
        elif choices := field.kind.choices():
            found[_name(field)] = choices
    return found


def source(entity: Entity, field: Field, row: int) -> str:
    """The formula that gives the list of *field* in the sheet's row number *row*; "" for free text.

    While the country is blank, or is one without carriers, the carrier's cell offers every carrier.
    """
    if not field.kind.choices():
        return ""
    country = _country_beside(entity, field)
    if country is None:
        return f"={_name(field)}"
    cell = f"${xl_col_to_name(entity.names.index(country))}{row}"
    return f'=IF(COUNTIF(carrier_countries,{cell})=0,list_carrier,INDIRECT("carriers_"&{cell}))'


def write(book: Workbook, lists: Lists) -> None:
    """Add the hidden sheet, one column per list, and name the ranges."""
    sheet = book.add_worksheet(SHEET)
    for column, (name, words) in enumerate(lists.items()):
        letters = xl_col_to_name(column, col_abs=True)
        sheet.write_string(0, column, name)
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, column, word)
        book.define_name(name, f"='{SHEET}'!{letters}$2:{letters}${max(len(words), 1) + 1}")
    sheet.hide()


def _name(field: Field) -> str:
    """One list per kind, but one per column where the kind is a choice of its own words."""
    subject = field.name if field.kind.name == "choice" else field.kind.name
    return f"list_{subject.replace(' ', '_')}"


def _carrier_lists(conventions: Conventions) -> Lists:
    table = carriers.table() if conventions.carriers is None else conventions.carriers
    everywhere = tuple(sorted({carrier for offered in table.values() for carrier in offered}))
    by_country = {f"carriers_{country}": offered for country, offered in table.items()}
    return {"list_carrier": everywhere, "carrier_countries": tuple(table), **by_country}


def _country_beside(entity: Entity, field: Field) -> str | None:
    """The column that a carrier's rule reads together with *field*; None for all other kinds."""
    if field.kind.name != "carrier":
        return None
    partners = [
        name for rule in entity.rules if field.name in rule.fields for name in rule.fields if name != field.name
    ]
    return next((name for name in partners if entity.field(name).kind.name == "country"), None)
