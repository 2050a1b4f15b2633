"""What a cell of an .ods workbook says, as the text that a person reads in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from importer.sources.cell_text import is_too_long, is_whole, number_text, text_of

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"

ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|Err:[0-9]+")
ZEROS = re.compile(r"0[0-9]+")
DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.[0-9]+)?S)?")
DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell as text, and what is to be known of it."""

    text: str
    odd: str = ""
    """Code of what is wrong with the cell; "" = nothing."""
    formula: str = ""
    is_padded: bool = False
    """It is a number that shows zeros in front, and they are in the text."""
    is_decimal: bool = False
    """It is a number with a fraction."""


def cell_text(attributes: Mapping[str, str], shown: str) -> CellText:
    """What a cell with *attributes* says, that shows *shown*.

    Raises:
        ValueError: a value that is none of its kind.
    """
    formula = attributes.get(f"{TABLE} formula", "")
    kind = attributes.get(f"{OFFICE} value-type", "")
    if attributes.get(f"{CALC} value-type") == "error" or (_is_error(shown) and (formula or kind == "float")):
        return CellText(shown or "#N/A", odd="error_cell", formula=formula)
    if formula and not kind and not shown:
        return CellText("", odd="formula_without_value", formula=formula)
    match kind:
        case "float" | "percentage" | "currency":
            return _number(float(attributes[f"{OFFICE} value"]), shown, formula)
        case "boolean":
            return CellText(text_of(attributes[f"{OFFICE} boolean-value"] == "true"), formula=formula)
        case "date":
            return CellText(_moment(attributes[f"{OFFICE} date-value"]), formula=formula)
        case "time":
            return CellText(_duration(attributes[f"{OFFICE} time-value"]), formula=formula)
        case _:
            return CellText(attributes.get(f"{OFFICE} string-value", shown), formula=formula)


def _is_error(shown: str) -> bool:
    return ERROR.fullmatch(shown) is not None


def _number(number: float, shown: str, formula: str) -> CellText:
    text = number_text(number)
    if text in {"0", "1"} and shown.isalpha() and shown.isupper():
        # LibreOffice keeps truths as numbers that show TRUE, or WAHR.
        return CellText(text_of(text == "1"), formula=formula)
    if not is_whole(number):
        return CellText(text, formula=formula, is_decimal=True)
    if is_too_long(number):
        return CellText(text, odd="code_damaged", formula=formula)
    # The format is known by what it does: 1067 that shows 01067 has lost nothing.
    if ZEROS.fullmatch(shown) and shown.lstrip("0") == text.strip("0" if text == "0" else ""):
        return CellText(shown, formula=formula, is_padded=True)
    return CellText(text, formula=formula)


def _moment(value: str) -> str:
    return text_of(datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value))


def _duration(value: str) -> str:
    """Hours, minutes and seconds, such as 09:30:00; more than a day as many hours as it takes."""
    found = DURATION.fullmatch(value)
    if not found:
        raise ValueError(value)
    sign, days, hours, minutes, seconds = found.groups(default="0")
    length = timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    text = text_of(-length if sign == "-" else length)
    return text.zfill(len("00:00:00")) if sign != "-" and length < timedelta(hours=DAY_HOURS) else text
