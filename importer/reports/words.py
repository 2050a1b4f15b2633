"""A run in plain sentences: what became of it, and what a person should do next.  Private cells are never in them."""

from collections.abc import Iterator, Sequence

from importer.model import Status
from importer.reports.summary import Summary


def headline(summary: Summary) -> str:
    """The run in a sentence or three: "812 of 830 rows are in. 18 need you." and the like."""
    run, rows = summary.run, summary.rows
    if not rows:
        return "There was nothing to do: no rows were found."
    if run.dry_run:
        said = [f"Dry run: nothing was sent. {summary.rows_waiting:,} of {rows:,} rows would be sent."]
    elif summary.rows_in == rows:
        said = ["The only row is in." if rows == 1 else f"All {rows:,} rows are in."]
    else:
        said = [f"{summary.rows_in:,} of {rows:,} rows are in."]
    if summary.rows_to_mend:
        said.append(f"{summary.rows_to_mend:,} {'needs' if summary.rows_to_mend == 1 else 'need'} you.")
    if summary.rows_waiting and not run.dry_run:
        said.append(f"{summary.rows_waiting:,} had no turn yet.")
    return " ".join(said)


def next_steps(summary: Summary, to_mend: Sequence[str]) -> Iterator[str]:
    """What to do now, in this order.  *to_mend* names the files with the rows to correct."""
    statuses = summary.statuses
    if doubtful := statuses[Status.IN_DOUBT]:
        yield (
            f"{_rows(doubtful)} in doubt: sent, but the answer never came. Run the same command again; the server is "
            "asked before anything is sent. What stays in doubt has to be looked for on the server by its key."
        )
    if (statuses[Status.REJECTED] or statuses[Status.REFUSED]) and to_mend:
        yield f"Correct the rows in {_either(to_mend)}, save, and import that file. What is in is not sent twice."
        if any(sheet.entity == "product_images" and sheet.statuses[Status.REJECTED] for sheet in summary.sheets):
            yield "Put that file beside your own first: pictures are looked for from the folder it lies in."
    if blocked := statuses[Status.BLOCKED]:
        yield f"{_rows(blocked)} waiting for others, and will go in once those are in: import them again, too."
    if summary.run.dry_run:
        yield "Run the same command without --dry-run to import."
    elif summary.rows_waiting:
        yield "Run the same command again: it goes on where this run ended."
    elif summary.rows_in == summary.rows:
        yield "Nothing is left to do."


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
