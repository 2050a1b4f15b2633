"""Why a workbook cannot be marked."""

import errno

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class CannotMark(Exception):
    """This workbook cannot be read or written in this way; the text is for a developer."""


def is_no_room(trouble: BaseException) -> bool:
    """The disk is full or may not be filled further, so no other way of marking would do better."""
    return isinstance(trouble, OSError) and trouble.errno in NO_ROOM
