"""The picture behind an image row, read when its turn comes and not before: pictures are large."""

from collections.abc import Callable, Iterable
from pathlib import Path

from importer.images import attachment as attachment_of
from importer.images import picture as picture_of
from importer.model import CheckedSheet, Row
from schemas.entity import Payload


class Pictures:
    """Finds a row's picture, relative to the file the row came from."""

    def __init__(
        self, sheets: Iterable[CheckedSheet], *, fetch: Callable[[str], bytes], allow_private: bool = False
    ) -> None:
        self._folders: dict[str, Path] = {sheet.table.where.file: sheet.table.path.parent for sheet in sheets}
        self._fetch = fetch
        self._allow_private = allow_private

    def attachment(self, row: Row) -> Payload:
        """The members of the payload that come from the picture: bare base64, and a name; raises `CellError`."""
        picture = picture_of(
            str(row.values["image_file"]),
            self._folders[row.where.file],
            fetch=self._fetch,
            allow_private=self._allow_private,
        )
        return {
            "attachment": attachment_of(picture),
            "filename": str(row.values.get("filename", picture.filename)),
        }
