"""Excel's limits for what we write; beyond them it calls a file damaged."""

MOST_CHARACTERS = 32_767
"""In one cell, counted as UTF-16."""

MOST_LETTERS = 31
"""In the title of a sheet."""

CUT = " ..."


def fits(text: str) -> bool:
    """Whether a cell can hold *text*."""
    return len(text) * 2 <= MOST_CHARACTERS or length(text) <= MOST_CHARACTERS


def length(text: str) -> int:
    """Of *text*, as Excel counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str) -> str:
    """*text* as long as a cell may hold it; for words of ours, never for what the user wrote."""
    if fits(text):
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return units[: (MOST_CHARACTERS - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT
