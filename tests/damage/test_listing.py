"""What is found, put to the table: as problems at the cells, or as repairs of which each is listed."""

from dataclasses import replace

from cases import sheet

from importer.damage import found, listed, repaired
from importer.model import Problem, Severity, Where

CODES = ["RED-01", "BLU-02", "TEE-11", " 1-Mar ", "XXL-12"]


def at(row: int, column: str, entity: str = "products") -> Where:
    """A cell of the sheet's file."""
    return Where(f"{entity}.csv", "", row, column)


def cells(table, position: int) -> list[str]:
    """The texts of a column."""
    return table.frame[position].tolist()


def test_damage_is_told_at_its_cell():
    """A code that became a date is an error with what was most likely entered; the cell is as it was."""
    one = sheet("products", {"customs_description": [], "sku": CODES})
    (damages,) = found([one])

    table = listed(one, damages)

    became = Problem(at(5, "B"), "became_date", {}, "sku", " 1-Mar ", "MAR-01")
    assert (table.problems, cells(table, 1)) == ((became,), CODES)


def test_a_repair_is_made_and_listed():
    """With the repair the cell holds what is proposed, a note says so, and the sheet as it stands is kept."""
    one = sheet("products", {"sku": CODES})
    (damages,) = found([one])

    table = repaired(one, damages)

    note = Problem(at(5, "A"), "repaired", {"value": "MAR-01"}, "sku", " 1-Mar ", severity=Severity.NOTE)
    assert (table.problems, cells(table, 0)) == ((note,), ["RED-01", "BLU-02", "TEE-11", "MAR-01", "XXL-12"])
    assert table.source is not None
    assert cells(table.source, 0) == CODES


def test_what_cannot_be_repaired_stays_an_error():
    """Where the digits are gone, asking for repairs changes nothing."""
    one = sheet("products", {"sku": ["4006381333931", "4.01235E+12"]})
    (damages,) = found([one])

    table = repaired(one, damages)

    assert [(problem.code, problem.severity, problem.value) for problem in table.problems] == [
        ("code_damaged", Severity.ERROR, "4.01235E+12")
    ]
    assert (cells(table, 0), table.source) == (["4006381333931", "4.01235E+12"], None)


def test_personal_data_is_told_as_such():
    """The problem of a private cell keeps its value off the terminal."""
    one = sheet("shipments", {"recipient_last_name": ["MÃ¼ller"]})
    (damages,) = found([one])

    (problem,) = listed(one, damages).problems
    (note,) = repaired(one, damages).problems

    assert (problem.private, note.private) == (True, True)
    assert "ller" not in str(problem) + str(note)


def test_only_the_postcodes_of_the_country_are_repaired():
    """1067 is short in Germany and right in Austria; the check itself says so, so that nothing is said twice."""
    one = sheet("shipments", {"recipient_zip": ["1067", "1067"], "recipient_country": ["Deutschland", "AT"]})
    (damages,) = found([one])

    assert listed(one, damages).problems == ()
    assert cells(repaired(one, damages), 0) == ["01067", "1067"]


def test_a_text_that_a_person_called_right_is_right():
    """Whatever a code looks like, somebody who knows it has the last word."""
    looks = [found([sheet("products", {"sku": CODES}, right)])[0] for right in ({}, {"sku": frozenset(["1-Mar"])})]

    assert [len(damages) for damages in looks] == [1, 0]


def test_what_reading_found_is_said_once():
    """Reading a workbook tells of a number that is too long; where another sheet has it whole, that is proposed."""
    items = sheet("order_items", {"order_id": ["1234567890123450000", "77"]})
    orders = sheet("orders", {"order_id": ["1234567890123456789", "77"]})
    told = Problem(at(2, "A", "order_items"), "code_damaged", {}, "order_id", "1234567890123450000")
    items = replace(items, table=replace(items.table, problems=(told,)))

    damages, _ = found([items, orders])

    (problem,) = listed(items, damages).problems
    assert (problem.code, problem.suggestion) == ("code_damaged", "1234567890123456789")
    assert [one.code for one in repaired(items, damages).problems] == ["repaired"]


def test_rows_that_may_be_shifted_are_not_looked_at():
    """A row with a cell too many says nothing of any column."""
    ragged = Problem(Where("products.csv", "", 2), "ragged_row", {"found": "3", "expected": "1"})
    one = sheet("products", {"sku": ["4.01235E+12", "A"]})

    assert found([replace(one, table=replace(one.table, problems=(ragged,)))]) == ((),)


def test_texts_that_were_cut_off_are_noted():
    """Two texts of exactly 255 characters, and none longer, were cut; so was one of 32,767 that ends in a word."""
    cut = sheet("order_items", {"description": ["x" * 254 + "y", "y" * 255, "short."], "name": ["w" * 32_767]})
    whole = sheet("order_items", {"description": ["x" * 255, "y" * 256], "name": ["z" * 254 + "."]})

    damages, none = found([cut, whole])

    assert [(one.field.name, one.code, one.facts, one.is_sure) for one in damages] == [
        ("description", "cut_off", {"most": "255"}, False),
        ("description", "cut_off", {"most": "255"}, False),
        ("name", "cut_off", {"most": "32,767"}, False),
    ]
    assert none == ()
