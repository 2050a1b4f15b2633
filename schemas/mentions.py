"""Whether a text mentions somebody, for finding what is kept of a person."""

import re

REMOVED = "[removed]"
"""What stands where personal data was."""


def mention_of(words: str) -> re.Pattern[str]:
    """Finds *words* in a text, in any case.

    An e-mail address is only found whole: `anna@mail.example` is another person than `joanna@mail.example`, and than
    `anna@mail.example.org`.
    """
    exact = re.escape(words.strip())
    return re.compile(rf"(?<![\w.+%-]){exact}(?![\w-]|\.\w)" if "@" in words else exact, re.IGNORECASE)
