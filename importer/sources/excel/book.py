"""A workbook opened: its sheets and its calendar through openpyxl, its texts and number formats by ourselves."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import pyarrow as pa
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, STYLES_TYPE

from importer.sources.excel.strings import shared_strings
from importer.sources.excel.styles import Style, cell_styles
from importer.sources.origin import Origin

# All that openpyxl and what it is built on were seen to raise for damaged files.
DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    NotImplementedError,
    ParseError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def opened(origin: Origin) -> Iterator["Book"]:
    """The workbook *origin*; whatever goes wrong while it is open is told as damage.

    Raises:
        UnreadableFile: damaged, or written in a way that we would misread.
    """
    with origin.open() as stream, warnings.catch_warnings():
        # About styles and extensions that do not matter here; people would see them on the terminal.
        warnings.simplefilter("ignore")
        try:
            book = Book(stream)
            book.read()
            yield book
        except DAMAGED as error:
            raise origin.unreadable(
                "the workbook is damaged or written in an odd way; open it in Excel or LibreOffice and save it again"
            ) from error


class Book(ExcelReader):
    """openpyxl's reader of workbooks, without the parts that say nothing of cells and may well be odd."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, read_only=True, data_only=True, keep_links=False)
        self.styles: dict[str, Style] = {}

    def read(self) -> None:
        """The sheets, the texts and the styles; nothing of themes, properties, fonts and defined names."""
        self.read_manifest()
        with self._part(SHARED_STRINGS) as xml:
            self.shared_strings = shared_strings(xml) if xml else pa.array([], pa.string())
        with self._part(STYLES_TYPE) as xml:
            self.styles = cell_styles(xml) if xml else {}
        self.read_workbook()
        self.read_worksheets()

    @contextmanager
    def _part(self, content_type: str) -> Iterator[IO[bytes] | None]:
        """The part of this type; None when the workbook has none."""
        package: Any = self.package
        part = package.find(content_type)
        if part is None:
            yield None
            return
        with self.archive.open(part.PartName.removeprefix("/")) as xml:
            yield xml
