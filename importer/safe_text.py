"""Text that a spreadsheet program would run as a formula, written to CSV so that it is not run and can be read back.

The mark is one apostrophe in front.  It goes before every text that a program could take for a formula, and before
every text that already looks marked; so taking one away always gives back what was written, and any other text stays
as it is.  Workbooks need none of this: they hold such text in text cells.

Source: OWASP, "CSV Injection"; blanks in front count as well, because Excel drops them before it looks for "=".
"""

import re

# The full-width signs are turned into plain ones by some input methods and programs.  NUL hides what follows it.
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
FORMULA = re.compile(rf"[\t\r\n\0]|[\s\0]*[{SIGNS}]")
MARKABLE = re.compile(rf"'*(?:{FORMULA.pattern})")

# What a program that separates cells by something else than a comma takes for the beginning of a cell.
INNER_FORMULA = re.compile(rf"([;\t|\r\n][\"\s]*)(?=[{SIGNS}])")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program may run *text*, or swallow its first character."""
    return FORMULA.match(text) is not None


def written(text: str) -> str:
    """*text* as it is to stand in a CSV cell; `read` gives it back unchanged."""
    return f"'{text}" if MARKABLE.match(text) else text


def read(text: str) -> str:
    """What the CSV cell *text* says, without the mark that `written` may have put there.

    Safe for files that others wrote: only an apostrophe before something like a formula is taken away, which is what
    Excel itself means by one.  Codes such as '00123 are left to whoever knows that the column holds codes.
    """
    return text[1:] if text.startswith("'") and MARKABLE.match(text, 1) else text


def shown(text: str) -> str:
    """*text* for a comma-separated file that is only looked at, and never read back.

    A program that separates cells by semicolons finds cells inside of ours: `a;=1+1` is two to it, one a formula.
    """
    text = written(text)
    # Searching alone is much quicker, and hardly any text has such a place.
    return INNER_FORMULA.sub(r"\1'", text) if INNER_FORMULA.search(text) else text
