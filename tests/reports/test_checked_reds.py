"""The reds of bad cells: each stands for the colour that it was painted over."""

from importer.reports.checked.reds import REDS, Reds

COLOURS = [f"rgb=FF0000{number:02X}" for number in range(len(REDS) + 5)]


def test_red_tells_the_colour_before_also_another_day():
    """What a red stands for is known from the names that the workbook keeps, and more can be added to them."""
    first = Reds({})
    reds = {colour: first.red_for(colour) for colour in ("rgb=FFE2EFDA", "theme=4 tint=-0.249977", "indexed=13")}

    second = Reds(first.names())

    assert {colour: second.colour_before(f"FF{red}") for colour, red in reds.items()} == {one: one for one in reds}
    assert second.red_for("rgb=FF123456") not in reds.values()
    assert len(set(reds.values())) == 3


def test_red_of_a_cell_without_colour_stands_for_none():
    """A cell that had no colour gets none back; a colour of the user's own stands for nothing."""
    reds = Reds({})

    assert (reds.red_for(""), reds.colour_before("FFFFC7CD")) == ("FFC7CD", "")
    assert [reds.colour_before(one) for one in ("FFFFC7CE", "FF00FF00", "00000000")] == [None] * 3


def test_colours_without_end_share_one_red():
    """A workbook with more colours than there are reds is marked all the same; the last ones are not known again."""
    reds = Reds({})

    given = [reds.red_for(colour) for colour in COLOURS]

    assert given == [*REDS[1:], *[REDS[0]] * 6]


def test_names_that_others_wrote_do_no_harm():
    """A name like ours with nonsense in it is not taken for a colour."""
    reds = Reds({"_import_colour_1": "Sheet1!$A$1", "_import_colour_x": '"a"', "_import_colour_99": '"b"', "net": "1"})

    assert reds.names() == {}
