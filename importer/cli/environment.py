"""Names in the environment that look like our settings and are none, such as IMPORTER_WORKER.

They are warned of and no more: a nightly job that has run with one for months goes on.  Below a table, such as
IMPORTER_API__TRYS, a slip ends the command like one in a settings file; the settings themselves see to that.
Values are not shown: one may be the access key.
"""

import re
from collections.abc import Iterator, Mapping

from importer.settings import BELOW, PREFIX, PROFILE, environment_names
from schemas.nearest import nearest

TRACEBACK = PREFIX + "TRACEBACK"
"""Lets a traceback through, for whoever mends the importer."""

OF_KUBERNETES = re.compile(r"_SERVICE_(HOST|PORT)(_|$)|_PORT(_[0-9]+_|$)")
"""What it sets in every container for a service of that name, so that nobody can help it."""


def slips(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each name in *environment* that does nothing, with the one that may have been meant."""
    known = {*environment_names(), PROFILE, TRACEBACK}
    tables = tuple({name.partition(BELOW)[0] + BELOW for name in known if BELOW in name})
    for name, value in sorted(environment.items()):
        asked = name.upper()
        if not asked.startswith(PREFIX) or asked in known or asked.startswith(tables) or not value:
            continue
        if not OF_KUBERNETES.search(asked):
            yield f"{name} is no setting and does nothing" + _meant(asked, known)


def _meant(asked: str, known: set[str]) -> str:
    # Without the prefix, which would make them all alike.
    near = nearest(asked.removeprefix(PREFIX), sorted(name.removeprefix(PREFIX) for name in known))
    return f"; did you mean {PREFIX}{near}?" if near else ""
