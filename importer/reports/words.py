"""A run in plain sentences: what became of it, and what a person should do next.  Private cells are never in them."""

from collections.abc import Iterator, Sequence

from importer.errors import EXIT_STOPPED, EXIT_TOO_MANY_ERRORS
from importer.model import Status
from importer.reports.summary import Summary
from importer.speech import ENGLISH, Speech

STOPPED_FOR_THE_ROWS = {EXIT_STOPPED, EXIT_TOO_MANY_ERRORS}


def headline(summary: Summary, speech: Speech = ENGLISH) -> tuple[str, ...]:
    """The run in one to three sentences: "812 of 830 rows are in.", "18 need you." and so on."""
    run, rows = summary.run, summary.rows_to_import
    if not rows:
        return (speech.say("There was nothing to do: no rows were found."),)
    if run.dry_run:
        waits = summary.rows_waiting
        said = speech.say("Dry run: nothing was sent. {count} of {rows} rows would be sent.", count=waits, rows=rows)
    elif summary.rows_in == rows:
        said = speech.counted("The only row is in.", "All {count} rows are in.", rows)
    else:
        said = speech.say("{count} of {rows} rows are in.", count=summary.rows_in, rows=rows)
    mend, waiting = summary.rows_to_mend, 0 if run.dry_run else summary.rows_waiting
    to_mend = (speech.counted("1 needs you.", "{count} need you.", mend),) if mend else ()
    no_turn = (speech.counted("1 had no turn yet.", "{count} had no turn yet.", waiting),) if waiting else ()
    return (said, *to_mend, *no_turn)


def next_steps(summary: Summary, to_mend: Sequence[str], speech: Speech = ENGLISH) -> Iterator[str]:
    """What to do now, in this order.  *to_mend* names the files with the rows to correct."""
    statuses = summary.statuses
    if (statuses[Status.REJECTED] or statuses[Status.REFUSED]) and to_mend:
        correct = speech.say("Correct the rows in {files}, and save.", files=_either(to_mend, speech))
        pictures = speech.say("Put the file beside your own: pictures are looked for from the folder it lies in.")
        yield f"{correct} {pictures}" if _has_bad_pictures(summary) else correct
        yield speech.say("Import that file. What is in already is not sent twice.")
    if blocked := statuses[Status.BLOCKED]:
        yield speech.counted(
            "1 row is waiting for others. Once those are in, import these again, too.",
            "{count} rows are waiting for others. Once those are in, import these again, too.",
            blocked,
        )
    if doubtful := statuses[Status.IN_DOUBT]:
        yield _doubts(doubtful, speech)
    if summary.run.dry_run:
        yield speech.say("Run the same command without --dry-run to import.")
    elif summary.rows_waiting and summary.run.exit_code in STOPPED_FOR_THE_ROWS:
        yield speech.say("Correct what is wrong first: the same command would stop there again.")
    elif summary.rows_waiting:
        yield speech.say(
            "For the rows that had no turn yet, run the same command again: it goes on where this run ended."
        )
    elif summary.rows_in == summary.rows_to_import and not summary.unbalanced:
        yield speech.say("Nothing is left to do.")


def _doubts(count: int, speech: Speech) -> str:
    doubt = speech.counted(
        "1 row is in doubt: sent, but the answer never came.",
        "{count} rows are in doubt: sent, but the answer never came.",
        count,
    )
    again = speech.say(
        "Run the same command again; the server is asked before anything is sent. "
        "What stays in doubt has to be looked for on the server by its key."
    )
    return f"{doubt} {again}"


def _has_bad_pictures(summary: Summary) -> bool:
    return any(sheet.entity == "product_images" and sheet.statuses[Status.REJECTED] for sheet in summary.sheets)


def _either(names: Sequence[str], speech: Speech) -> str:
    if len(names) == 1:
        return names[0]
    return speech.say("{names} or {last}", names=", ".join(names[:-1]), last=names[-1])
