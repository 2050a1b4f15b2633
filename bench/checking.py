"""Checking large files, against reading them and doing nothing, and against what one would use instead.

Ours is the whole command `importer check`, with everything it says; imports come before the clock in all cases.  The
others get a description of the same data; what they cannot say (carriers of a country, postcodes) they are let off.
"""

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import data
from bench.measure import Case, in_children

Work = Callable[[], object]

ITEMS = {
    "text": ("order_id", "line", "sku", "name", "description", "size", "appearance", "warehouse", "warehouse_address"),
    "number": ("sales_price", "weight"),
    "whole": ("quantity",),
    "truth": ("returnable",),
    "currency": ("currency",),
    "address": ("shop_product_url",),
}
CURRENCIES = ("EUR", "SEK", "PLN")
DECIMAL, ADDRESS = r"[0-9]+(\.[0-9]+)?", r"https?://[^\s/]+(/\S*)?"
MANDATORY = ("order_id", "sku", "name", "description", "sales_price", "currency", "size", "weight", "returnable")


def ratios(folder: Path, rounds: int, rows: int, rows_of_others: int) -> dict[str, float]:
    """Our check as a multiple of the floor for *rows*, and others as multiples of ours for *rows_of_others*."""
    found = {}
    for make in (data.order_items, data.shipments):
        files = tuple(map(str, make(folder, rows)))
        cases = {name: Case(f"bench.checking:{name}", files) for name in ("ours", "read_with_arrow")}
        measured = in_children(cases, rounds)
        what = f"check {rows:,} {make.__name__}"
        found[f"{what} / pyarrow.csv + to_pandas"] = measured["ours"].seconds / measured["read_with_arrow"].seconds
        found[f"{what}, peak MB"] = measured["ours"].peak_mb
    items = tuple(map(str, data.order_items(folder, rows_of_others)))
    others = ("frictionless", "pandera_by_element", "pydantic_by_row")
    measured = in_children(
        {name: Case(f"bench.checking:{name}", items) for name in ("ours", *others)}, max(1, rounds // 2)
    )
    for name in others:
        found[f"{name} / ours, {rows_of_others:,} order items"] = measured[name].seconds / measured["ours"].seconds
    return found


def growth(folder: Path, few: int, many: int) -> dict[str, float]:
    """What ten times as many rows cost, a row and in memory; one round, since it takes minutes."""
    cases = {
        str(rows): Case("bench.checking:ours", tuple(map(str, data.order_items(folder, rows)))) for rows in (few, many)
    }
    small, large = in_children(cases, 1).values()
    return {
        f"cost of a row, {many:,} / {few:,} order items": large.cpu_seconds / many / (small.cpu_seconds / few),
        f"peak memory, {many:,} / {few:,} order items": large.peak_mb / small.peak_mb,
        f"peak MB, {many:,} order items": large.peak_mb,
    }


# --- ours, and the floor ------------------------------------------------------------------------------------------


def ours(*files: str) -> Work:
    """`importer check`; what it prints goes nowhere."""
    from importer.cli.check import command  # noqa: PLC0415 - before the clock, in its own process
    from importer.run.preparation import prepare as _  # noqa: F401, PLC0415

    def work() -> None:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            command.main([*files], standalone_mode=False)

    return work


def read_with_arrow(*files: str) -> Work:
    """The same files read by `pyarrow.csv` and made pandas frames of texts."""
    import pandas as _  # noqa: F401, ICN001, PLC0415

    return lambda: [data.as_text(Path(file)).to_pandas() for file in files]


# --- what one would use instead ----------------------------------------------------------------------------------


def frictionless(items: str, orders: str, products: str) -> Work:
    """`frictionless validate` with types, mandatory columns, allowed values, a key and two references."""
    from frictionless import Package, Resource, Schema, system  # noqa: PLC0415

    system.trusted = True
    parents = [
        Resource(name=name, path=path, schema=Schema.from_descriptor({"fields": _strings(path), "primaryKey": [key]}))
        for name, path, key in (("orders", orders, "order_id"), ("products", products, "sku"))
    ]
    schema = Schema.from_descriptor(
        {
            "fields": [_frictionless_field(name) for name in _header(items)],
            "primaryKey": ["order_id", "line"],
            "foreignKeys": [
                {"fields": ["order_id"], "reference": {"resource": "orders", "fields": ["order_id"]}},
                {"fields": ["sku"], "reference": {"resource": "products", "fields": ["sku"]}},
            ],
        }
    )
    package = Package(resources=[Resource(name="items", path=items, schema=schema), *parents])
    return lambda: package.resources[0].validate(limit_errors=1_000_000)


def pandera_by_element(items: str, *_: str) -> Work:
    """Plain pandera on a frame read by pandas, its checks asked cell by cell."""
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    tests = _tests()
    columns = {
        name: pa.Column(str, pa.Check(tests[name], element_wise=True), nullable=name not in MANDATORY)
        if name in tests
        else pa.Column(str, nullable=name not in MANDATORY)
        for name in _header(items)
    }
    schema = pa.DataFrameSchema(columns, unique=["order_id", "line"])

    def work() -> None:
        frame = pd.read_csv(items, dtype=str, keep_default_na=False, na_values=[""])
        with contextlib.suppress(SchemaErrors):
            schema.validate(frame, lazy=True)

    return work


def pydantic_by_row(items: str, *_: str) -> Work:
    """A pydantic model asked row by row, over the standard library's reader."""
    import csv  # noqa: PLC0415
    from decimal import Decimal  # noqa: PLC0415
    from typing import Annotated, Literal, Optional  # noqa: PLC0415

    from pydantic import BeforeValidator, Field, ValidationError, create_model  # noqa: PLC0415

    kinds: Mapping[str, object] = {
        "text": str,
        "number": Annotated[Decimal, Field(ge=0)],
        "whole": Annotated[int, Field(ge=1, le=999)],
        "truth": bool,
        "currency": Literal[CURRENCIES],
        "address": Annotated[str, Field(pattern=f"^{ADDRESS}$")],
    }

    def field(name: str) -> tuple[object, object]:
        kind = kinds[_kind(name)]
        if name in MANDATORY:
            return kind, ...
        return Annotated[Optional[kind], BeforeValidator(lambda cell: cell or None)], None  # noqa: UP045

    model = create_model("Item", **{name: field(name) for name in _header(items)})

    def work() -> int:
        bad, seen = 0, set()
        with Path(items).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                try:
                    item = model.model_validate(row)
                except ValidationError:
                    bad += 1
                else:
                    seen.add((item.order_id, item.line))
        return bad

    return work


def _header(path: str) -> list[str]:
    with Path(path).open(encoding="utf-8") as file:
        return file.readline().strip().split(",")


def _strings(path: str) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in _header(path)]


def _kind(name: str) -> str:
    return next((kind for kind, names in ITEMS.items() if name in names), "text")


def _frictionless_field(name: str) -> dict[str, object]:
    constraints: dict[str, object] = {"required": True} if name in MANDATORY else {}
    more: Mapping[str, dict[str, object]] = {
        "number": {"pattern": DECIMAL},
        "whole": {"minimum": 1, "maximum": 999},
        "currency": {"enum": list(CURRENCIES)},
        "address": {"pattern": ADDRESS},
    }
    kind = _kind(name)
    types = {"whole": "integer", "truth": "boolean"}
    field: dict[str, object] = {"name": name, "type": types.get(kind, "string")}
    if kind == "truth":
        field |= {"trueValues": ["TRUE"], "falseValues": ["FALSE"]}
    return json.loads(json.dumps(field | {"constraints": constraints | more.get(kind, {})}))


def _tests() -> dict[str, Callable[[str], bool]]:
    import re  # noqa: PLC0415

    decimal, address = re.compile(DECIMAL), re.compile(ADDRESS)
    of_kind: Mapping[str, Callable[[str], bool]] = {
        "number": lambda cell: decimal.fullmatch(cell) is not None,
        "whole": lambda cell: cell.isdigit() and 1 <= int(cell) <= 999,
        "truth": lambda cell: cell in {"TRUE", "FALSE"},
        "currency": lambda cell: cell in CURRENCIES,
        "address": lambda cell: address.fullmatch(cell) is not None,
    }
    return {name: of_kind[kind] for kind, names in ITEMS.items() if kind in of_kind for name in names}
