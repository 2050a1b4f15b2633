"""One finding: a text of a column that is not what was once entered."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.entity import Field

CODES = frozenset(
    (
        *("code_damaged", "code_in_exponent_form", "code_with_decimal", "became_date"),
        *("zeros_lost", "zeros_lost_elsewhere", "gtin_zeros_lost", "tariff_zero_lost"),
        *("letters_garbled", "letter_lost", "cut_off"),
    )
)
"""What is found here and nowhere else; but for a code without a proposal, which the check of its cell tells as well."""
CHANGED = frozenset(("repaired", "fixed"))
"""What is told of a cell that was changed: because its repair was proposed, or because a person had said so."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What happened to every cell of a column that holds a certain text."""

    field: Field
    text: str
    """The cell as written, blanks around it aside."""
    code: str
    """What happened to it; see `schemas.messages`."""
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    repair: str = ""
    """What was most likely entered; "" = nobody can tell from here."""
    is_sure: bool = True
    """The cell must not pass as it is; else it may be right, and only a note is due."""
    rows: frozenset[int] | None = None
    """Where other cells of the row decide: its row numbers; None = wherever the column holds the text."""
    is_told: bool = False
    """The check of the cell finds it as well, and says so."""
