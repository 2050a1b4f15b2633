"""Spreadsheets to the Seven Senders API: checked by cell, sent in order, every row accounted for."""

__version__ = "0.1.0"
