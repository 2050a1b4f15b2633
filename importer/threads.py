"""Looking at the cells of a large table in several threads.

Arrow and numpy look at cells without holding up the others; Python, which reads what is left, does hold them up.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")

THREADS = min(4, os.cpu_count() or 1)
"""So many look side by side."""


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """*items*, none of which is None; each is made in another thread while the one before it is looked at."""
    source = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        following = thread.submit(next, source, None)
        while (item := following.result()) is not None:
            following = thread.submit(next, source, None)
            yield item
