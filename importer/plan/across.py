"""What only shows when all rows are looked at together: keys that occur twice, rows that name others, odd ones out.

All columns that a question needs are gone through once, some rows at a time.  A question keeps numbers, not texts, and
looks the texts up again for the few rows that have a problem.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

from importer.findings import Finding
from importer.model import CheckedSheet, Problem
from importer.plan.book import Book, Telling
from importer.plan.keys import Counted, Duplicates
from importer.plan.references import ORDER, SHIPMENTS, Names, OtherOrders, References
from importer.plan.shipped import EarlyPickups, OddCurrencies, PromisedDates
from importer.rows import in_columns
from importer.threads import THREADS
from schemas import ENTITIES


def related(sheets: Sequence[CheckedSheet]) -> tuple[CheckedSheet, ...]:
    """*sheets* with keys numbered, and the problems that only show when all rows are looked at together."""
    book = Book(sheets)
    names = Names(book)
    counted = [Counted(book, entity) for entity in ENTITIES if entity.numbered]
    duplicates = [Duplicates(book, entity) for entity in ENTITIES]
    references = [References(book, names, entity, field) for entity in ENTITIES for field in entity.references]
    others = [
        OtherOrders(book, names, entity, field)
        for entity in ENTITIES
        for field in entity.references
        if field.reference and field.reference.entity == SHIPMENTS and ORDER in entity.names
    ]
    beside: tuple[PromisedDates, OddCurrencies, EarlyPickups] = (
        PromisedDates(book, names),
        OddCurrencies(book),
        EarlyPickups(book, names),
    )
    of_keys = [same for one in duplicates for same in one.questions]
    book.ask([names, *(one.question for one in counted), *of_keys, *references, *others, *beside])
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    telling: tuple[Telling, ...] = (*duplicates, *references, *others, *beside)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="related") as threads:
        for sheet, finding in chain.from_iterable(threads.map(lambda question: [*question.findings()], telling)):
            found[sheet].append(finding)
    notes: defaultdict[int, list[Problem]] = defaultdict(list)
    for reference in references:
        for sheet, note in reference.notes():
            notes[sheet].append(note)
    numbers = {sheet: those for one in counted for sheet, those in one.numbers().items()}
    return tuple(
        replace(
            sheet,
            rows=in_columns(sheet.rows).also(found[at], numbers.get(at)),
            problems=(*sheet.problems, *notes[at]),
        )
        for at, sheet in enumerate(sheets)
    )
