"""What letters beyond a-z the languages of Europe have, how often, and between which others they stand.  Data only."""

from collections.abc import Mapping

LETTERS: Mapping[str, str] = {
    "German": "ä578 cc -c cv c-, ö443 cc -c c-, ü995 cc -c c- cv, ß307 vc v- vv, é10 cc c- -c cv vc",
    "French": (
        "é1904 cc cv -c c- vc v-, è271 cc vc c-, à486 -- c-, ê218 cc -c vc c-, ç85 vv cv -v, ù58 vc v- c-, "
        "û60 cc vc -c, ô23 cc -c c-, î45 cc vc -c c-, â51 cc -c, ë8 vc v-, ï5 vc v- vv, œ30 cv cc -v, "
        "æ2 cc c- -c cv vc, ÿ1 cc c- -c cv vc, ü2 cc c- -c cv vc"
    ),
    "Spanish": (
        "á502 cc cv vc -c c-, é433 cc c- vc -c, í725 c- cc cv vc -c, ó827 cc vc c- -c, ú168 cc c- vc cv -c, "
        "ñ311 vv -v, ü12 cc c- -c cv vc"
    ),
    "Portuguese": (
        "á118 cc c- vc -c, â562 cc c- -c, ã733 cv c- v- vv, ç530 vv cv, é337 cc c- vc -c, ê450 cc vc c- -c, "
        "í132 cc vc cv c- -c, ó296 cc vc c- -c, ô635 cc c- -c, õ40 cv, ú207 cc vc c- -c, à72 -- c-, "
        "ü26 cc c- -c cv vc"
    ),
    "Italian": (
        "à635 c- v-, è263 -- c- v-, é15 c- v-, ì60 c- v-, ò80 c- v-, ù166 c- v-, ó2 cc c- -c cv vc, í2 cc c- -c cv vc"
    ),
    "Dutch": (
        "é50 cc c- cv -c -v vv vc, ë60 v- vc vv, ï30 vc vv, ö10 vc, è10 cc c- -c cv vc, ü10 vc cc, ó5 cc c- -c cv vc"
    ),
    "Swedish": "å1338 cc c- -c, ä1797 cc -c c-, ö1305 cc cv -c vv c-, é50 c- cc cv vc vv -c, ü2 cc c- -c cv vc",
    "Danish": (
        "å1190 cc c- -c, ø939 cc -c cv vv c-, æ872 cc cv -c c-, é20 cc c- -c cv vc, ö2 cc c- -c cv vc, "
        "ü2 cc c- -c cv vc"
    ),
    "Norwegian": (
        "å1500 cc c- -c, ø940 cc cv -c vv c-, æ120 cc cv -c c-, é50 c- cc cv -c, ô2 cc c- -c cv vc, ò2 cc c- -c cv vc"
    ),
    "Finnish": (
        "ä3577 cc cv c- vc -c, ö444 vc cc c- cv -c, å3 cc c- -c cv vc, é2 cc c- cv vc -c, š2 cv vc vv -v, "
        "ž2 cv cc c- vv"
    ),
    "Icelandic": (
        "á1799 cc -c c- cv, ð4393 vv vc cv v-, é647 cc cv c- -c, í1570 cc cv c- vc -c, ó994 cc c- -c, "
        "ö777 cc c- -c, ú613 cc cv c- -c, ý228 cc cv c- -c, þ1455 -c vv -v cv, æ867 cc c- -c"
    ),
    "Catalan": (
        "à400 v- cc c- -c, è300 cc vc c- -c, é600 cc c- v- cv -c, í500 cc c- vc cv -c, ï50 cc c- -c cv vc, "
        "ò300 cc vc c- -c, ó600 c- v- cc vc -c, ú200 cc c- -c, ü50 cv vc cc -c c-, ç100 vv cv c-"
    ),
    "Polish": (
        "ą699 cc vc c- v-, ć400 v- vc c- -c, ę1035 cc c- vc v-, ł2109 vv cv vc -v v-, ń362 vc v-, "
        "ó1141 cc -c vc, ś814 -c vc v- c-, ź78 vc v- -c, ż706 cv vv -v vc v- cc -c"
    ),
    "Czech": (
        "á867 cc c- -c, č462 -v vc -c vv cv, ď15 vv v- -v vc, é633 c- cc -c, ě1222 cc c- cv, "
        "í1643 cc c- -c, ň70 vv v- vc -v cv, ó24 cc cv vc c- -c, ř380 cv -v vv, š688 cc vc vv, "
        "ť60 vv v- -v vc c-, ú45 cc -c c- vc, ů204 cc c-, ý995 c- cc -c, ž721 cv cc vc vv"
    ),
    "Slovak": (
        "á1900 cc c- vc -c, ä100 cc c- -c cv vc, č1100 cv -v vc vv, ď200 vv v- -v vc, é800 c- cc -c, "
        "í1000 cc c- -c, ĺ20 vv cv vc -v v-, ľ400 vv vc cv -v v-, ň200 cv vv -v v-, ó100 cc vc c- -c, "
        "ô200 cc, ŕ10 vv cv vc -v v-, š900 vc -c cc -v vv, ť500 vv v- -v vc c-, ú900 cc -c c-, "
        "ý1000 c- cc -c, ž900 cv vc cc vv"
    ),
    "Hungarian": (
        "á3371 cc c- -c, é3880 cc -c c-, í470 cc -c c-, ó824 c- cc -c v-, ö821 cc -c cv c-, "
        "ő884 cc c- -c cv, ú98 cc vc c- -c, ü655 cc -c c-, ű133 cc c- -c"
    ),
    "Slovene": "č1200 cv -v vv, š1000 cc vc vv, ž600 cv vc vv -c, ć20 vv cv vc -v v-, đ10 vv cv vc -v v-",
    "Croatian": (
        "č1000 vc -v vv cv, ć700 vv v- cv vc -v, đ250 vv cv -v vc, š1000 vc cc -c vv cv -v, ž500 cv vc vv -v -c"
    ),
    "Romanian": "ă2100 cc c-, â900 cc, î900 -c cc, ş1500 vc vv v- cv -v, ţ1000 vv cv vc",
    "Turkish": (
        "ç1156 cv -v vv, ğ1125 vv v-, \u01315114 c- cc -c, ö777 cc -c -v c-, ş1780 vc vv -v v- cv, "
        "ü1854 cc c- -c, i̇50 vv cv vc -v v-, â10 cc c- -c cv vc"
    ),
    "Estonian": (
        "ä1100 cv cc vc c- -c, ö200 vc cv cc -v c- -c, õ1200 cc cv c- -c, ü600 cc -c cv vc c-, "
        "š20 cv vv vc -v, ž10 cv cc -v vv"
    ),
    "Latvian": (
        "ā4000 cc c- vc -c, č200 -v vv cv, ē1900 cc c- -c, ģ100 vv cv, ī1900 cc c- -c, ķ200 vv cv -v, "
        "ļ400 vv vc cv, ņ500 vv -v cv vc, š700 vv vc -v cv, ū300 cc vc c- -c, ž200 cv vv"
    ),
    "Lithuanian": (
        "ą700 cc c- -c cv vc, č500 vv -v cv, ę200 cc c- -c cv vc, ė1600 cc c- -c, į600 c- -c cc, "
        "š1100 -v vc vv -c cc cv, ų1300 c- v- cc -c, ū500 cc c- -c, ž800 cv -v vv"
    ),
}
"""Of each language its letters; behind each how many of 100,000 letters it is, roughly (2: in foreign names only),
and what usually stands before and after it: a vowel (v), a consonant (c), or nothing (-).

Sources: published tables of letter frequencies, and for the neighbours the words of CLDR 46 (names of countries,
languages, currencies and cities in each language), with hand-made additions where it has few.
"""

GREEK = "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰς"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў"

VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõåøæœëïÿýąęăőűůěāēīūėįų\u0131")
