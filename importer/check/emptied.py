"""Rows of which somebody deleted the cells, while the columns that our reports added still say something of them."""

from dataclasses import replace

from importer.check.header import OUR_HEADERS
from importer.model import Table
from schemas.entity import bare


def without_emptied(table: Table) -> Table:
    """*table* without the rows that are blank but for our own columns; they count as blank ones."""
    titles = [bare(title) for title in table.header]
    ours = [at for at, title in enumerate(titles) if title in OUR_HEADERS and at < table.frame.shape[1]]
    if not ours:
        return table
    emptied = (table.frame.drop(columns=ours) == "").all(axis="columns")
    emptied &= ~table.frame.index.isin([problem.where.row for problem in table.problems])
    if not emptied.any():
        return table
    return replace(table, frame=table.frame[~emptied], blank_rows=table.blank_rows + int(emptied.sum()))
