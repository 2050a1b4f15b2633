"""The example row: coherent, readable, and known again."""

import pytest

from schemas import ENTITIES, entity_named, examples
from schemas.cells import Conventions

ALL = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)


@ALL
def test_key_begins_with_the_prefix(entity):
    """Every sheet's example is recognisable by a key that begins with EXAMPLE-."""
    assert entity.field(entity.key[0]).example.startswith(examples.PREFIX)


@ALL
def test_example_is_recognised_after_other_cells_were_edited(entity):
    """A user may try things out in the example row; it is still not imported."""
    edited = dict.fromkeys(entity.names, "edited") | {entity.key[0]: f" {entity.field(entity.key[0]).example} "}

    assert examples.is_example(entity, examples.example(entity))
    assert examples.is_example(entity, edited)


@ALL
def test_row_with_a_key_of_its_own_is_no_example(entity):
    """Once the key is overwritten the row is the user's, whatever else it still says."""
    overwritten = examples.example(entity) | {entity.key[0]: "SO-1"}

    assert not examples.is_example(entity, overwritten)
    assert not examples.is_example(entity, {})


@ALL
def test_example_passes_the_check_without_a_note(entity):
    """The example shows every mandatory cell, each written exactly the way it is sent."""
    texts = examples.example(entity)
    readings = {name: entity.field(name).kind.read(text, Conventions()) for name, text in texts.items()}
    values = {name: reading.value for name, reading in readings.items()}

    assert [name for name, reading in readings.items() if reading.note] == []
    assert [field.name for field in entity.fields if field.mandatory and not field.example] == []
    assert [rule for rule in entity.rules if rule.broken(values, Conventions())] == []


def test_examples_of_all_sheets_tell_one_story():
    """What one sheet's example points to is the example of another sheet."""
    for entity in ENTITIES:
        for field in entity.references:
            target = entity_named(field.reference.entity)
            assert field.example in {target.field(name).example for name in field.reference.fields}, field.name
