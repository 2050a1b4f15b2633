"""Phone numbers in the form the API wants: + and country code (E.164).  Only ever proposed; nobody is called."""

import re
from dataclasses import dataclass
from functools import cache

PLAIN = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164: at most 15 digits."""
WRITTEN_BETWEEN = str.maketrans("", "", " \u00a0()/.-")
NATIONAL_ZERO = "(0)"


def is_international(number: str) -> bool:
    """Whether *number* begins with + and a country code, and has a possible length.

    The quick answer, by form alone: it is yes for nearly every number of a well kept file.
    """
    return NATIONAL_ZERO not in number and PLAIN.fullmatch(number.translate(WRITTEN_BETWEEN)) is not None


def international(number: str, country: str) -> str:
    """*number* as it is dialled from abroad, such as +4915223455981, read as one of *country* (alpha-2, or "").

    "" where it is a valid number neither way.
    """
    if number.startswith("+"):
        return _valid(number, "")
    digits, plan = number.translate(WRITTEN_BETWEEN), _plan(country)
    if plan is None:
        # "00" is how most of the world dials abroad, so any country that does will do.
        return _valid(number, "DE") if digits.startswith("00") else ""
    if digits.startswith("0"):
        return plan.abroad(digits) or _valid(number, country)
    # 4917012345678: the + got lost.  Read as a German number it would pass as well, with the country code twice.
    return (digits.startswith(plan.code) and _valid(f"+{digits}", "")) or _valid(number, country)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The numbering plan of a country, as far as the usual number needs it."""

    code: str
    """Such as 49."""
    prefix: str
    """What is dialled before a number inside the country, such as 0; "" = nothing."""
    numbers: re.Pattern[str]
    """Every number of the country, without the prefix."""

    def abroad(self, digits: str) -> str:
        """The quick way for `0170 1234567`, thirty times as fast as asking the library; "" = it has to be asked."""
        rest = digits.removeprefix(self.prefix)
        usual = self.prefix and rest != digits and not rest.startswith("0") and self.numbers.fullmatch(rest)
        return f"+{self.code}{rest}" if usual else ""


# Loaded on first use, here and below: it brings the plans of all countries, and few numbers are in doubt.


@cache
def _plan(country: str) -> _Plan | None:
    import phonenumbers  # noqa: PLC0415

    known = phonenumbers.PhoneMetadata.metadata_for_region(country, None) if country else None
    if known is None or known.general_desc is None or not known.general_desc.national_number_pattern:
        return None
    pattern = re.compile(known.general_desc.national_number_pattern)
    return _Plan(str(known.country_code), known.national_prefix or "", pattern)


def _valid(number: str, country: str) -> str:
    import phonenumbers  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
