"""What the files of the corpus hold, as values; and the text that a person would read in each cell."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

Value = str | int | Decimal | date | datetime | bool | None
Rows = Sequence[Sequence[Value]]

PLAIN: Rows = (
    ("order_id", "order_date", "language", "order_url"),
    ("SO-1", "2026-01-31T10:00:00Z", "de", "https://shop.example.com"),
    ("SO-2", "31.01.2026 10:00", "fr", ""),
    ("SO-3", "2026-02-01", "", "https://shop.example.com/o?id=3&x=1"),
)
WESTERN: Rows = (
    ("order_id", "recipient_first_name", "recipient_last_name", "recipient_address", "recipient_city"),
    ("SO-1", "Jürgen", "Müller-Lüdenscheidt", "Große Straße 5", "Köln"),
    ("SO-2", "Zoë", "Béranger", "12, rue de l'Église", "Orléans"),
    ("SO-3", "Iñaki", "Núñez", "Calle Peñón 3", "A Coruña"),
    ("SO-4", "Åse", "Bjørnsdóttir", "Ærøvej 1", "Tromsø"),
)
POLISH: Rows = (
    ("order_id", "recipient_first_name", "recipient_last_name", "recipient_address", "recipient_city"),
    ("SO-1", "Łukasz", "Wiśniewski", "ul. Żółwia 7", "Łódź"),
    ("SO-2", "Małgorzata", "Brzęczyszczykiewicz", "al. Świętego Jana 12", "Wrocław"),
    ("SO-3", "Święcisława", "Dąbrowska", "ul. Źródlana 3", "Częstochowa"),
)
MANY_SCRIPTS: Rows = (
    ("sku", "customs_description", "customs_item_value"),
    ("A-1", "рубашка", "10"),
    ("A-2", "πουκάμισο", "11"),
    ("A-3", "シャツ 👕", "12"),
    ("A-4", "Łódź – „Köln“", "13"),
)
AWKWARD: Rows = (
    ("order_id", "sku", "name", "description", "currency"),
    ("SO-1", "1,5", 'Jacket "Oslo"', "wash; dry, iron", "EUR"),
    ("SO-2", "a;b", "two\nlines", "tab\there", "EUR"),
    ("SO-3", "|", '"', "'quoted'", "EUR"),
    ("SO-4", "back\\slash", "100 %", "a, b; c | d", "EUR"),
)
LOOK_LIKE_SOMETHING_ELSE: Rows = (
    ("order_id", "reference_number", "tracking_code", "recipient_zip", "recipient_last_name", "recipient_country"),
    ("0001", "1E5-X", "00340434161094042557", "01067", "Null", "NA"),
    ("0002", "MAR-01", "1.2.3", "00999", "None", "DE"),
    ("0003", "true", "+49170", "1067", "NaN", "NO"),
    ("0004", "03/04", "1,000", "01 067", "Infinity", "FR"),
)
TYPED: Rows = (
    ("order_id", "sku", "quantity", "sales_price", "returnable", "weight"),
    ("SO-1", 4711, 1, Decimal("19.99"), True, Decimal("0.25")),
    ("SO-2", 123456789012, 2, Decimal(1000), False, Decimal("0.001")),
    ("SO-3", 7, 999, Decimal("-5.5"), True, None),
)
DATED: Rows = (
    ("order_id", "order_date", "promised_delivery_date", "language"),
    ("SO-1", datetime(2026, 1, 31, 10, 0, 5), date(2026, 2, 3), "de"),  # noqa: DTZ001 - cells know no zone
    ("SO-2", datetime(2024, 2, 29, 23, 59, 59), date(2030, 12, 31), "fr"),  # noqa: DTZ001
    ("SO-3", date(1999, 12, 31), None, "pl"),
)
WITH_GAPS: Rows = (
    ("order_id", "", "order_date", "remark of mine", "language"),
    ("SO-1", "", "2026-01-31", "x", "de"),
    ("", "", "", "", ""),
    ("SO-3", "y", "2026-01-31", "", ""),
    ("", "", "", "", ""),
    ("", "", "", "", ""),
    ("SO-6", "", "", "", "fr"),
)

CONTENTS: Mapping[str, tuple[str, Rows]] = {
    "plain": ("orders", PLAIN),
    "western names": ("shipments", WESTERN),
    "polish names": ("shipments", POLISH),
    "many scripts": ("products", MANY_SCRIPTS),
    "awkward": ("order_items", AWKWARD),
    "look like something else": ("shipments", LOOK_LIKE_SOMETHING_ELSE),
    "typed": ("order_items", TYPED),
    "dated": ("orders", DATED),
    "with gaps": ("orders", WITH_GAPS),
}
"""Name -> entity and rows, the header first."""


def text(value: Value) -> str:
    """What a person reads in the cell."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def texts(rows: Rows) -> list[list[str]]:
    """All cells as they are read."""
    return [[text(value) for value in row] for row in rows]


def numbered(rows: Rows) -> dict[int, list[str]]:
    """The rows below the header that hold anything, by the number that a spreadsheet shows."""
    return {number: cells for number, cells in enumerate(texts(rows), start=1) if number > 1 and any(cells)}
