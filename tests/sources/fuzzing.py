"""Feeds the importer files that nobody would make on purpose: `python fuzzing.py FOLDER SECONDS SEED`.

Every case follows from its number.  The number is written down before the case is tried, so that it is known when the
process is killed: by the alarm clock if it hangs, by the system if it wants too much memory.
"""

import gzip
import io
import json
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Table

FILES = Path(__file__).parent / "files"
SECONDS_A_CASE = 60
MOST_MEMORY = 4 * 1024**3
"""Address space, of which libraries take a part that they never use."""

CASE = "case.txt"
STARTS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08", b"\xff\xfe", b"sep=;\n", b'a,"')
NUMBERS = ("-1", "0", "1", "255", "65536", "1048576", "1048577", "16384", "4294967295", "99999999999999999999", "1e309")
SCRAPS = (
    "",
    "<",
    ">",
    "&",
    "&#0;",
    "\ufffe",
    '"',
    "\0",
    "\r",
    "\n",
    "ß",
    "<v>",
    "</row>",
    "</table:table-row>",
    "order_id",
)
CSV_SCRAPS = ('"', '""', ",", ";", "\t", "\r", "\n", "\0", "\\", "'", "=1+1", "\ufeff", "ü", "order_id", " " * 50)
ORDERS = 'order_id;order_date;language\nSO-1;2026-01-31;de\n"SO;2";"two\nlines";fr\n\nSO-3;31.01.26;ü\n' * 3


def made_workbook() -> bytes:
    """A workbook with something of everything."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders"
    sheet.append(["Orders of June"])
    sheet.append(["order_id", "order_date", "language", "note"])
    for number in range(12):
        sheet.append([f"SO-{number}", "=TODAY()", number * 1.5, "x" if number % 3 else None])
    sheet["A5"].number_format = "00000"
    sheet["A5"] = 1067
    sheet.merge_cells("D4:D6")
    sheet.row_dimensions[7].hidden = True
    sheet["A8"].hyperlink = "mailto:a@mail.example"
    sheet.auto_filter.ref = "A2:D9"
    book.create_sheet("Old").sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of *members*."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def seeds() -> dict[str, bytes]:
    """Files that are all right."""
    workbook = made_workbook()
    return {
        "orders.xlsx": workbook,
        "orders.xls": (FILES / "orders.xls").read_bytes(),
        "orders.ods": (FILES / "orders.ods").read_bytes(),
        "orders.csv": ORDERS.encode(),
        "latin.csv": ORDERS.encode("cp1252"),
        "wide.csv": ORDERS.encode("utf-16"),
        "orders.csv.gz": gzip.compress(ORDERS.encode() * 5),
        "drop.zip": zipped({"orders.csv": ORDERS.encode(), "products.xlsx": workbook}),
    }


def case(number: int, wholes: dict[str, bytes]) -> tuple[str, bytes]:
    """Name and content of the file with this *number*."""
    dice = random.Random(number)
    name = dice.choice(list(wholes))
    whole = wholes[name]
    if dice.random() < 0.1:
        return name, dice.choice(STARTS) + dice.randbytes(dice.choice((0, 3, 50, 5000)))
    if name.endswith((".xlsx", ".ods")) and dice.random() < 0.7:
        return name, _with_odd_part(dice, whole)
    if name.endswith(".csv") and dice.random() < 0.7:
        return name, _with_scraps(dice, whole)
    return name, _damaged(dice, whole)


def _damaged(dice: random.Random, whole: bytes) -> bytes:
    content = bytearray(whole)
    for _ in range(dice.choice((1, 1, 2, 5, 30))):
        at = dice.randrange(len(content) or 1)
        match dice.randrange(5):
            case 0 if content:
                content[at % len(content)] = dice.randrange(256)
            case 1:
                content[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\1\0\0\0"))
            case 2:
                del content[at : at + dice.choice((1, 16, 512))]
            case 3:
                content[at:at] = content[at : at + dice.choice((1, 64, 512))]
            case _:
                del content[dice.randrange(len(content) or 1) + len(content) // 2 :]
    return bytes(content)


def _with_odd_part(dice: random.Random, whole: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice([name for name in members if name.endswith((".xml", ".rels"))])
    text = members[name].decode("utf-8", "replace")
    for _ in range(dice.choice((1, 2, 4))):
        text = _with_odd_words(dice, text)
    if dice.random() < 0.1:
        del members[name]
    else:
        members[name] = text.encode("utf-8", "replace")
    return zipped(members)


def _with_odd_words(dice: random.Random, text: str) -> str:
    words = list(re.finditer(r'(?<=")[^"]*(?=")|[0-9]+|<[^>]*>', text))
    if not words:
        return text
    word = dice.choice(words)
    new = {
        0: dice.choice(NUMBERS),
        1: dice.choice(SCRAPS),
        2: word[0] * dice.choice((2, 3, 300)),
        3: dice.choice(words)[0],
    }[dice.randrange(4)]
    return text[: word.start()] + new + text[word.end() :]


def _with_scraps(dice: random.Random, whole: bytes) -> bytes:
    codec = dice.choice(("utf-8", "cp1252", "utf-16", "utf-16-le", "mac-roman", "cp1250"))
    text = whole.decode("latin-1")
    for _ in range(dice.choice((1, 3, 10))):
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice(CSV_SCRAPS) + text[at + dice.randrange(3) :]
    return text.encode(codec, "replace")


def tried(path: Path, content: bytes) -> str:
    """What became of a file: "read" or "refused"; anything else is an exception."""
    path.write_bytes(content)
    try:
        found = sources.tables(path)
    except UnreadableFile as refusal:
        if not str(refusal).strip():
            raise AssertionError("refused without a word") from refusal
        return "refused"
    if not found or not all(isinstance(table, Table) and table.header for table in found):
        raise AssertionError("no table")
    return "read"


def main(folder: Path, seconds: float, seed: int) -> None:
    """Try cases one after another; what came of them goes to standard output, a failure with its number."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    wholes = seeds()
    counts: Counter[str] = Counter()
    until = time.monotonic() + seconds
    number = seed
    while time.monotonic() < until:
        (folder / CASE).write_text(str(number), encoding="utf-8")
        name, content = case(number, wholes)
        signal.alarm(SECONDS_A_CASE)
        try:
            counts[f"{name}: {tried(folder / name, content)}"] += 1
        except BaseException:
            sys.stdout.write(json.dumps({"case": number, "name": name, "failure": traceback.format_exc()}))
            raise
        signal.alarm(0)
        number += 1
    sys.stdout.write(json.dumps({"cases": number - seed, "counts": dict(sorted(counts.items()))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
