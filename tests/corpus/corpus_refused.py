"""Files that cannot be read, and a word that the one sentence about each must hold."""

import gzip
import io
import random
import zipfile
from collections.abc import Mapping

import openpyxl

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _workbook() -> bytes:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["order_id"])
    book.save(stream)
    return stream.getvalue()


def _zip(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return stream.getvalue()


NOISE = random.Random(1).randbytes(4000)

REFUSED: Mapping[str, tuple[str, bytes, str]] = {
    "nothing at all": ("orders.csv", b"", "empty"),
    "only blanks": ("orders.csv", b" \n \n", "empty"),
    "a byte order mark and no more": ("orders.csv", b"\xef\xbb\xbf", "empty"),
    "a PDF with another name": ("orders.xlsx", b"%PDF-1.7\n%...", "PDF"),
    "a picture": ("orders.csv", b"\x89PNG\r\n\x1a\n" + NOISE, "picture"),
    "a web page called .xls": ("orders.xls", b"<html><body><table><tr><td>order_id</td></tr></table>", "web page"),
    "XML": ("orders.csv", b'<?xml version="1.0"?><orders/>', "XML"),
    "RTF": ("orders.csv", b"{\\rtf1 order_id}", "RTF"),
    "a 7z archive": ("orders.zip", b"7z\xbc\xaf\x27\x1c" + NOISE, "7z"),
    "a database": ("orders.csv", b"SQLite format 3\0" + NOISE, "database"),
    "a Parquet file": ("orders.csv", b"PAR1" + NOISE, "Parquet"),
    "noise": ("orders.csv", NOISE, "neither a workbook nor text"),
    "a workbook cut off": ("orders.xlsx", _workbook()[:-200], "damaged"),
    "a workbook with a password": (
        "orders.xlsx",
        OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "an old Word document": ("orders.xls", OLE + b"\0" * 600 + "WordDocument\0".encode("utf-16-le"), "not a workbook"),
    "an archive of nothing we read": ("drop.zip", _zip(readme_dot_md=b"hello"), "no file that ends in"),
    "an archive in an archive": ("drop.zip", _zip(inner_dot_csv=_zip(orders_dot_csv=b"order_id\n1")), "archive"),
    "a packed archive": ("drop.zip.gz", gzip.compress(_zip(orders_dot_csv=b"order_id\n1")), "archive"),
    "gzip cut off": ("orders.csv.gz", gzip.compress(NOISE * 9)[:-30], "damaged"),
    "a quotation mark never closed": ("orders.csv", b'order_id,order_date\n"SO-1,2026-01-31\nSO-2,x\n', "never closed"),
    "zero bytes among text": ("orders.csv", b"order_id,order_date\nSO-1,\0\0\nSO-2,x\n", "neither a workbook nor text"),
    "two encodings in one file": (
        "orders.csv",
        ("order_id,language\n" + "Müller,de\n" * 50).encode() + "Müller,de\n".encode("cp1252"),
        "line 52",
    ),
    "no rows of ours": ("notes.xlsx", _workbook(), "No sheet of ours"),
}
