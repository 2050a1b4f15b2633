"""The entities say what the vendor says.  `facts.toml` is the outside witness: written by hand, never derived."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import schemas
from schemas import carriers, languages
from schemas.entity import Entity, Field

FACTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))
UPLOAD_ORDER: list[str] = FACTS["order_of_work"]["upload_order"]
ENTITIES = {entity.name: entity for entity in schemas.ENTITIES}
MARKS = {"CONFIRMED", "SINGLE", "INFERRED", "UNKNOWN"}
JSON_TYPES = {"string", "number", "boolean", "object", "date-time"}

each_entity = pytest.mark.parametrize("name", UPLOAD_ORDER)


def by_api_name(entity: Entity) -> dict[str, Field]:
    """The fields that are sent, by their dotted name in the payload."""
    return {field.payload_name: field for field in entity.fields if field.payload_name is not None}


def test_entities_stand_in_the_vendors_order_of_work():
    """The upload takes the sheets in the vendor's order, with the states between orders and shipments."""
    assert list(ENTITIES) == UPLOAD_ORDER


@each_entity
def test_a_row_is_sent_to_the_vendors_path(name):
    """A row is sent with the method and to the path that the vendor's documentation names or implies."""
    entity = ENTITIES[name]

    assert {"method": entity.method, "path": entity.path} == {key: FACTS[name][key] for key in ("method", "path")}


@each_entity
def test_a_row_is_known_by_its_natural_key(name):
    """A row is recognised by the agreed columns, and by the second choice where there is one."""
    entity = ENTITIES[name]

    assert [list(entity.key), list(entity.else_key)] == [FACTS[name]["key"], FACTS[name].get("else_key", [])]


@each_entity
def test_fields_are_the_vendors_with_their_types(name):
    """Every field we send is one the vendor has, in its JSON type, and none of the agreed ones is forgotten."""
    sent = {api: field.kind.json_type for api, field in by_api_name(ENTITIES[name]).items()}

    assert sent == {fact["name"]: fact["type"] for fact in FACTS[name]["fields"]}


@each_entity
def test_mandatory_cells_are_those_the_vendor_demands(name):
    """A cell must be filled exactly where the Return Portal Pro page demands it and we cannot fill it in ourselves."""
    demanded = {api: field.mandatory for api, field in by_api_name(ENTITIES[name]).items()}

    filled_in = FACTS["filled_in"].get(name, {})
    assert demanded == {
        fact["name"]: fact["mandatory"] and fact["name"] not in filled_in for fact in FACTS[name]["fields"]
    }


@each_entity
def test_own_columns_are_never_sent_under_their_own_name(name):
    """The columns we invented become the vendor's fields, or nothing at all."""
    own = {f.name: f.payload_name or "" for f in ENTITIES[name].fields if f.name != f.payload_name}

    assert own == FACTS["own_columns"].get(name, {})


@each_entity
def test_read_only_and_unproven_fields_are_not_sent(name):
    """What the server makes itself, or nobody has documented, is no part of a request."""
    left_out = {fact["name"] for fact in FACTS["not_sent"].get(name, [])}

    assert left_out & set(by_api_name(ENTITIES[name])) == set()


@each_entity
def test_names_of_2017_are_accepted_as_headers(name):
    """A sheet with the API's old names is understood as if it had today's."""
    entity = ENTITIES[name]

    old_names = FACTS["old_names"].get(name, {})
    meant = {old: field.name for field in entity.fields for old in field.aliases if old in old_names}
    assert meant == old_names


@pytest.mark.parametrize(
    ("name", "column", "allowed"),
    [
        ("orders", "language", FACTS["languages"]["values"]),
        ("order_states", "state", FACTS["order_states_allowed"]["settable"]),
        ("shipments", "carrier_service", FACTS["carrier_services"]["values"]),
        ("shipment_events", "event", FACTS["events"]["values"]),
    ],
)
def test_a_choice_offers_what_the_vendor_allows(name, column, allowed):
    """A cell with a fixed choice takes the vendor's values and no other."""
    assert sorted(ENTITIES[name].field(column).kind.choices()) == sorted(allowed)


def test_the_carrier_table_is_the_vendors():
    """The table we ship has the vendor's 17 countries with their carriers, letter by letter and in order."""
    shipped = {country: list(codes) for country, codes in carriers.table().items()}

    assert shipped == FACTS["carriers"]["by_country"]
    assert len(shipped) == 17


def test_order_languages_are_the_vendors():
    """An order can be in the vendor's 25 languages; those it leaves out are not slipped in."""
    assert list(languages.ORDER_LANGUAGES) == FACTS["languages"]["values"]
    assert len(languages.ORDER_LANGUAGES) == 25
    assert set(languages.ORDER_LANGUAGES).isdisjoint(FACTS["languages"]["absent"])


# --- the witness itself -------------------------------------------------------------------------------------------


def tables(part: object) -> Iterator[dict[str, Any]]:
    """Every table in *part* of the file, at any depth."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from tables(inner)


def test_every_fact_names_known_pages():
    """A source is always one of the pages listed at the top, and no fact is without one."""
    facts = {key: part for key, part in FACTS.items() if key != "sources"}
    named = {tag for table in tables(facts) for key in ("source", "path_source") for tag in table.get(key, [])}
    without = [table for table in tables(facts) if "certainty" in table and not table.get("source")]

    assert (named - set(FACTS["sources"]), without) == (set(), [])


def test_every_fact_says_how_sure_it_is():
    """Certainty is said in four words and no other."""
    words = {table[key] for table in tables(FACTS) for key in ("certainty", "path_certainty") if key in table}

    assert words <= MARKS


@each_entity
def test_every_field_is_described_once_and_in_full(name):
    """A field is one line with its name, type, duty, source and certainty."""
    fields = FACTS[name]["fields"]

    assert len({fact["name"] for fact in fields}) == len(fields)
    assert {fact["type"] for fact in fields} <= JSON_TYPES
    wanted = {"name", "type", "mandatory", "certainty", "source"}
    assert [fact for fact in fields if set(fact) - {"recommended"} != wanted] == []


def test_the_seven_steps_agree_with_the_entities():
    """The order of work names the same paths and the same sequence as the entities do."""
    steps = FACTS["order_of_work"]["steps"]
    first = {step["entity"]: (step["method"], step["path"]) for step in reversed(steps)}

    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert first == {name: (FACTS[name]["method"], FACTS[name]["path"]) for name in UPLOAD_ORDER if name in first}
    in_sequence = list(dict.fromkeys(step["entity"] for step in steps))
    assert in_sequence == [name for name in UPLOAD_ORDER if name != "order_states"]
