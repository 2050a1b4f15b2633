import base64
import io
import os
import random
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from importer import images
from importer.images import Picture
from schemas import messages
from schemas.cells import CellError, Note


def drawn(kind: str, size: tuple[int, int] = (800, 800), **options) -> bytes:
    """A picture with something on it, so that it cannot be packed to nothing."""
    content = io.BytesIO()
    noise = random.Random(7).randbytes(size[0] * 3)
    Image.frombytes("RGB", (size[0], 1), noise).resize(size).save(content, kind, **options)
    return content.getvalue()


@pytest.fixture(scope="module")
def png() -> bytes:
    """A square PNG, large enough."""
    return drawn("PNG")


def unfetched(address: str) -> bytes:
    """Stands for the web where nothing may be fetched."""
    raise AssertionError(address)


def refusal(text: str, folder: Path, **options) -> CellError:
    """What is said about a picture that cannot be taken; its sentence can be made."""
    with pytest.raises(CellError) as told:
        images.picture(text, folder, **({"fetch": unfetched} | options))
    assert messages.text(told.value.code, told.value.facts)
    return told.value


# --- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["images/shirt.png", r"images\shirt.png", " ./images/../images/shirt.png "])
def test_a_picture_is_found_from_the_folder_of_the_spreadsheet(tmp_path, png, text):
    """The path counts from the spreadsheet's folder, written in the manner of any system."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "shirt.png").write_bytes(png)

    picture = images.picture(text, tmp_path, fetch=unfetched)

    assert picture == Picture(png, "shirt.png", ())
    assert base64.b64decode(images.attachment(picture), validate=True) == png


def test_an_absolute_path_is_taken_inside_of_the_folder_only(tmp_path, png):
    """Where the file lies decides, not how its path is written."""
    (tmp_path / "in").mkdir()
    for place in (tmp_path / "in" / "shirt.png", tmp_path / "out.png"):
        place.write_bytes(png)

    assert images.picture(str(tmp_path / "in" / "shirt.png"), tmp_path / "in", fetch=unfetched).filename == "shirt.png"
    assert refusal(str(tmp_path / "out.png"), tmp_path / "in").code == "image_outside"


@pytest.mark.parametrize("text", ["../secret.png", "/etc/passwd", r"C:\Users\erika\shirt.png", "link.png", ".."])
def test_nothing_outside_of_the_folder_is_read(tmp_path, png, text):
    """A spreadsheet from somebody else cannot make us send files that lie elsewhere, not even through a link."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(png)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")

    assert refusal(text, folder).code == "image_outside"


@pytest.mark.parametrize("text", ["shirt.png", "images", "shirt\0.png", "a" * 5000, "file:shirt.png", "loop.png"])
def test_a_file_that_is_not_there_is_told(tmp_path, text):
    """A missing file, a folder and a name that no file can have are problems of the cell."""
    (tmp_path / "images").mkdir()
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")

    assert refusal(text, tmp_path).code in {"image_not_found", "image_not_fetched"}


# --- content ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_jpeg_and_png_are_taken_whatever_they_are_called(tmp_path, kind):
    """The content decides; the name is sent as it is."""
    content = drawn(kind)
    (tmp_path / "shirt.image").write_bytes(content)

    assert images.picture("shirt.image", tmp_path, fetch=unfetched) == Picture(content, "shirt.image", ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not found</html>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        drawn("GIF"),
        drawn("BMP", (20, 20)),
        drawn("PNG")[:-200],
        drawn("JPEG")[:-2000],
        drawn("PNG").replace(b"IDAT", b"IDAt", 1),
    ],
    ids=["empty", "web page", "only a start", "only a start of JPEG", "GIF", "BMP", "cut", "cut JPEG", "damaged"],
)
def test_what_is_no_whole_picture_is_refused(tmp_path, content):
    """Other formats, and pictures that are cut off or damaged, would show nothing to the consumer."""
    (tmp_path / "shirt.png").write_bytes(content)

    assert refusal("shirt.png", tmp_path).code == "image_unreadable"


@pytest.mark.parametrize(
    ("size", "notes"),
    [
        ((800, 800), ()),
        ((799, 799), (Note("image_small", {"found": "799 x 799"}),)),
        ((900, 801), (Note("image_not_square", {"found": "900 x 801"}),)),
        ((600, 300), (Note("image_small", {"found": "600 x 300"}), Note("image_not_square", {"found": "600 x 300"}))),
    ],
)
def test_small_or_oblong_pictures_are_taken_with_a_note(tmp_path, size, notes):
    """They are allowed, but look worse in the portal, and that is said."""
    (tmp_path / "shirt.jpg").write_bytes(drawn("JPEG", size))

    assert images.picture("shirt.jpg", tmp_path, fetch=unfetched).notes == notes


def test_a_file_of_more_than_ten_megabytes_is_refused(tmp_path, png):
    """The size is told, rounded up so that it is never "10.0"."""
    (tmp_path / "shirt.png").write_bytes(png + bytes(10 * 1024**2 + 1 - len(png)))

    error = refusal("shirt.png", tmp_path)

    assert (error.code, error.facts) == ("image_too_big", {"found": "10.1"})


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_a_picture_bomb_is_not_unpacked(tmp_path, side):
    """A few bytes that claim to be a picture of gigabytes are refused by their claim."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1000))))
    (tmp_path / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
            for name, content in chunks
        )
    )

    assert refusal("bomb.png", tmp_path).code == "image_too_many_pixels"


@settings(deadline=None, max_examples=100)
@given(at=st.integers(0, 3000), byte=st.integers(0, 255), kind=st.sampled_from(["PNG", "JPEG"]))
def test_a_damaged_picture_is_taken_or_refused(tmp_path_factory, at, byte, kind):
    """Whatever is wrong with a picture is a problem of its cell, and nothing else."""
    content = bytearray(SMALL[kind])
    content[at % len(content)] = byte
    folder = tmp_path_factory.getbasetemp()
    (folder / "damaged").write_bytes(content)

    try:
        code = images.picture("damaged", folder, fetch=unfetched).notes[0].code
    except CellError as error:
        code = error.code

    assert code in {"image_small", "image_unreadable", "image_too_many_pixels", "image_not_square"}


SMALL = {kind: drawn(kind, (60, 50)) for kind in ("PNG", "JPEG")}


# --- addresses ----------------------------------------------------------------------------------------------


def test_an_address_is_fetched_by_whoever_asks(tmp_path, png):
    """The picture comes through the function that was handed in, and its name from the address."""
    asked = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return png

    address = "http://127.0.0.1:8080/a/blue%20shirt.png?size=l"
    picture = images.picture(f" {address} ", tmp_path, fetch=fetch, allow_private=True)

    assert (picture, asked) == (Picture(png, "blue shirt.png", ()), [address])


def test_a_picture_without_a_name_gets_one(tmp_path, png):
    """An address without a path names no file; the server wants a name all the same."""
    found = images.picture("https://127.0.0.1/", tmp_path, fetch=lambda _: png, allow_private=True)

    assert found.filename == "image.png"


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/a.png",
        "http://127.0.0.1/a.png",
        "http://127.1/a.png",
        "HTTPS://10.0.0.8/a.png",
        "http://192.168.1.1/a.png",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/a.png",
        "http://0.0.0.0/a.png",
        "http://224.0.0.1/a.png",
        "http://[::1]/a.png",
        "http://[fe80::1]/a.png",
        "http://[fd00::1]/a.png",
        "http://[::ffff:10.0.0.8]/a.png",
        "http://[2002:0a00:0008::1]/a.png",
        "http://erika@127.0.0.1:99/a.png",
    ],
)
def test_addresses_in_a_private_network_are_refused(tmp_path, address):
    """A spreadsheet cannot make us read from inside the company's network, however the address is written."""
    assert refusal(address, tmp_path).code == "image_address_refused"


@pytest.mark.parametrize(
    "address", ["http://192.0.2.999.invalid/a.png", "http:///a.png", "http://[1/a.png", "http://a:b/"]
)
def test_an_address_that_leads_nowhere_is_told(tmp_path, address):
    """A server that does not exist is a problem of the cell."""
    assert refusal(address, tmp_path).code == "image_not_fetched"


def test_a_fetch_that_fails_says_why(tmp_path):
    """The reason is given in the words of whoever tried."""

    def fetch(address: str) -> bytes:
        raise OSError("the server answered 404")

    error = refusal("http://127.0.0.1/a.png", tmp_path, fetch=fetch, allow_private=True)

    assert (error.code, error.facts) == ("image_not_fetched", {"reason": "the server answered 404"})


def test_what_was_fetched_is_looked_at_like_a_file(tmp_path):
    """A web page in place of a picture is refused, and so is what is too big."""
    for content, code in ((b"<html>", "image_unreadable"), (bytes(11 * 1024**2), "image_too_big")):
        error = refusal("http://127.0.0.1/a.png", tmp_path, fetch=lambda _, c=content: c, allow_private=True)

        assert error.code == code


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path, png):
    """No permission is a problem of the cell."""
    (tmp_path / "shirt.png").write_bytes(png)
    (tmp_path / "shirt.png").chmod(0)

    assert refusal("shirt.png", tmp_path).code == "image_not_fetched"
