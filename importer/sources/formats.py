"""What a file is, told by its first bytes; its name is not believed.  What we cannot read is refused by name."""

from enum import Enum, auto

from importer.sources import archives
from importer.sources.origin import Origin
from importer.speech import english

START_BYTES = 4096


class Format(Enum):
    """What can be read."""

    WORKBOOK = auto()
    """.xlsx and .xlsm"""
    OPEN_DOCUMENT = auto()
    """.ods"""
    OTHER_WORKBOOK = auto()
    """.xls and .xlsb"""
    ARCHIVE = auto()
    """A zip of files"""
    GZIP = auto()
    TEXT = auto()
    """Anything else; whether it really is text shows when it is decoded."""


REFUSED = (
    (b"%PDF-", english("a PDF document, whatever its name says")),
    (b"\x89PNG", english("a picture")),
    (b"\xff\xd8\xff", english("a picture")),
    (b"GIF8", english("a picture")),
    (b"{\\rtf", english("a text document (RTF)")),
    (b"Rar!", english("a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", english("a 7z archive")),
    (b"BZh", english("a bzip2 archive")),
    (b"\xfd7zXZ", english("an xz archive")),
    (b"\x28\xb5\x2f\xfd", english("a zstandard archive")),
    (b"SQLite format 3\0", english("a database")),
    (b"PAR1", english("a Parquet file")),
)

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
GZIP_START = b"\x1f\x8b"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Excel up to 2003, and everything of Office that has a password."""

HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<body", b"<table", b"<div", b"<style")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""Byte order marks, which may stand before anything that is text."""

NO_SPREADSHEET = english(
    "this is a document, but not a spreadsheet; wanted is a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) or a CSV file"
)
NO_WORKBOOK = english(
    "this is an Office document, but not a workbook; "
    "wanted is a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) or a CSV file"
)


def format_of(origin: Origin) -> Format:
    """What *origin* is.

    Raises:
        UnreadableFile: empty, damaged, locked by a password, or something else than tables.
    """
    start = origin.start(START_BYTES)
    if not start:
        raise origin.unreadable("the file is empty")
    if start.startswith(ZIP_STARTS):
        return _zip_format(origin)
    if start.startswith(OLE_START):
        return _ole_format(origin)
    if start.startswith(GZIP_START):
        return Format.GZIP
    for signature, what in REFUSED:
        if start.startswith(signature):
            raise origin.unreadable(
                "this is {what}; wanted is a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) or a CSV file", what=what
            )
    _refuse_markup(origin, start)
    return Format.TEXT


def _zip_format(origin: Origin) -> Format:
    with archives.opened(origin) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            return _office_format(origin, archive.read("[Content_Types].xml"))
        if {"mimetype", "content.xml"} <= names:
            if b"spreadsheet" in archive.read("mimetype"):
                return Format.OPEN_DOCUMENT
            raise origin.unreadable(NO_SPREADSHEET)
    if "encrypted-package" in names:
        raise origin.unreadable("the workbook has a password; open it and save it without one")
    if any(name.endswith(".iwa") for name in names):
        raise origin.unreadable("this is a document of Apple's Numbers or Pages; export it as Excel (.xlsx)")
    return Format.ARCHIVE


def _office_format(origin: Origin, content_types: bytes) -> Format:
    if b"ms-excel.sheet.binary" in content_types:
        return Format.OTHER_WORKBOOK
    if b"spreadsheetml" in content_types or b"ms-excel.sheet" in content_types:
        return Format.WORKBOOK
    raise origin.unreadable(NO_WORKBOOK)


def _ole_format(origin: Origin) -> Format:
    with origin.open() as stream:
        content = stream.read()
    # Names of streams stand in the file's directory, as UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise origin.unreadable("the workbook has a password; open it and save it without one")
    if any(f"{name}\0".encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return Format.OTHER_WORKBOOK
    raise origin.unreadable(NO_WORKBOOK)


def _refuse_markup(origin: Origin, start: bytes) -> None:
    for mark in MARKS:
        start = start.removeprefix(mark)
    # UTF-16 is recognised by what is left when its zero bytes are gone; only ASCII is looked for.
    first = start.replace(b"\0", b"").lstrip().lower()
    if first.startswith(HTML_STARTS) or (first.startswith(b"<?xml") and b"<html" in first):
        raise origin.unreadable("this is a web page (HTML); open it in Excel and save it as .xlsx")
    if first.startswith(b"<?xml"):
        raise origin.unreadable("this is XML; open it in Excel and save it as .xlsx")
