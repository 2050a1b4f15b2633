"""The OpenAPI document as a page for a person.  Plain HTML; nothing is loaded from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}"
    "pre{background:#f4f4f4;padding:.5rem;overflow:auto}summary{cursor:pointer}code{font-weight:bold}"
)


def page(document: Mapping[str, Any]) -> str:
    """One section per operation: what it does, the members it takes, an example."""
    title = escape(document["info"]["title"])
    sections = "".join(_sections(document))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        f"<h1>{title}</h1><p>{escape(document['info']['description'])}</p>{sections}</html>"
    )


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            answers = ", ".join(
                f"{status} {escape(one['description'])}" for status, one in operation["responses"].items()
            )
            heading = f"<code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}"
            yield (
                f"<details><summary>{heading}</summary>"
                f"{_parameters(operation)}{_sent(operation, schemas)}<p>Answers: {answers}</p></details>"
            )


def _parameters(operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']}<td>{escape(one['description'])}"
        for one in operation.get("parameters", ())
    )
    return f"<table><tr><th>Parameter<th>In<th>Meaning{rows}</table>" if rows else ""


def _sent(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "requestBody" not in operation:
        return ""
    content = operation["requestBody"]["content"]["application/json"]
    schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{'yes' if name in schema.get('required', ()) else ''}"
        f"<td>{escape(_type(member))}<td>{escape(member.get('description', ''))}"
        for name, member in schema["properties"].items()
    )
    example = escape(json.dumps(content["example"], indent=2, ensure_ascii=False))
    return f"<table><tr><th>Member<th>Mandatory<th>Type<th>Meaning{rows}</table><pre>{example}</pre>"


def _type(member: Mapping[str, Any]) -> str:
    if "$ref" in member:
        return str(member["$ref"]).rpartition("/")[2]
    return ", ".join(member["enum"]) if "enum" in member else str(member.get("format", member["type"]))
