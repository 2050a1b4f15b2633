"""The keys of many rows in columns: each the one that `schemas.entity.identity` gives to the row itself."""

import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import Numbers
from importer.rows import Rows, RowsOnDemand
from schemas.entity import PART, Entity, identity

TEXT = pa.large_string()


def row_keys(rows: Rows, entity: Entity, places: Numbers) -> pa.Array:
    """The keys of the *rows* at *places*, all of which can be read; "" = none is complete."""
    if not isinstance(rows, RowsOnDemand):
        return pa.array([row.key for row in rows.some(places)], TEXT)
    parts = {name: _escaped(rows.texts(name, places)) for name in dict.fromkeys((*entity.key, *entity.else_key))}
    key = _joined([parts[name] for name in entity.key], PART)
    if entity.else_key:
        named = [
            parts[name] if name in entity.key else _joined([_scalar(f"{name}="), parts[name]])
            for name in entity.else_key
        ]
        if entity.numbered:
            named.append(pa.array([f"#{rows.counted.get(place, 1)}" for place in places.tolist()], TEXT))
        key = pc.coalesce(key, _joined(named, PART))
    return key.fill_null("")


def keys_of(entity: Entity, field: str, names: pa.Array) -> pa.Array:
    """The keys of rows of *entity* whose key is a *field* alone that holds one of *names*."""
    return _joined([_scalar(identity(entity, {field: ""})), _escaped(names)])


def _escaped(texts: pa.Array) -> pa.Array:
    for sign in ("\\", "/"):
        texts = pc.replace_substring(texts, sign, f"\\{sign}")
    return texts


def _joined(parts: list[pa.Array], between: str = "") -> pa.Array:
    """*parts* side by side; null where one of them is."""
    return pc.binary_join_element_wise(*parts, _scalar(between))


def _scalar(text: str) -> pa.Scalar:
    return pa.scalar(text, TEXT)
