"""`problems.csv`: every problem and note, once, where a person looks for it."""

from dataclasses import replace

from made_runs import NOTE, at, checked, csv_table, outcome, table

from importer.model import Outcome, Problem, Status, Where
from importer.reports.found import problems_of
from importer.reports.matched import matched
from importer.reports.problems import write

HEADER = "file,sheet,row,column,cell,severity,code,value,message,suggestion\r\n"


def test_problems_of_all_stages_stand_in_the_order_of_the_sheet(tmp_path):
    """What reading, check and server found stands file by file and row by row, whoever found it first."""
    read = csv_table(tmp_path / "orders.csv", "order_id,language,oder_date\nSO-1,de,\nSO-2,EN ,\n")
    ragged = Problem(Where("orders.csv", "", 3), "ragged_row", {"found": "4", "expected": "3"}, value="SO-2")
    unknown = at(read, 2, "oder_date", "column_unknown", severity=NOTE, suggestion="order_date")
    header = replace(unknown, where=Where("orders.csv", "", 1, "C"), value="oder_date")
    normalised = at(read, 3, "language", "normalised", facts={"value": "en"}, severity=NOTE)
    sheet = checked(replace(read, problems=(ragged,)), "orders", [normalised, ragged], own=(header,))
    refused = at(read, 2, "order_id", "refused", facts={"answer": "no"})
    outcomes = [
        outcome(sheet.rows[1]),
        Outcome(sheet.rows[0], Status.REFUSED, problems=(refused,)),
    ]

    write(tmp_path / "problems.csv", matched([sheet], outcomes))

    assert (tmp_path / "problems.csv").read_bytes().decode("utf-8-sig") == HEADER + (
        "orders.csv,,1,oder_date,C1,note,column_unknown,oder_date,"
        "this column is not known and is not imported,order_date\r\n"
        "orders.csv,,2,order_id,A2,error,refused,SO-1,the server refused it: no,\r\n"
        "orders.csv,,3,,,error,ragged_row,SO-2,"
        '"the row has 4 cells, the header has 3; quote cells that contain the separator, nothing was shifted",\r\n'
        "orders.csv,,3,language,B3,note,normalised,EN ,read as en,\r\n"
    )


def test_columns_of_a_row_stand_from_the_left(tmp_path):
    """B comes before AA, as in the spreadsheet."""
    wide = [[f"column {number}" for number in range(30)], [f"{number}" for number in range(30)]]
    read = table(tmp_path / "june.xlsx", "Orders", wide)
    sheet = checked(read, "orders", [at(read, 2, "column 26", "missing"), at(read, 2, "column 1", "missing")])

    assert [str(problem.where) for problem in problems_of([sheet])] == [
        "june.xlsx › Orders!B2",
        "june.xlsx › Orders!AA2",
    ]


def test_run_without_problems_has_the_header_alone(tmp_path):
    """The file is there even when nothing is wrong, so that a script can rely on it."""
    write(tmp_path / "problems.csv", ())

    assert (tmp_path / "problems.csv").read_bytes() == b"\xef\xbb\xbf" + HEADER.encode()
