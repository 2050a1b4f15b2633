"""Widths said of our new columns, among those that the sheet says of its own."""

from collections.abc import Iterator, Sequence

from importer.reports.checked.in_place.splicing import Edit
from importer.reports.checked.in_place.survey import Place, Survey, first, is_on, last
from importer.reports.checked.in_place.xml import with_attribute
from importer.reports.checked.trouble import CannotMark

Wanted = Sequence[tuple[int, float]]
"""Column, from 1, and its width in letters; in their order."""


def width_edits(survey: Survey) -> Iterator[Edit]:
    """The edits that give the new columns their widths, where nothing is said of them, or that they are hidden.

    A width that is said of many columns at once stays as it is: a second one for one of them is damage to Excel.
    """
    wanted = sorted(survey.widths.items())
    for said in survey.columns:
        inside = [one for one in wanted if first(said) <= one[0] <= last(said)]
        if inside and is_on(said, "hidden"):
            yield said.begin, said.end, _split(said, inside, survey.prefix)
    free = [one for one in wanted if survey.said_of(one[0]) is None]
    if free and survey.columns_end is None:
        columns = b"".join(_tag(one, survey.prefix) for one in free)
        name = f"{survey.prefix}cols".encode()
        yield survey.data, survey.data, b"<%s>%s</%s>" % (name, columns, name)
    elif survey.columns_end is not None:
        for one in free:
            place = next((said.begin for said in survey.columns if first(said) > one[0]), survey.columns_end)
            yield place, place, _tag(one, survey.prefix)


def _tag(one: tuple[int, float], prefix: str) -> bytes:
    column, width = one
    return f'<{prefix}col min="{column}" max="{column}" width="{width:g}" customWidth="1"/>'.encode()


def _split(said: Place, inside: Wanted, prefix: str) -> bytes:
    """What is *said* of columns, without those *inside*, which get widths of their own and are seen."""
    if not said.tag.endswith(b"/>"):
        raise CannotMark("a column with something in it")
    left, right = inside[0][0], inside[-1][0]
    before = with_attribute(said.tag, "max", str(left - 1)) if first(said) < left else b""
    behind = with_attribute(said.tag, "min", str(right + 1)) if last(said) > right else b""
    return before + b"".join(_tag(one, prefix) for one in inside) + behind
