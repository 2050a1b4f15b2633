"""How many threads look at the cells of a large table side by side."""

import os

THREADS = min(4, os.cpu_count() or 1)
"""Arrow and numpy look at cells without holding up the others; Python, which reads what is left, does hold them up."""
