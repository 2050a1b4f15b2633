"""Measurements: `make bench`.  Every figure is a ratio to something named, taken in the same run; tests never time."""
