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
    if summary.is_rehearsed:
        waits = summary.rows_waiting
        said = speech.say("Dry run: nothing was sent. {count} of {rows} rows would be sent.", count=waits, rows=rows)
    elif run.dry_run:
        said = speech.say("Dry run: nothing was sent.")
    elif summary.rows_in == rows:
        said = speech.counted("The only row is in.", "All {count} rows are in.", rows)
    else:
        said = speech.say("{count} of {rows} rows are in.", count=summary.rows_in, rows=rows)
    mend, waiting = summary.rows_to_mend, 0 if summary.is_rehearsed else summary.rows_waiting
    to_mend = (speech.counted("1 needs you.", "{count} need you.", mend),) if mend else ()
    no_turn = (speech.counted("1 had no turn yet.", "{count} had no turn yet.", waiting),) if waiting else ()
    return (said, *to_mend, *no_turn)


def next_steps(summary: Summary, to_mend: Sequence[str], speech: Speech = ENGLISH) -> Iterator[str]:
    """What to do now, in this order.  *to_mend* names the files with the rows to correct.

    These hold all rows that are not in, also those that only wait, so importing them is all there is to do.  After a
    dry run they do not, since everything is still to come: then it is the user's own file that is to be corrected.
    """
    statuses = summary.statuses
    is_to_mend = bool((statuses[Status.REJECTED] or statuses[Status.REFUSED]) and to_mend)
    if is_to_mend and summary.run.dry_run:
        yield speech.say(
            "Correct the rows in your own file, and save. What is wrong with them stands in {files}.",
            files=_either(to_mend, speech),
        )
    elif is_to_mend:
        correct = speech.say("Correct the rows in {files}, and save.", files=_either(to_mend, speech))
        pictures = speech.say("Put the file beside your own: pictures are looked for from the folder it lies in.")
        yield f"{correct} {pictures}" if _has_bad_pictures(summary) else correct
        yield speech.say("Import that file. What is in already is not sent twice.")
    if blocked := statuses[Status.BLOCKED]:
        yield _waiting(blocked, speech, go_along=is_to_mend or summary.run.dry_run)
    if doubtful := statuses[Status.IN_DOUBT]:
        yield _doubts(doubtful, speech)
    yield from _with_the_rest(summary, speech, is_to_mend=is_to_mend)


def _with_the_rest(summary: Summary, speech: Speech, *, is_to_mend: bool) -> Iterator[str]:
    """What to do with the rows that had no turn, and after a dry run with all."""
    if summary.run.dry_run:
        yield speech.say("Run the same command without --dry-run to import.")
    elif summary.rows_waiting and summary.run.exit_code in STOPPED_FOR_THE_ROWS:
        if is_to_mend:
            yield speech.say("The rows that had no turn yet are in that file, too.")
        else:
            yield speech.say("Correct what is wrong first: the same command would stop there again.")
    elif summary.rows_waiting:
        yield speech.say(
            "For the rows that had no turn yet, run the same command again: it goes on where this run ended."
        )
    elif summary.rows_in == summary.rows_to_import and not summary.unbalanced:
        yield speech.say("Nothing is left to do.")


def _waiting(count: int, speech: Speech, *, go_along: bool) -> str:
    """Of rows that wait for others: whether they *go along* with what is imported next."""
    if go_along:
        return speech.counted(
            "1 row is waiting for others, and goes in together with them.",
            "{count} rows are waiting for others, and go in together with them.",
            count,
        )
    return speech.counted(
        "1 row is waiting for others. Once those are in, run the same command again.",
        "{count} rows are waiting for others. Once those are in, run the same command again.",
        count,
    )


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
