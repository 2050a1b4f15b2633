"""Things that are made in another thread while those before them are looked at."""

import threading
from collections.abc import Iterator
from itertools import islice

import pytest

from importer.threads import ahead


def _counted(most: int) -> Iterator[tuple[int, str]]:
    for number in range(most):
        yield number, threading.current_thread().name


def test_all_come_in_their_order_and_are_made_elsewhere() -> None:
    """Whoever looks gets every item once, in order, and makes none of them itself."""
    found = list(ahead(_counted(100)))
    assert [number for number, _ in found] == list(range(100))
    assert threading.current_thread().name not in {name for _, name in found}


def test_nothing_comes_of_nothing() -> None:
    """Without items there is no item."""
    assert list(ahead(())) == []


def test_trouble_comes_where_the_item_would() -> None:
    """What goes wrong while an item is made is raised after all items before it were given."""

    def troubled() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the disk is full")

    items = ahead(troubled())
    assert list(islice(items, 2)) == [1, 2]
    with pytest.raises(OSError, match="the disk is full"):
        next(items)


def test_no_more_than_one_is_made_ahead() -> None:
    """Items that nobody has asked for take no room, but for one."""
    made = []

    def noted() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    assert list(islice(ahead(noted()), 1)) == [0]
    assert made in ([0], [0, 1])
