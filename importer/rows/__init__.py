"""The rows of a checked sheet: a `Row` is put together when somebody asks for it, so that a million take no room.

Here is how a row is got from the sheet's columns, and how whole columns are looked at without any row.  What is wrong
with a cell is the check's business, what is wrong among rows the plan's.
"""

from importer.rows.base import Rows
from importer.rows.in_hand import RowsInHand, in_columns
from importer.rows.on_demand import RowsOnDemand
from importer.rows.parts import Column, Part, Sheet

__all__ = ["Column", "Part", "Rows", "RowsInHand", "RowsOnDemand", "Sheet", "in_columns"]
