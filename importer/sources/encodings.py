"""How the bytes of a text file are to be read as letters.  Decides, and says what it decided; never replaces a letter.

In this order: a byte order mark, zero bytes (UTF-16 without a mark), UTF-8 over the *whole* file, a Windows code page.
A file that is UTF-8 here and something else there is refused: either reading would spoil some names.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa

from importer.sources.code_pages import code_page_of
from importer.sources.origin import Origin
from importer.speech import english

BLOCK = 1024 * 1024
SMALL_BLOCK = 256 * 1024
"""Bytes; so many that memory for a few times as many is not asked for and given back each time."""

HEADER_BYTES = 200
SAMPLE = 256 * 1024
"""So many bytes of lines with letters beyond ASCII are enough to tell a code page."""

# The longer mark first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
LABELS = {
    "cp1252": english("Windows-1252 (Western European)"),
    "cp1250": english("Windows-1250 (Central European)"),
    "iso8859-15": english("ISO 8859-15 (Western European)"),
    "iso8859-2": english("ISO 8859-2 (Central European)"),
    "mac-roman": english("Mac Roman (Western European)"),
    "mac-latin2": english("Mac Central European"),
    "cp850": english("DOS 850 (Western European)"),
    "cp852": english("DOS 852 (Central European)"),
    "cp1254": english("Windows-1254 (Turkish)"),
    "cp1257": english("Windows-1257 (Baltic)"),
    "cp1253": english("Windows-1253 (Greek)"),
    "cp1251": english("Windows-1251 (Cyrillic)"),
}
LOST = "\ufffd".encode()
FIRST_BYTE = 0xC0
LEAST_LOST = 10
"""Fewer letters that are lost concern their cells, and not the file."""

# Characters that no text holds; tab, line ends and page feed are left out.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
FEW_CONTROLS = 10
TAB, RETURN, BLANK, DELETE = b"\t\r \x7f"

NOT_TEXT = english("this is neither a workbook nor text")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to read a text file."""

    codec: str
    """What Python calls it."""
    label: str
    """What a person calls it."""
    is_certain: bool = True
    """False where the file does not say and a code page was inferred from its words."""


def encoding_of(origin: Origin, said: str = "") -> Encoding:
    """The encoding in which all of *origin* can be read; the one that is *said* if there is one.

    Raises:
        UnreadableFile: it is no text, in no encoding we know, or in two at once.
    """
    if said:
        return _as_said(origin, said)
    marked = _by_mark(origin.start(BLOCK))
    if marked:
        line = _undecodable(origin, marked.codec)
        if line is not None:
            raise origin.unreadable(
                "the file begins as {encoding}, but line {line} is not; save or copy it again",
                encoding=marked.label,
                line=str(line),
            )
        return marked
    line = _undecodable(origin, "utf-8")
    if line is None:
        _refuse_lost_letters(origin)
        return Encoding("utf-8", "UTF-8")
    return _code_page(origin, line)


def _as_said(origin: Origin, codec: str) -> Encoding:
    start = origin.start(BLOCK)
    for mark, marked, label in MARKS:
        if start.startswith(mark):
            if not codecs.lookup(codec).name.startswith(marked.removesuffix("-sig")):
                raise origin.unreadable(
                    "it begins as {encoding}, though {codec} is said (--encoding)", encoding=label, codec=codec
                )
            # The mark belongs to no cell.
            codec = marked
            break
    line = _undecodable(origin, codec)
    if line is not None:
        raise origin.unreadable(
            "line {line} is not {codec}, which is said to be the encoding (--encoding)", line=str(line), codec=codec
        )
    return Encoding(codec, codec)


def _by_mark(start: bytes) -> Encoding | None:
    for mark, codec, label in MARKS:
        if start.startswith(mark):
            return Encoding(codec, label)
    # In UTF-16 every other byte of a header is zero.
    head = start[:HEADER_BYTES]
    for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if b"\0" in head and 2 * head[first::2].count(0) > len(head[first::2]) and head[1 - first :: 2].count(0) == 0:
            return Encoding(codec, "UTF-16")
    return None


def _undecodable(origin: Origin, codec: str) -> int | None:
    """The line where *origin* stops being text in *codec*; None = it is, from beginning to end."""
    if codec in {"utf-8", "utf-8-sig"} and _is_surely_utf8(origin):
        return None
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    for block in chain(_blocks(origin), [b""]):
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return line + block[: error.start].count(b"\n")
        if _is_binary(text):
            raise origin.unreadable(NOT_TEXT)
        line += text.count("\n")
    return None


def _is_surely_utf8(origin: Origin) -> bool:
    """Whether *origin* is text in UTF-8 beyond doubt.  Takes a seventh of the time that it takes to decode it."""
    rest = b""
    for block in _blocks(origin, SMALL_BLOCK):
        known = rest + block
        letters = np.frombuffer(known, np.uint8)
        # From tab to return there are only line ends and page feeds; what is less than a tab wraps round to more.
        controls = np.count_nonzero(letters < BLANK) - np.count_nonzero(letters - TAB <= RETURN - TAB)
        # A line ends between two characters, where a block may end within one.
        end = known.rfind(b"\n") + 1
        if controls or DELETE in known or len(known) - end > SMALL_BLOCK or not _is_utf8(memoryview(known)[:end]):
            return False
        rest = known[end:]
    return _is_utf8(memoryview(rest))


def _is_utf8(letters: memoryview) -> bool:
    _, bounds = pa.array([0, len(letters)], pa.int64()).buffers()
    try:
        pa.LargeStringArray.from_buffers(1, bounds, pa.py_buffer(letters)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_binary(text: str) -> bool:
    """Whether *text* holds what no text holds: zero, or more than a few control characters."""
    return "\0" in text or len(CONTROLS.findall(text)) > max(FEW_CONTROLS, len(text) // 100)


def _blocks(origin: Origin, size: int = BLOCK) -> Iterator[bytes]:
    with origin.open() as stream:
        while block := stream.read(size):
            yield block


def _refuse_lost_letters(origin: Origin) -> None:
    """Raise where most letters beyond ASCII became `\ufffd`; where few did, their cells are told later."""
    # A single byte is looked for at the speed of memory, several are not; and hardly any file has this one.
    lost = sum(block.count(LOST) for block in _blocks(origin, SMALL_BLOCK) if LOST[0] in block)
    if lost < LEAST_LOST:
        return
    others = line = first = 0
    for block in _blocks(origin):
        # Every letter beyond ASCII begins with such a byte.
        others += int(np.count_nonzero(np.frombuffer(block, np.uint8) >= FIRST_BYTE))
        if not first and LOST in block:
            first = 1 + line + block[: block.find(LOST)].count(b"\n")
        line += block.count(b"\n")
    if 2 * lost > others:
        raise origin.unreadable(
            "the letters beyond A to Z are lost, first in line {line}; export the file again, as UTF-8",
            line=str(first),
        )


def _code_page(origin: Origin, line: int) -> Encoding:
    """The code page of *origin*, which is not UTF-8 in *line*."""
    sample, present = _beyond_ascii(origin)
    letters = sample.decode("utf-8", errors="replace")
    wrong = letters.count("\ufffd")
    if sum(not letter.isascii() for letter in letters) > 2 * wrong:
        raise origin.unreadable(
            "most of it is UTF-8, but line {line} is not; one of the two was pasted or joined in the wrong encoding",
            line=str(line),
        )
    if _is_binary(sample.decode("latin-1")):
        raise origin.unreadable(NOT_TEXT)
    page = code_page_of(sample, present)
    if page is None:
        raise origin.unreadable(
            "the file is not UTF-8, first in line {line}, and its words do not tell what it is; save it as UTF-8, "
            "or say --encoding, such as cp1252 (Windows, Western Europe), cp1250 (Central Europe) or mac-roman",
            line=str(line),
        )
    return Encoding(page, LABELS[page], is_certain=False)


def _beyond_ascii(origin: Origin) -> tuple[bytes, bytes]:
    """The first lines with letters beyond ASCII, up to `SAMPLE` bytes; and all such bytes, between blanks."""
    sample, present = bytearray(), set[int]()
    for block in _blocks(origin):
        if b"\0" in block:
            raise origin.unreadable(NOT_TEXT)
        # The letters of ASCII are the same in every page.
        letters = np.frombuffer(block, np.uint8)
        present.update(np.unique(letters[letters > DELETE]).tolist())
        if len(sample) < SAMPLE:
            sample += b"\n".join(line for line in block.splitlines() if not line.isascii())
    return bytes(sample[:SAMPLE]), b"".join(b" %c" % byte for byte in sorted(present))
