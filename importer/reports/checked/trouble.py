"""Why a workbook cannot be marked."""


class CannotMark(Exception):
    """This workbook cannot be read or written in this way; the text is for a developer."""
