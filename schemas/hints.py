"""What an experienced eye stops at in a row that the API would take.  Each function gives a `Rule` for a note.

The vendor is silent on all of this, so nothing here keeps a row out.  A hint that is often wrong teaches people to read
none; what is merely unusual is therefore left alone.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from schemas import countries, currencies, numbers, phones, plain, postcodes
from schemas.cells import CLEAR, CellError, Conventions, Value
from schemas.entity import Rule, Values

LOCKER = "packstation"
LOCKER_CARRIERS = ("dhl", "dhlexpress")
"""DHL's lockers in Germany are for its own parcels; the word is used nowhere else."""

FAR_PAST = timedelta(days=2 * 365)
FAR_FUTURE = timedelta(days=180)
"""A pick-up further away than this is a slip of the year or of the month, as a rule."""

CLOCKS_APART = timedelta(days=1)
"""The shop may be a day ahead of us."""

FIRST_DAY = date(1990, 1, 1)
ANYTHING = "(?s:.*)"
SAYS_SOMETHING = "[0-9A-Za-z]{2}"
"""No word for a blank begins so."""


def postcode(name: str, country: str) -> Rule:
    """The postcode in the column *name* looks like those of the *country*."""

    def broken(values: Values, _: Conventions) -> CellError | None:
        code, where = _text(values, name), _text(values, country)
        if not code or not where or postcodes.fits(code, where):
            return None
        form = postcodes.form(where)
        expected = form.example if form else ""
        mended = partial(postcodes.mended, code, where)
        return CellError("postcode_unusual", country=where, expected=expected, suggestion=mended)

    def harmless(_: Conventions, where: str) -> str | None:
        return ANYTHING if not where else postcodes.pattern(where) if where in countries.codes() else None

    return Rule((name, country), at=name, broken=broken, harmless=harmless, harmless_by=country)


def phone(name: str, country: str) -> Rule:
    """The phone number in the column *name* can be dialled from abroad; the *country* helps to say how."""

    def broken(values: Values, _: Conventions) -> CellError | None:
        number = _text(values, name)
        if not number:
            return None
        begins_abroad = number.startswith(("+", "00"))
        code = "phone_doubtful" if begins_abroad else "phone_without_country_code"
        return CellError(code, suggestion=partial(phones.international, number, _text(values, country)))

    def suspects(text: str) -> bool:
        return bool(text) and not phones.is_international(text.strip())

    return Rule(
        (name, country), at=name, broken=broken, suspects=suspects, harmless=lambda *_: f"|{phones.PLAIN.pattern}"
    )


def locker(address: str, selected: str, carrier: str, carrier_country: str) -> Rule:
    """A parcel of DHL Germany that goes to a locker says so in the column *selected*."""

    def broken(values: Values, _: Conventions) -> CellError | None:
        if values.get(selected) is True or _text(values, carrier_country) != "DE":
            return None
        return CellError("locker_not_said") if _text(values, carrier) in LOCKER_CARRIERS else None

    def suspects(text: str) -> bool:
        return LOCKER in text.casefold()

    fields = (address, selected, carrier, carrier_country)
    return Rule(fields, at=address, broken=broken, suspects=suspects, mentions=LOCKER)


def not_zero(name: str, code: str) -> Rule:
    """The number in the column *name* is not 0; *code* says what 0 would mean."""

    def broken(values: Values, _: Conventions) -> CellError | None:
        value = values.get(name)
        return CellError(code) if isinstance(value, Decimal) and value == 0 else None

    return Rule((name,), at=name, broken=broken, harmless=lambda *_: "[^1-9]*[1-9](?s:.*)|")


def same_currency(name: str, currency: str) -> Rule:
    """A currency written with the number in the column *name* is that of the column *currency*."""

    def broken(values: Values, _: Conventions) -> CellError | None:
        written, expected = numbers.currency_mark(_text(values, name)), _text(values, currency)
        if not written or not expected or currencies.may_be_written(expected, written):
            return None
        return CellError("currency_differs", found=currencies.meaning(written) or written, expected=expected)

    def suspects(text: str) -> bool:
        return bool(numbers.currency_mark(text))

    return Rule(
        (name, currency),
        at=name,
        broken=broken,
        suspects=suspects,
        harmless=lambda *_: "[0-9., '()+-]*",
        as_written=(name,),
    )


def not_before(later: str, earlier: str, code: str) -> Rule:
    """The day in the column *later* is not before the day in *earlier*; *code* says what is wrong if it is."""

    def broken(values: Values, conventions: Conventions) -> CellError | None:
        one, other = _day(values.get(earlier), conventions), _day(values.get(later), conventions)
        return CellError(code) if one and other and other < one else None

    fields = (earlier, later)
    return Rule(fields, at=later, broken=broken, harmless=lambda *_: "", in_order=fields)


def not_in_future(name: str) -> Rule:
    """The day in the column *name* has begun."""

    def broken(values: Values, conventions: Conventions) -> CellError | None:
        day = _day(values.get(name), conventions)
        if day is None or conventions.today is None or day <= conventions.today + CLOCKS_APART:
            return None
        return CellError("date_in_future")

    def harmless(conventions: Conventions, _: str) -> str:
        return ANYTHING if conventions.today is None else f"|{plain.days(FIRST_DAY, conventions.today)}"

    return Rule((name,), at=name, broken=broken, harmless=harmless)


def not_far_away(name: str) -> Rule:
    """The day in the column *name* is neither long past nor far ahead."""

    def broken(values: Values, conventions: Conventions) -> CellError | None:
        day = _day(values.get(name), conventions)
        if day is None or conventions.today is None:
            return None
        return None if -FAR_PAST <= day - conventions.today <= FAR_FUTURE else CellError("date_far_away")

    def harmless(conventions: Conventions, _: str) -> str:
        if conventions.today is None:
            return ANYTHING
        # The day may be another one where the writer is.
        first, last = conventions.today - FAR_PAST + CLOCKS_APART, conventions.today + FAR_FUTURE - CLOCKS_APART
        return f"|{plain.days(first, last)}"

    return Rule((name,), at=name, broken=broken, harmless=harmless)


def together(name: str, other: str, code: str) -> Rule:
    """The column *name* is filled where *other* is; *code* says what goes missing otherwise."""

    def broken(values: Values, _: Conventions) -> CellError | None:
        return CellError(code) if _text(values, other) and name not in values else None

    def harmless(_: Conventions, there: str) -> str:
        return f"{SAYS_SOMETHING}(?s:.*)" if there else ANYTHING

    return Rule((name, other), at=name, broken=broken, harmless=harmless, harmless_by=other, harmless_if_filled=True)


def _text(values: Values, name: str) -> str:
    """The text in the column *name*; "" where it is blank or to be cleared."""
    value = values.get(name)
    return "" if value is None or value is CLEAR else str(value)


def _day(value: Value | None, conventions: Conventions) -> date | None:
    """The day of a moment where the spreadsheet's writer is."""
    return value.astimezone(ZoneInfo(conventions.timezone)).date() if isinstance(value, datetime) else None
