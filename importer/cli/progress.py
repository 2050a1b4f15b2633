"""Progress on stderr: a bar on a terminal, else a log line now and then."""

import logging
import time
from collections import Counter
from collections.abc import Iterator

from tqdm import tqdm

from importer.cli.logs import Show
from importer.model import Outcome

LOG = logging.getLogger("importer.progress")
EVERY_S = 30.0
BAR_AFTER_S = 1.0


def followed(outcomes: Iterator[Outcome], *, total: int, show: Show) -> Iterator[Outcome]:
    """Yield *outcomes* on, and show how far they are."""
    if not show.has_bar:
        yield from _logged(outcomes, total)
        return
    counts: Counter[str] = Counter()
    with tqdm(total=total, unit="row", delay=BAR_AFTER_S, dynamic_ncols=True) as bar:
        for outcome in outcomes:
            counts[outcome.status.value] += 1
            bar.update()
            bar.set_postfix(counts, refresh=False)
            yield outcome


def _logged(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    counts: Counter[str] = Counter()
    said = time.monotonic()
    for outcome in outcomes:
        counts[outcome.status.value] += 1
        if time.monotonic() - said > EVERY_S:
            said = time.monotonic()
            LOG.warning("%d of %d rows: %s", counts.total(), total, dict(counts))
        yield outcome
