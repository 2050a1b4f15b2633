"""An entity described once: its fields, its key, its references.  Everything else about it is derived.

Derived here: headers, identity, payload.  Derived elsewhere from the same lines: the pandera schema (`frames`),
templates, the order of work, the sandbox's rules, the documents and what counts as private.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemas import cleaning
from schemas.cells import CLEAR, CellError, Conventions, Note, Reading, Value
from schemas.kinds import Json, Kind, to_json
from schemas.no_value import LONGEST
from schemas.words import words_for

PART = " / "
"""Stands between the parts of a key."""

Values = Mapping[str, Value]
"""The typed cells of a row by field name; an absent field is not in it."""

Payload = dict[str, object]
"""JSON body of a request."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell that names a row of another entity by one of its fields."""

    entity: str
    fields: tuple[str, ...]
    """Fields of that entity that may hold the value; more than one where a shipment has two names."""
    sends_server_id: bool = False
    """The payload wants the number that the server gave to that row, not the value itself."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet, one member of a payload."""

    name: str
    """The column's header: the API's name, or one of our own."""
    kind: Kind
    title: str
    """What a German or English speaker calls it; both titles are accepted as headers."""
    titel: str
    meaning: str
    """One sentence for the header's note and the documents."""
    example: str
    """What the template's example row shows; one coherent example over all sheets."""
    mandatory: bool = False
    recommended: bool = False
    api: str | None = ""
    """Dotted name in the payload where it differs from `name`; None = never sent as such."""
    aliases: tuple[str, ...] = ()
    """Other headers that mean this column, such as the API's names of 2017."""
    private: bool = False
    """Personal data: never in logs, on the terminal or in an exception's text."""
    reference: Reference | None = None
    takes_dashes: bool = False
    """A dash or n/a is a value here, as not everything has a size; elsewhere it stands for a blank."""

    def read(self, text: str, conventions: Conventions) -> Reading:
        """What the cell *text*, which is more than blanks, means in this column; raises `CellError`."""
        word = text.strip()
        if word.casefold() == conventions.clear_word.casefold():
            if self.mandatory:
                raise CellError("cannot_clear")
            note = Note("normalised", {"value": conventions.clear_word})
            return Reading(CLEAR, None if word == conventions.clear_word else note)
        is_word = len(word) <= LONGEST and word.casefold() in self.kind.blank_words and not self.takes_dashes
        if not is_word and not cleaning.is_nothing(word):
            return self.kind.read(text, conventions)
        if self.mandatory:
            raise CellError("missing")
        return Reading(None, Note("read_as_blank"))

    @property
    def payload_name(self) -> str | None:
        """Dotted name in the payload; None when the field is never sent as such."""
        return self.name if self.api == "" else self.api


@dataclass(frozen=True, slots=True)
class Rule:
    """What the cells of one row must fulfil together.

    `broken` gets the typed values of `fields` (only those that are there) and says what is wrong, or None.  The trouble
    is placed at the cell of `at`.
    """

    fields: tuple[str, ...]
    at: str
    broken: Callable[[Values, Conventions], CellError | None]
    suspects: Callable[[str], bool] | None = None
    """A quick look at the text of `at` alone: False = no need to ask `broken`.  None = always ask."""
    harmless: Callable[[Conventions, str], str | None] | None = None
    """The same as a pattern for many texts at once (Python's `re.fullmatch`, or RE2): a text of `at`, blank or not,
    that it fits as a whole needs no asking.  Its second argument is the text in the column `harmless_by`, "" where that
    is blank or there is no such column.  None = no such pattern."""
    harmless_by: str = ""
    """The other one of `fields` on which that pattern depends ..."""
    harmless_if_filled: bool = False
    """... though not on what stands there, but on whether something does."""
    mentions: str = ""
    """Likewise: only a text of `at` with this word in it, in any case, is worth asking of; "" = no such word."""
    in_order: tuple[str, ...] = ()
    """Likewise: two of `fields`; where the first is surely a day before the other, or the same, none needs asking."""
    as_written: tuple[str, ...] = ()
    """Those of `fields` whose text `broken` gets instead of their value."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A sheet, and the resource of the API that its rows become."""

    name: str
    """Snake name: CSV file, settings, reports."""
    sheet: str
    """The sheet's title in our workbook."""
    blatt: str
    """The same in German; accepted, too."""
    meaning: str
    path: str
    """Default path below the base URL; a setting, since some are inferred."""
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    """Fields that identify a row when all are filled ..."""
    else_key: tuple[str, ...] = ()
    """... and those that do otherwise."""
    numbered: bool = False
    """Rows may share the `else_key`; they are told apart by counting."""
    method: Literal["POST", "PUT"] = "POST"
    can_update: bool = True
    """False where the API offers no way to change a record once it is there."""
    rules: tuple[Rule, ...] = ()
    """What keeps a row out when it is broken ..."""
    hints: tuple[Rule, ...] = ()
    """... and what is only worth a note."""

    def field(self, name: str) -> Field:
        """The field called *name*; raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """All column names, in the template's order."""
        return tuple(field.name for field in self.fields)

    @property
    def references(self) -> tuple[Field, ...]:
        """The fields that name rows of other sheets."""
        return tuple(field for field in self.fields if field.reference)

    @property
    def private_names(self) -> frozenset[str]:
        """Columns that hold personal data."""
        return frozenset(field.name for field in self.fields if field.private)


# --- headers ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def bare(header: str) -> str:
    """*header* without case, accents, blanks and punctuation: "Order-ID *" and "order_id" are one."""
    # The search for a header asks for the same few texts thousands of times.
    # Taken apart, since an accent may be part of its letter or stand behind it, as on macOS.
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", header).casefold())


def headers(entity: Entity) -> dict[str, str]:
    """Every accepted header in its bare form -> field name.

    A field's own name wins over another field's alias.
    """
    others = {
        bare(header): field.name
        for field in entity.fields
        for header in (field.title, field.titel, *_payload_headers(field), *field.aliases, *words_for(field.name))
    }
    return others | {bare(field.name): field.name for field in entity.fields}


def _payload_headers(field: Field) -> tuple[str, ...]:
    """The payload's dotted name is accepted, too ("carrier.name"); a plain one is another field's business."""
    name = field.payload_name
    return (name,) if name and "." in name else ()


# --- identity -----------------------------------------------------------------------------------------------


def identity(entity: Entity, values: Values, number: int = 1) -> str:
    """The row's key as text, the same wherever the row stands in the sheet; "" when no key is complete.

    Parts are joined by " / ".  The second-choice key names its fields, so that a tracking code is never taken for an
    equal reference number.  *number* counts the rows that share a `numbered` key, from 1.
    """
    if _has(values, entity.key):
        return PART.join(_part(values[name]) for name in entity.key)
    if not entity.else_key or not _has(values, entity.else_key):
        return ""
    parts = [_part(values[name]) if name in entity.key else f"{name}={_part(values[name])}" for name in entity.else_key]
    return PART.join([*parts, f"#{number}"] if entity.numbered else parts)


def key_prefix(value: Value) -> str:
    """What all keys begin with whose first part is *value*: those of an order's items, for example."""
    return f"{_part(value)}{PART}"


def named_by(entity: Entity, key: str) -> tuple[dict[str, str], int]:
    """What `identity` made *key* of: the texts by the names of their fields, and the number, 1 unless it has one."""
    names, parts = entity.key, key.split(PART)
    number = 1
    if entity.numbered and re.fullmatch("#[0-9]+", parts[-1]):
        number = int(parts.pop()[1:])
        names = entity.else_key
    elif entity.else_key and any(_is_named(part, entity) for part in parts):
        names = entity.else_key
    texts = (part.removeprefix(f"{name}=") for name, part in zip(names, parts, strict=True))
    return {name: re.sub(r"\\(.)", r"\1", text) for name, text in zip(names, texts, strict=True)}, number


def _is_named(part: str, entity: Entity) -> bool:
    return any(part.startswith(f"{name}=") for name in entity.else_key if name not in entity.key)


def is_numbered(entity: Entity, values: Values) -> bool:
    """Whether the row's identity needs a number: it may share its key with other rows."""
    return entity.numbered and not _has(values, entity.key)


def _has(values: Values, names: Iterable[str]) -> bool:
    """Whether all of *names* have a value; a cell to be cleared is no part of a key."""
    return all(name in values and values[name] is not CLEAR for name in names)


def _part(value: Value) -> str:
    return str(to_json(value)).replace("\\", "\\\\").replace("/", "\\/")


# --- payload ------------------------------------------------------------------------------------------------


def payload(entity: Entity, values: Values, *, is_update: bool = False) -> Payload:
    """The JSON body for a row: dotted names nested, absent fields left out.

    A cell with the clear word becomes null on update and is left out otherwise.
    """
    body: Payload = {}
    for field in entity.fields:
        name, value = field.payload_name, values.get(field.name)
        if name is None or value is None or (value is CLEAR and not is_update):
            continue
        _put(body, name.split("."), to_json(value))
    return body


def _put(body: Payload, path: list[str], value: Json) -> None:
    *outer, last = path
    for name in outer:
        inner = body.setdefault(name, {})
        assert isinstance(inner, dict)  # two fields of one entity cannot share a dotted name
        body = inner
    body[last] = value


def column_of(entity: Entity, payload_name: str) -> str | None:
    """The column that a server's `propertyPath` speaks of, or None.

    Understands dotted and bracketed paths, the member of an object's column (`order_tags.color`), camel case, and an
    object as a whole (`carrier` is told at its first column).
    """
    path = re.sub(r"\[['\"]?([^\]'\"]*)['\"]?\]", r".\1", payload_name).strip(".")
    wanted = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", path).lower()
    names = {field.payload_name: field.name for field in entity.fields if field.payload_name}
    if wanted in names:
        return names[wanted]
    inside = [column for name, column in names.items() if name.startswith(f"{wanted}.")]
    around = [column for name, column in names.items() if wanted.startswith(f"{name}.")]
    own = [field.name for field in entity.fields if field.name == wanted]
    return next(iter([*inside, *around, *own]), None)
