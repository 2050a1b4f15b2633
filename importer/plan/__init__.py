"""Rows of all sheets -> duplicates, references, and the order of work.  Pure: knows neither files nor the server.

`related` looks across rows and sheets and may only add problems; `chains` puts every row into exactly one chain.
Rows of one chain go one after another, chains of one wave side by side, waves one after another.
"""

from importer.plan.across import related
from importer.plan.grouping import WAVES, Grouped, grouped
from importer.plan.order import Plan, Wave, chains
from importer.plan.steps import Chain, Link, Need, Step

__all__ = ["WAVES", "Chain", "Grouped", "Link", "Need", "Plan", "Step", "Wave", "chains", "grouped", "related"]
