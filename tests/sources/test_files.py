import gzip
import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Table, Where


def gzipped(content: bytes) -> bytes:
    """*content* compressed, the same bytes whenever it is done: they are part of test names."""
    return gzip.compress(content, mtime=0)


ORDERS = "order_id,language\nSO-1,de\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: Path) -> str:
    """What is said about a file that cannot be read."""
    with pytest.raises(UnreadableFile) as told:
        sources.tables(path)
    return str(told.value)


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    """A zip file of *members*."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


# --- one clear sentence for what cannot be read -------------------------------------------------------------

WANTED = "wanted is a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) or a CSV file"
PASSWORD = "the workbook has a password; open it and save it without one"
WEB_PAGE = "this is a web page (HTML); open it in Excel and save it as .xlsx"
DAMAGED = "the file is damaged or not complete; save or copy it again"
NOT_TEXT = "this is neither a workbook nor text"
UNKNOWN_ENCODING = (
    "the file is not UTF-8, first in line 2, and its words do not tell what it is; save it as UTF-8, or say "
    "--encoding, such as cp1252 (Windows, Western Europe), cp1250 (Central Europe) or mac-roman"
)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("orders.xlsx", b"%PDF-1.7\n1 0 obj", f"this is a PDF document, whatever its name says; {WANTED}"),
        ("orders.xls", b"\r\n<HTML><table><tr><td>1", WEB_PAGE),
        ("orders.xls", '\ufeff<!DOCTYPE html><html lang="de">'.encode(), WEB_PAGE),
        ("orders.xls", "<table>".encode("utf-16"), WEB_PAGE),
        ("orders.xls", b'<?xml version="1.0"?><Workbook>', "this is XML; open it in Excel and save it as .xlsx"),
        ("orders.csv", b"\x89PNG\r\n\x1a\n", f"this is a picture; {WANTED}"),
        ("orders.xlsx", OLE + bytes(600) + "EncryptedPackage\0".encode("utf-16-le"), PASSWORD),
        (
            "orders.xls",
            OLE + bytes(600) + "WordDocument\0".encode("utf-16-le"),
            f"this is an Office document, but not a workbook; {WANTED}",
        ),
        ("orders.xlsx", b"PK\x03\x04" + bytes(100), DAMAGED),
        ("orders.csv", b"", "the file is empty"),
        ("orders.csv", b"\n , \n\n", "the file is empty"),
        ("orders.csv", b"\xef\xbb\xbf", "the file is empty"),
        ("orders.csv", b"order_id,city\nSO-1,\0\n", NOT_TEXT),
        ("orders.csv", random.Random(1).randbytes(3000), NOT_TEXT),
        ("orders.csv", bytes(range(1, 32)) * 20, NOT_TEXT),
        ("orders.csv", b"order_id,city\nSO-1,\x81\x90\x83\n", UNKNOWN_ENCODING),
        ("orders.csv.gz", gzipped(ORDERS.encode())[:-12], DAMAGED),
        ("orders.csv.gz", gzipped(b"%PDF-1.7"), f"this is a PDF document, whatever its name says; {WANTED}"),
        (
            "orders.csv.gz",
            gzipped(gzipped(ORDERS.encode())),
            "an archive inside an archive is not opened; unpack it first",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, content, sentence):
    """The content decides, not the name, and the sentence says what was found and what to do."""
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path) == f"{name}: {sentence}"


def test_what_is_not_there_is_refused(tmp_path):
    """A wrong path is told with the path."""
    assert refusal(tmp_path / "june.xlsx") == f"{tmp_path / 'june.xlsx'}: there is no such file or folder"


def test_a_lock_file_is_not_a_workbook(tmp_path):
    """The small file that Excel keeps beside an open workbook is named for what it is."""
    path = tmp_path / "~$june.xlsx"
    path.write_bytes(b"\x05Erika")

    assert refusal(path) == "~$june.xlsx: this only says that a workbook is open; give the workbook itself"


@pytest.mark.skipif(os.name != "posix", reason="pipes in the file system are a thing of Unix")
def test_what_is_no_file_is_refused(tmp_path):
    """A pipe would make the importer wait for ever."""
    os.mkfifo(tmp_path / "orders.csv")

    assert refusal(tmp_path / "orders.csv") == "orders.csv: this is neither a file nor a folder"


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    """A file that is still being copied is not imported half."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    os.utime(path, (0, 0))

    class Growing(type(path)):
        """A file that gets another row as soon as somebody opens it."""

        def open(self, *args, **kwargs):
            with Path(self).open("a", encoding="utf-8") as file:
                file.write("SO-2,fr\n")
            return super().open(*args, **kwargs)

    assert refusal(Growing(path)) == "orders.csv: the file is still being written; wait until it is complete"


# --- folders, archives, packed files ------------------------------------------------------------------------


def test_a_folder_gives_all_its_tables(tmp_path, rows):
    """Spreadsheets in a folder are read in the order of their names; lock files, pictures and sub-folders are not."""
    for name in ("products.csv", "Orders.CSV", "~$orders.csv", ".hidden.csv", "readme.md", "shirt.png"):
        (tmp_path / name).write_text(ORDERS, encoding="utf-8")
    (tmp_path / "archive.csv").mkdir()

    tables = sources.tables(tmp_path)

    assert [(table.path, table.where) for table in tables] == [
        (tmp_path / "Orders.CSV", Where("Orders.CSV")),
        (tmp_path / "products.csv", Where("products.csv")),
    ]


def test_a_folder_without_tables_is_refused(tmp_path):
    """Nothing to import is an error and not a success."""
    (tmp_path / "readme.md").touch()

    assert refusal(tmp_path).startswith(f"{tmp_path}: the folder has no file that ends in .xlsx, .xlsm")


def test_a_packed_csv_file_is_read(tmp_path, rows):
    """A .csv.gz is the CSV file inside of it."""
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzipped(ORDERS.encode()))

    (table,) = sources.tables(path)

    assert (table.path, table.where, rows(table)) == (path, Where("orders.csv.gz"), {2: ["SO-1", "de"]})


def test_a_zip_gives_the_tables_inside(tmp_path, workbook, rows):
    """CSV files and workbooks in a zip are read in the order of their names, what Mac OS adds is not."""
    book = workbook('<row><c t="s"><v>0</v></c></row><row><c><v>7</v></c></row>')
    path = zipped(
        tmp_path / "june.zip",
        {
            "june/products.xlsx": book.read_bytes(),
            "june/orders.csv": ORDERS,
            "__MACOSX/june/._orders.csv": b"\0\5\x16\7",
            "june/.DS_Store": b"\0",
            "june/shirt.png": b"\x89PNG",
        },
    )

    tables = sources.tables(path)

    assert [(table.path, str(table.where), rows(table)) for table in tables] == [
        (path, "june/orders.csv", {2: ["SO-1", "de"]}),
        (path, "june/products.xlsx › Orders", {2: ["7"]}),
    ]


def test_a_zip_inside_of_a_zip_is_refused(tmp_path):
    """Archives in archives are how bombs are built; whoever means well unpacks them."""
    inner = zipped(tmp_path / "inner.zip", {"orders.csv": ORDERS}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"orders.csv": inner})

    assert refusal(path) == "orders.csv: an archive inside an archive is not opened; unpack it first"


def test_a_zip_without_tables_is_refused(tmp_path):
    """A zip of pictures holds nothing to import."""
    path = zipped(tmp_path / "june.zip", {"shirt.png": b"\x89PNG"})

    assert refusal(path).startswith("june.zip: the archive has no file that ends in .xlsx")


def test_a_locked_zip_is_refused(tmp_path):
    """A password on the archive is told as such."""
    path = zipped(tmp_path / "june.zip", {"orders.csv": ORDERS})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag that says so, in front of the member
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and once more in the directory
    path.write_bytes(content)

    assert refusal(path) == "june.zip: the archive has a password; give it without one"


TOO_MUCH = "unpacked it would be implausibly large; nothing of it was read"


def test_bombs_are_not_unpacked(tmp_path):
    """Kilobytes that would become gigabytes are refused before they are read, packed in whatever way."""
    zeros = bytes(11 * 1024**2)
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzipped(b"order_id\n" + b"a" * len(zeros)))

    assert refusal(zipped(tmp_path / "bomb.zip", {"orders.csv": zeros})) == f"bomb.zip: {TOO_MUCH}"
    assert (
        refusal(zipped(tmp_path / "many.zip", dict.fromkeys(map(str, range(10_001)), b""))) == f"many.zip: {TOO_MUCH}"
    )
    assert refusal(bomb) == f"bomb.csv.gz: {TOO_MUCH}"


def test_a_workbook_bomb_is_not_unpacked(workbook):
    """A sheet that is packed a thousand to one is no sheet."""
    path = workbook('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 20 * 1024**2)

    assert refusal(path) == f"orders.xlsx: {TOO_MUCH}"


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    """What the archive's directory promises is not exceeded, and the difference shows."""
    path = zipped(tmp_path / "june.zip", {"orders.csv": ORDERS * 1000})
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(signature) + at
        content[start : start + 4] = len(ORDERS).to_bytes(4, "little")
    path.write_bytes(content)

    assert refusal(path) == f"june.zip: {DAMAGED}"


# --- standard input -----------------------------------------------------------------------------------------


def test_csv_comes_from_standard_input(rows):
    """A stream is read like a file, encoding and separator included."""
    table = sources.stdin_table(io.BytesIO("order_id;city\nSO-1;Köln\n".encode("cp1252")))

    assert table == Table(Path("-"), Where("stdin"), ("order_id", "city"), 1, table.frame, (), 0, table.notes, ";")
    assert rows(table) == {2: ["SO-1", "Köln"]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (gzipped(b"a"), "only CSV can be read from standard input; give other files by their name"),
    ],
)
def test_nothing_else_comes_from_standard_input(content, sentence):
    """Workbooks and archives are given by their name."""
    with pytest.raises(UnreadableFile) as told:
        sources.stdin_table(io.BytesIO(content))

    assert str(told.value) == f"stdin: {sentence}"


# --- anything at all ----------------------------------------------------------------------------------------


def read_or_refused(path: Path, content: bytes) -> None:
    """Whatever *content* is, there is a table or a sentence, and nothing else."""
    path.write_bytes(content)
    said = ""
    try:
        tables = sources.tables(path)
    except UnreadableFile as error:
        tables, said = [], str(error)

    assert all(table.header for table in tables)
    assert tables or said.startswith((path.name, "orders.csv: "))  # the latter is a member of the zip


STARTS = st.sampled_from([b"", b"PK\x03\x04", OLE, b"\x1f\x8b\x08", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", b'a,"'])


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=STARTS, content=st.binary(max_size=300))
@example(start=b"", content=b'sep="\n')
@example(start=b"", content=b"\x00\xd8\x00\xd8")
def test_random_bytes_end_in_a_table_or_a_sentence(tmp_path, start, content):
    """No file makes the importer fail in any other way than by saying what is wrong with it."""
    read_or_refused(tmp_path / "orders.csv", start + content)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(["orders.xlsx", "orders.xls", "orders.ods", "orders.zip", "orders.csv.gz"]))
def test_damaged_files_end_in_a_table_or_a_sentence(tmp_path, workbook, data, name):
    """Files with bytes changed, as a bad disk or line would, fail by saying so if they fail."""
    content = bytearray(_whole(tmp_path, workbook, name))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    read_or_refused(tmp_path / f"damaged-{name}", bytes(content))


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"]))
def test_workbooks_with_odd_xml_end_in_a_table_or_a_sentence(tmp_path, workbook, data, part):
    """Parts of a workbook with characters changed fail by saying so if they fail."""
    path = workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" s="3"><v>46053</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        text = list(archive.read(part).decode())
    for _ in range(data.draw(st.integers(1, 3))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from('<>/"=0129 abcA'))

    read_or_refused(path, workbook("", **{part: "".join(text)}).read_bytes())


def _whole(tmp_path: Path, workbook, name: str) -> bytes:
    files = Path(__file__).parent / "files"
    if name.endswith(".xlsx"):
        return workbook('<row><c t="s"><v>0</v></c></row><row><c s="1"><v>46053</v></c></row>').read_bytes()
    if name.endswith(".zip"):
        return zipped(tmp_path / "whole.zip", {"orders.csv": ORDERS * 20}).read_bytes()
    if name.endswith(".gz"):
        return gzipped(ORDERS.encode() * 20)
    return (files / name).read_bytes()


def test_a_member_without_a_name_is_left_out(tmp_path):
    """An archive in which damage has wiped out a name is read without that member."""
    path = tmp_path / "drop.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.csv", ORDERS)
        archive.writestr("x", "nothing")
    path.write_bytes(path.read_bytes().replace(b"x", b"\0"))

    assert [str(table.where) for table in sources.tables(path)] == ["orders.csv"]


@pytest.mark.parametrize("name", ["../orders.csv", "june/../../orders.csv", "..\\orders.csv"])
def test_a_member_that_leads_out_of_its_archive_is_refused(tmp_path, name):
    """A path with two dots is how an archive writes where it has no business; nothing of it is left out in silence."""
    path = zipped(tmp_path / "june.zip", {name: ORDERS, "products.csv": "sku\nA\n"})

    wanted = f"the archive has a file that is to lie outside of it ({name}); pack it anew"
    assert refusal(path) == f"june.zip: {wanted}"
