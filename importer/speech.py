"""What is said to people, in their language: English as it stands in the code, or German from the gettext catalogue.

A `Speech` is made once, from the settings, and handed to whoever shows something.  The English sentence is the key of
the catalogue, and a sentence that the catalogue does not have is said in English.  Nothing here is said to machines:
codes, statuses, names of columns and log lines are English in every language.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal

from importer.errors import Fact, ImporterError
from importer.model import Problem, Status, Where
from schemas import countries, messages
from schemas.cells import Note

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")

VARIABLES = ("IMPORTER_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment: our own, and then those that gettext asks, in its order."""

NUMBERS = frozenset("commas count day_first example expected found least most one other places".split())
"""Facts that may be numbers, written the English way: 1,234.5."""
WORDS = frozenset("answer encoding entity found origin reason separator status what".split())
"""Facts that may be words of ours, and are then in the catalogue."""
PLACES = frozenset(("others", "parent"))
"""Facts that name rows: `june.xlsx › Orders!row 7`, `Orders!7, Orders!9 and 3 more`."""

NUMBER = re.compile(r"[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?|[0-9]+(\.[0-9]+)?")
SIGNS = str.maketrans(",.", ".,")
ROW = re.compile(r"!row ([0-9]+)")
MORE = re.compile(r"(.*) and ([0-9,]+) more", flags=re.DOTALL)


def english(sentence: str) -> str:
    """Mark *sentence*, which is said elsewhere, for the catalogue."""
    return sentence


@dataclass(frozen=True, slots=True)
class Speech:
    """One language, and how it is spoken.  A fact that is a whole number gets its thousands separated."""

    language: Language = "en"

    # --- sentences ------------------------------------------------------------------------------------------

    def say(self, sentence: str, /, **facts: Fact) -> str:
        """The English *sentence* in the language, with *facts* put in."""
        return self._with(self.template(sentence), facts)

    def template(self, sentence: str) -> str:
        """The English *sentence* in the language, its facts still to be put in."""
        return self._translations.gettext(sentence) if sentence else ""

    def counted(self, one: str, many: str, count: int, /, **facts: Fact) -> str:
        """*one* or *many*, as *count* asks for; {count} in either is the number."""
        return self._with(self._translations.ngettext(one, many, count), {**facts, "count": count})

    def text(self, code: str, facts: Mapping[str, str]) -> str:
        """The sentence for *code*; see `schemas.messages`."""
        if self.language == "en":
            return messages.text(code, facts)
        told = {name: self._fact(name, fact) for name, fact in facts.items()}
        return self._sentence_of(code, facts).format_map(told)

    def sentence(self, code: str, facts: Mapping[str, str]) -> str:
        """The same with a capital and a full stop; a fact at its beginning, such as a language code, stays as it is."""
        said = self.text(code, facts)
        begins_with_fact = self._sentence_of(code, facts).startswith("{")
        return f"{said if begins_with_fact else said[:1].upper() + said[1:]}."

    def note(self, note: Note) -> str:
        """The sentence of *note*."""
        return self.text(note.code, note.facts)

    def error(self, reason: ImporterError) -> str:
        """Why the work cannot go on."""
        # A sentence without facts may hold braces that are the user's.
        translated = self.template(reason.sentence)
        said = self._with(translated, reason.facts) if reason.facts else translated
        return f"{reason.at}: {said}" if reason.at else said

    # --- problems -------------------------------------------------------------------------------------------

    def message(self, problem: Problem) -> str:
        """The sentence of the problem's code."""
        return self.text(problem.code, problem.facts)

    def discreet_message(self, problem: Problem) -> str:
        """The same for a terminal, a log or a page that is passed on: of a private cell it repeats nothing."""
        return self.text(problem.code, messages.discreet_facts(problem.facts) if problem.private else problem.facts)

    def advice(self, problem: Problem) -> str:
        """What a reader of the cell needs: `a two-letter code is wanted, such as DE (did you mean DE?)`."""
        return self.message(problem) + self.near(problem.suggestion)

    def problem(self, problem: Problem) -> str:
        """`june.xlsx › Shipments!F17: carrier_country "Germany": a two-letter ...`; private values left out."""
        value, suggestion = ("", "") if problem.private else (problem.value, problem.suggestion)
        what = self.what(problem.column, value)
        return f"{self.place(problem.where)}: {what}{self.discreet_message(problem)}{self.near(suggestion)}"

    def what(self, column: str, value: str = "") -> str:
        """`carrier_country "Germany": `, the beginning of a line about a cell; "" for a row as a whole."""
        shown = f" {self.quoted(value)}" if value else ""
        return f"{column}{shown}: " if column else ""

    def near(self, suggestion: str) -> str:
        """` (did you mean DE?)`, the end of it; "" where nothing is near."""
        return f" ({self.say('did you mean {suggestion}?', suggestion=suggestion)})" if suggestion else ""

    def place(self, where: Where) -> str:
        """`june.xlsx › Shipments!F17`."""
        if where.cell or not where.row:
            return str(where)
        return f"{replace(where, row=None, column='')}!{self.row(where.row)}"

    def row(self, number: int) -> str:
        """`row 17`: the number as the spreadsheet shows it."""
        return self.say("row {row}", row=str(number))

    def status(self, status: Status) -> str:
        """The status in a word or two."""
        return self.say(status.value.replace("_", " "))

    def gloss(self, status: Status) -> str:
        """The same where the status itself stands beside it; "" in English, in which it speaks for itself."""
        return "" if self.language == "en" else self.status(status)

    # --- figures --------------------------------------------------------------------------------------------

    def number(self, number: float, places: int = 0) -> str:
        """`1,234` or `1,234.5`."""
        written = f"{number:,.{places}f}"
        return written if self.language == "en" else written.translate(SIGNS)

    def moment(self, moment: datetime) -> str:
        """`31 January 2026, 10:03:12 UTC`."""
        moment = moment.astimezone(UTC)
        if self.language == "en":
            return f"{moment:%d %B %Y, %H:%M:%S} UTC".removeprefix("0")
        from babel.dates import format_datetime  # noqa: PLC0415

        return format_datetime(moment, "d. MMMM y, HH:mm:ss 'UTC'", locale=self.language)

    def quoted(self, words: str) -> str:
        """*words* in the quotation marks of the language."""
        return f'"{words}"' if self.language == "en" else f"„{words}“"

    # --- facts ----------------------------------------------------------------------------------------------

    @property
    def _translations(self) -> NullTranslations:
        return _catalogue(self.language)

    def _sentence_of(self, code: str, facts: Mapping[str, str]) -> str:
        if code not in messages.ONE:
            return self.template(messages.TEXTS[code])
        count = int(facts["count"].replace(",", ""))
        return self._translations.ngettext(messages.ONE[code], messages.TEXTS[code], count)

    def _with(self, sentence: str, facts: Mapping[str, Fact]) -> str:
        return sentence.format_map({name: self._told(name, fact) for name, fact in facts.items()})

    def _told(self, name: str, fact: Fact) -> str:
        match fact:
            case int():
                return self.number(fact)
            case Note():
                return self.note(fact)
        return fact if self.language == "en" else self._fact(name, fact)

    def _fact(self, name: str, fact: str) -> str:
        """*fact*, which was written down in English, as the language writes it."""
        if name in NUMBERS and NUMBER.fullmatch(fact):
            return fact.translate(SIGNS)
        if name in WORDS:
            return self.template(fact)
        if name in PLACES:
            return self._places(fact)
        if name == "country" and fact in countries.codes():
            return f"{countries.names(self.language)[fact]} ({fact})"
        return fact

    def _places(self, fact: str) -> str:
        told = ROW.sub(lambda found: f"!{self.row(int(found[1]))}", fact)
        found = MORE.fullmatch(told)
        return (
            self.say("{named} and {count} more", named=found[1], count=int(found[2].replace(",", "")))
            if found
            else told
        )


ENGLISH = Speech("en")


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that *environment* asks for, as gettext understands it; English where we do not speak it."""
    asked = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return next((language for language in _languages(asked)), "en")


def _languages(asked: str) -> Iterator[Language]:
    """Those of ours that `de_DE.UTF-8` names, or a list such as `nl:de_AT:en`, in its order."""
    for locale in asked.split(":"):
        code = re.split(r"[_.@-]", locale)[0].lower()
        yield from (language for language in LANGUAGES if language == code)


@cache
def _catalogue(language: Language) -> NullTranslations:
    """The catalogue of *language*, compiled as it is read, so that there is no compiled file to be out of date."""
    if language == "en":
        return NullTranslations()
    # Loaded on first use: English needs no catalogue.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    source = files("importer").joinpath("locale", language, "LC_MESSAGES", "importer.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
