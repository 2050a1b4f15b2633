"""A run in plain sentences: what became of it, and what a person should do next.  Private cells are never in them."""

from collections.abc import Iterator, Sequence

from importer.errors import EXIT_STOPPED, EXIT_TOO_MANY_ERRORS
from importer.model import Status
from importer.reports.summary import Summary

PICTURES = " Put the file beside your own: pictures are looked for from the folder it lies in."

STOPPED_FOR_THE_ROWS = {EXIT_STOPPED, EXIT_TOO_MANY_ERRORS}


def headline(summary: Summary) -> tuple[str, ...]:
    """The run in one to three sentences: "812 of 830 rows are in.", "18 need you." and so on."""
    run, rows = summary.run, summary.rows
    if not rows:
        return ("There was nothing to do: no rows were found.",)
    if run.dry_run:
        said = f"Dry run: nothing was sent. {summary.rows_waiting:,} of {rows:,} rows would be sent."
    elif summary.rows_in == rows:
        said = "The only row is in." if rows == 1 else f"All {rows:,} rows are in."
    else:
        said = f"{summary.rows_in:,} of {rows:,} rows are in."
    need = "needs" if summary.rows_to_mend == 1 else "need"
    to_mend = (f"{summary.rows_to_mend:,} {need} you.",) if summary.rows_to_mend else ()
    waiting = (f"{summary.rows_waiting:,} had no turn yet.",) if summary.rows_waiting and not run.dry_run else ()
    return (said, *to_mend, *waiting)


def next_steps(summary: Summary, to_mend: Sequence[str]) -> Iterator[str]:
    """What to do now, in this order.  *to_mend* names the files with the rows to correct."""
    statuses = summary.statuses
    if (statuses[Status.REJECTED] or statuses[Status.REFUSED]) and to_mend:
        yield f"Correct the rows in {_either(to_mend)}, and save.{PICTURES if _has_bad_pictures(summary) else ''}"
        yield "Import that file. What is in already is not sent twice."
    if blocked := statuses[Status.BLOCKED]:
        yield f"{_rows(blocked)} waiting for others. Once those are in, import these again, too."
    if doubtful := statuses[Status.IN_DOUBT]:
        yield (
            f"{_rows(doubtful)} in doubt: sent, but the answer never came. Run the same command again; the server is "
            "asked before anything is sent. What stays in doubt has to be looked for on the server by its key."
        )
    if summary.run.dry_run:
        yield "Run the same command without --dry-run to import."
    elif summary.rows_waiting and summary.run.exit_code in STOPPED_FOR_THE_ROWS:
        yield "Correct what is wrong first: the same command would stop there again."
    elif summary.rows_waiting:
        yield "For the rows that had no turn yet, run the same command again: it goes on where this run ended."
    elif summary.rows_in == summary.rows and not summary.unbalanced:
        yield "Nothing is left to do."


def _has_bad_pictures(summary: Summary) -> bool:
    return any(sheet.entity == "product_images" and sheet.statuses[Status.REJECTED] for sheet in summary.sheets)


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
