"""The few looks of a workbook.  Header shades differ in lightness, too, so that they can be told apart in print."""

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from schemas.entity import Field
from schemas.kinds import TEXT_FORMAT

MANDATORY = {"bg_color": "#1F4E78", "font_color": "#FFFFFF"}
RECOMMENDED = {"bg_color": "#9DC3E6", "font_color": "#1F2937"}
OPTIONAL = {"bg_color": "#EDEDED", "font_color": "#1F2937"}
EDGE = {"border": 1, "border_color": "#BFBFBF"}
GREY = "#7F7F7F"


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of one workbook."""

    mandatory: Format
    recommended: Format
    optional: Format
    title: Format
    lead: Format
    heading: Format
    term: Format
    prose: Format
    link: Format
    faint: Format

    def header(self, field: Field) -> Format:
        """How the header of *field* looks."""
        if field.mandatory:
            return self.mandatory
        return self.recommended if field.recommended else self.optional


def styles(book: Workbook) -> Styles:
    """Add the formats to *book*; those of cells depend on the column and are added there."""
    header = {"bold": True, "valign": "vcenter", **EDGE}
    prose = {"valign": "vcenter", "align": "left", "indent": 1}
    return Styles(
        mandatory=book.add_format(header | MANDATORY),
        recommended=book.add_format(header | RECOMMENDED),
        optional=book.add_format(header | OPTIONAL),
        title=book.add_format({"bold": True, "font_size": 18, "font_color": "#1F4E78", "valign": "vcenter"}),
        lead=book.add_format({"valign": "vcenter", "italic": True}),
        heading=book.add_format(
            {"bold": True, "font_size": 12, "font_color": "#1F4E78", "valign": "vcenter", "bottom": 1}
        ),
        term=book.add_format({"valign": "vcenter", "bold": True}),
        prose=book.add_format(prose),
        link=book.add_format({"valign": "vcenter", "font_color": "#0563C1", "underline": 1}),
        faint=book.add_format({"valign": "vcenter", "font_color": GREY}),
    )


def cell(book: Workbook, excel_format: str, *, is_example: bool = False) -> Format:
    """How cells with this number format look; in grey italics for the example."""
    look: dict[str, object] = {"num_format": excel_format}
    if excel_format != TEXT_FORMAT:
        # Air between a number and the text that begins right beside it.
        look |= {"align": "right", "indent": 1}
    return book.add_format(look | {"italic": True, "font_color": GREY} if is_example else look)
