"""The languages an order can be in.  Which they are is the vendor's choice; what they are called comes from Babel."""

from functools import cache

# In the vendor's order.  nl, no and nb are absent although NL and NO are served; "uk" is Ukrainian (ISO 639-1).
# Source: the vendor's documentation (Return Portal Pro page; both newer return portal pages print the same list).
ORDER_LANGUAGES = tuple("bg cs da de el en es et fi fr ga hr hu it lt lv mt pl pt ro ru sk sl sv uk".split())


@cache
def names(lang: str) -> dict[str, str]:
    """Two-letter code -> name of the language in the user interface language *lang* ("en", "de").

    Holds every language that has a two-letter code, not only `ORDER_LANGUAGES`, so that a language we may not send
    can still be told from a slip of the pen.

    Source: CLDR, by way of Babel.
    """
    # Loaded on first use: most commands name no language.
    from babel import Locale  # noqa: PLC0415

    return {code: name for code, name in sorted(Locale.parse(lang).languages.items()) if len(code) == len("de")}
