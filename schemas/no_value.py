"""Words that stand in a cell instead of a value: `n/a`, `-`, and the errors of spreadsheet programs.

A short list, and no word that could be somebody's name or a country: Ms Null, Mr None and `NA`, which is Namibia, are
values like any other.
"""

import re

BLANK_WORDS = frozenset({"-", "--", "---", "–", "—", ".", "n/a", "n.a.", "n. a.", "k.a.", "k. a.", "s/o", "n/d"})
"""In lower case: not applicable, keine Angabe, sans objet, non disponibile; in an optional column they mean a blank."""

ZERO = frozenset({"0"})
"""A blank as well, where no value is a number; lists joined by a formula show it for every blank cell."""

ZERO_DAYS = frozenset(
    {
        "0",
        "00.00.0000",
        "00/00/0000",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00000000",
        "1900-01-00",
        "00.01.1900",
        "0/1/1900",
    }
    | {"1899-12-30", "30.12.1899", "12/30/1899", "1899-12-31", "31.12.1899"}
)
"""How SAP, MySQL and the spreadsheet programs write a day that nobody filled in."""

LONGEST = max(len(word) for word in BLANK_WORDS | ZERO_DAYS)

# One line per language: en, de, fr, es, it, nl, pl, pt, sv, da/nb, fi, cs, hu, tr, ru.
_ERRORS = frozenset(
    word.casefold()
    for word in (
        "#N/A #NAME? #REF! #VALUE! #DIV/0! #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #BUSY! #UNKNOWN! "
        "#GETTING_DATA #ERROR! #PYTHON! #EXTERNAL! "
        "#NV #BEZUG! #WERT! #ZAHL! #ÜBERLAUF! #KALK! #FELD! "
        "#NOM? #VALEUR! #NOMBRE! #NUL! #PROPAGATION! #EPARS! "
        "#N/D #¿NOMBRE? #¡REF! #¡VALOR! #¡DIV/0! #¡NUM! #¡NULO! #¡DESBORDAMIENTO! #¡CALC! "
        "#NOME? #RIF! #VALORE! #NULLO! #ESPANSIONE! "
        "#N/B #NAAM? #VERW! #WAARDE! #DEEL/0! #GETAL! #LEEG! #OVERLOOP! "
        "#NAZWA? #ADR! #ARG! #DZIEL/0! #LICZBA! #ZERO! #ROZLANIE! "
        "#VALOR! #NÚM! #NULO! "
        "#SAKNAS! #NAMN? #REFERENS! #VÄRDEFEL! #DIVISION/0! #OGILTIGT! #SKÄRNING! "
        "#I/T #NAVN? #REFERENCE! #VÆRDI! #VERDI! #NUL! "
        "#PUUTTUU! #NIMI? #VIITTAUS! #ARVO! #JAKO/0! #LUKU! #TYHJÄ! "
        "#NENÍ_K_DISPOZICI #NÁZEV? #ODKAZ! #HODNOTA! #DĚLENÍ_NULOU! #ČÍSLO! "
        "#HIÁNYZIK #NÉV? #HIV! #ÉRTÉK! #ZÉRÓOSZTÓ! #SZÁM! "
        "#YOK #AD? #BAŞV! #DEĞER! #SAYI/0! #SAYI! #BOŞ! "
        "#\u041d/Д #ИМЯ? #ССЫЛКА! #ЗНАЧ! #ДЕЛ/0! #ЧИСЛО! #ПУСТО!"
    ).split()
)
_ERROR_NUMBER = re.compile(r"(?i:err):[0-9]{3}|#{4,}")
"""How LibreOffice numbers its errors, and what a column shows that is too narrow for its numbers."""


ERRORS_BEGIN = ("#", "Err:", "ERR:", "err:")
"""Hardly any other cell does."""


def is_error(text: str) -> bool:
    """Whether a spreadsheet program shows *text* for a formula that has no result, in whatever language it speaks."""
    return text.casefold() in _ERRORS or _ERROR_NUMBER.fullmatch(text) is not None
