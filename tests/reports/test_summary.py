"""The figures of a run, and whether they add up."""

import hashlib
import json
import platform

from made_runs import SHA256, at, checked, csv_table, outcome, run, table

import importer
from importer.model import Outcome, Status
from importer.reports.matched import unbalanced
from importer.reports.summary import ReadFile, files_read, summarised, write
from importer.reports.words import headline, next_steps


def test_summary_says_it_all_in_json(tmp_path):
    """A script finds counts per sheet and status, causes, files, times and the exit code, and no personal data."""
    read = csv_table(tmp_path / "orders.csv", "order_id,language,mail\nSO-1,de,\nSO-2,xx,anna@\n")
    problems = [
        at(read, 3, "language", "language_unknown", suggestion="de"),
        at(read, 3, "mail", "not_an_email", suggestion="anna@example.org", private=True),
    ]
    sheet = checked(read, "orders", problems)
    outcomes = [outcome(row) for row in sheet.rows]
    files = (ReadFile("orders.csv", tmp_path / "orders.csv", 44, SHA256),)

    write(
        tmp_path / "summary.json", summarised(run(files=files, server="https://api.example.com/v2"), [sheet], outcomes)
    )

    counts = {"created": 1, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 1, "refused": 0, "blocked": 0}
    counts |= {"not_sent": 0, "in_doubt": 0}
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == {
        "schema_version": 1,
        "run": "r-1",
        "versions": {"importer": importer.__version__, "python": platform.python_version()},
        "server": "https://api.example.com/v2",
        "dry_run": False,
        "started_at": "2026-01-31T10:00:00.000Z",
        "finished_at": "2026-01-31T10:03:12.500Z",
        "seconds": 192.5,
        "exit_code": 3,
        "exit_meaning": "finished; some rows rejected, refused or blocked",
        "stopped": "",
        "balanced": True,
        "unbalanced": [],
        "rows": 2,
        "rows_in": 1,
        "rows_to_mend": 1,
        "rows_waiting": 0,
        "statuses": counts,
        "sheets": [{"file": "orders.csv", "sheet": "", "entity": "orders", "rows": 2, "statuses": counts}],
        "files": [{"file": "orders.csv", "sha256": SHA256, "bytes": 44}],
        "requests": 12,
        "retries": 1,
        "throttled": 2,
        "quote": {"by_entity": {}, "requests": {"least": 0, "most": 0}, "seconds": None},
        "causes": [
            {
                "count": 1,
                "severity": "error",
                "code": "language_unknown",
                "column": "language",
                "value": "xx",
                "values": 1,
                "message": "a two-letter language code is wanted, such as de",
                "suggestion": "de",
                "places": ["orders.csv!B3"],
            },
            {
                "count": 1,
                "severity": "error",
                "code": "not_an_email",
                "column": "mail",
                "value": None,
                "values": 1,
                "message": "one e-mail address is wanted, such as name@example.com",
                "suggestion": None,
                "places": ["orders.csv!C3"],
            },
        ],
        "portal": None,
    }


def test_files_are_told_with_size_and_hash(tmp_path):
    """Each file that was read is named once, with the SHA-256 that proves which file it was."""
    path = tmp_path / "june.xlsx"
    path.write_bytes(b"PK...")
    orders, items = table(path, "Orders", [["order_id"]]), table(path, "Order Items", [["sku"]])
    piped = table(tmp_path / "-", "", [["sku"]])

    found = files_read([checked(orders, "orders"), checked(items, "order_items"), checked(piped, "products")])

    assert found == (
        ReadFile("june.xlsx", path, 5, hashlib.sha256(b"PK...").hexdigest()),
        ReadFile("-", tmp_path / "-", 0, ""),
    )


def test_every_row_with_one_outcome_balances(tmp_path):
    """Nothing is said when each row that was read has exactly one outcome."""
    sheet = checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\nSO-2\n"), "orders")

    assert unbalanced([sheet], [outcome(row) for row in sheet.rows]) == ()


def test_lost_and_doubled_rows_are_found_though_the_sum_is_right(tmp_path):
    """A row without outcome is not made up for by another with two."""
    sheet = checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\nSO-2\nSO-3\n"), "orders")
    first, _, last = sheet.rows

    assert unbalanced([sheet], [outcome(first), outcome(first), outcome(last)]) == (
        "orders.csv: 3 rows read, 3 outcomes; not exactly one outcome for row 2, 3",
    )


def test_row_that_a_stage_dropped_is_found(tmp_path):
    """Rows are counted where they are read, so a stage that drops one is noticed; many are not all named."""
    read = csv_table(tmp_path / "orders.csv", "order_id\n" + "SO\n" * 9)
    sheet = checked(read, "orders")
    outcomes = [outcome(row) for row in sheet.rows[:2]]
    short = type(sheet)(read, sheet.entity, sheet.columns, sheet.rows[:2])

    assert unbalanced([short], outcomes) == (
        "orders.csv: 9 rows read, 2 outcomes; not exactly one outcome for row 4, 5, 6, 7, 8 and 2 more",
    )
    assert summarised(run(), [short], outcomes).unbalanced == unbalanced([short], outcomes)


def test_headline_tells_what_is_in_and_who_is_wanted(tmp_path):
    """The first sentences count what is in, what needs a person, and what merely had no turn."""
    statuses = [*[Status.CREATED] * 3, Status.UPDATED, Status.IN_DOUBT, Status.BLOCKED, Status.NOT_SENT]
    assert said(tmp_path, statuses) == "4 of 7 rows are in. 2 need you. 1 had no turn yet."


def test_headline_of_a_good_run_is_short(tmp_path):
    """When all is well, that is all there is to say."""
    assert said(tmp_path, [Status.UNCHANGED, Status.SKIPPED]) == "All 2 rows are in."
    assert said(tmp_path, [Status.CREATED]) == "The only row is in."
    assert said(tmp_path, []) == "There was nothing to do: no rows were found."


def test_headline_of_a_dry_run_claims_nothing(tmp_path):
    """A dry run says that nothing was sent."""
    statuses = [Status.NOT_SENT, Status.NOT_SENT, Status.REFUSED]

    assert said(tmp_path, statuses, dry_run=True) == (
        "Dry run: nothing was sent. 2 of 3 rows would be sent. 1 needs you."
    )


def test_headline_of_a_dry_run_that_stopped_promises_nothing(tmp_path):
    """Where the run itself would stop, as with --strict, no row is said to be sent."""
    statuses = [Status.NOT_SENT, Status.NOT_SENT, Status.REJECTED]

    assert said(tmp_path, statuses, dry_run=True, stopped="Nothing was sent.") == (
        "Dry run: nothing was sent. 1 needs you. 2 had no turn yet."
    )


def test_next_steps_fit_what_happened(tmp_path):
    """Each kind of trouble gets its own advice; a good run gets none but that."""
    bad = [Status.REFUSED, Status.BLOCKED, Status.IN_DOUBT, Status.NOT_SENT]

    assert list(next_steps(summary(tmp_path, bad), ["june.checked.xlsx", "rejected/june.xlsx"])) == [
        "Correct the rows in june.checked.xlsx or rejected/june.xlsx, and save.",
        "Import that file. What is in already is not sent twice.",
        "1 row is waiting for others, and goes in together with them.",
        (
            "1 row is in doubt: sent, but the answer never came. Run the same command again; the server is asked "
            "before anything is sent. What stays in doubt has to be looked for on the server by its key."
        ),
        "For the rows that had no turn yet, run the same command again: it goes on where this run ended.",
    ]
    assert list(next_steps(summary(tmp_path, [Status.CREATED]), [])) == ["Nothing is left to do."]


def test_next_steps_after_a_stop_name_one_file(tmp_path):
    """The file with the rows to correct holds those that had no turn as well, so it is the only one to import."""
    ended = summary(tmp_path, [Status.REJECTED, Status.BLOCKED, Status.NOT_SENT], exit_code=4)

    assert list(next_steps(ended, ["rejected/june.xlsx"])) == [
        "Correct the rows in rejected/june.xlsx, and save.",
        "Import that file. What is in already is not sent twice.",
        "1 row is waiting for others, and goes in together with them.",
        "The rows that had no turn yet are in that file, too.",
    ]


def test_next_steps_after_a_dry_run_are_about_the_users_own_file(tmp_path):
    """Nothing was sent, so everything is still to come: the user's own file is corrected, and the command repeated."""
    bad = summary(tmp_path, [Status.REJECTED, Status.BLOCKED, Status.NOT_SENT], dry_run=True)
    good = summary(tmp_path, [Status.NOT_SENT], dry_run=True)

    assert list(next_steps(bad, ["june.checked.xlsx", "rejected/june.xlsx"])) == [
        (
            "Correct the rows in your own file, and save. What is wrong with them stands in june.checked.xlsx or "
            "rejected/june.xlsx."
        ),
        "1 row is waiting for others, and goes in together with them.",
        "Run the same command without --dry-run to import.",
    ]
    assert list(next_steps(good, [])) == ["Run the same command without --dry-run to import."]


def test_next_steps_where_rows_only_wait(tmp_path):
    """Rows that wait for others which nobody has refused are imported by the same command, once those are in."""
    waiting = summary(tmp_path, [Status.CREATED, Status.BLOCKED, Status.BLOCKED])

    assert list(next_steps(waiting, ["rejected/june.xlsx"])) == [
        "2 rows are waiting for others. Once those are in, run the same command again.",
    ]


def summary(folder, statuses, **more):
    """The figures of one sheet whose rows ended so."""
    sheet = checked(csv_table(folder / "orders.csv", "order_id\n" + "SO\n" * len(statuses)), "orders")
    outcomes = [Outcome(row, status) for row, status in zip(sheet.rows, statuses, strict=True)]
    return summarised(run(**more), [sheet], outcomes)


def said(folder, statuses, **more):
    """The headline over such a sheet."""
    return " ".join(headline(summary(folder, statuses, **more)))
