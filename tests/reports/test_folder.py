"""The folder of a run as a whole."""

from made_runs import at, book, checked, csv_table, outcome, run, table

from importer.reports.folder import Folder
from importer.reports.found import problems_of
from importer.reports.summary import files_read, summarised


def test_run_leaves_what_the_contract_names(tmp_path):
    """One folder per run: rows, problems, rejected rows, the marked workbook, the page and the figures."""
    lines = [["order_id", "language"], ["SO-1", "xx"]]
    read = table(book(tmp_path / "june.xlsx", Orders=lines), "Orders", lines)
    items = csv_table(tmp_path / "order_items.csv", "order_id,sku\nSO-1,\n")
    sheets = [
        checked(read, "orders", [at(read, 2, "language", "language_unknown")]),
        checked(items, "order_items", [at(items, 2, "sku", "missing")]),
    ]
    outcomes = [outcome(row) for sheet in sheets for row in sheet.rows]

    with Folder(tmp_path / "reports", "r-1") as folder:
        for one in outcomes:
            folder.add(one)
        written = folder.finish(summarised(run(files=files_read(sheets)), sheets, outcomes), sheets, outcomes)

    names = [
        *("june.checked.xlsx", "order_items.checked.xlsx", "rejected/june.xlsx", "rejected/order_items.csv"),
        *("results.csv", "problems.csv", "summary.json", "report.html"),
    ]
    assert [path.relative_to(tmp_path / "reports" / "r-1").as_posix() for path in written] == names
    assert sorted(path for path in folder.path.rglob("*") if path.is_file()) == sorted(written)


def test_finishing_again_writes_the_same_files_anew(tmp_path):
    """The same run id again replaces all files but the list of rows, of which the earlier one is kept."""
    sheet = checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\n"), "orders")
    outcomes = [outcome(row) for row in sheet.rows]

    for _ in range(2):
        with Folder(tmp_path / "reports", "r-1") as folder:
            folder.add(outcomes[0])
            folder.finish(summarised(run(0), [sheet], outcomes), [sheet], outcomes)

    assert sorted(path.name for path in folder.path.iterdir()) == [
        *("orders.checked.xlsx", "problems.csv", "report.html", "results-1.csv", "results.csv", "summary.json"),
    ]


def test_problems_are_known_before_the_run(tmp_path):
    """A check alone can list every problem, each once, in the order of the sheet."""
    read = csv_table(tmp_path / "orders.csv", "order_id,language\n,xx\n")
    first, second = at(read, 2, "order_id", "missing"), at(read, 2, "language", "language_unknown")

    assert problems_of([checked(read, "orders", [second, first], own=(first,))]) == (first, second)
