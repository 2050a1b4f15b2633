"""Write what follows from the code, documents and tables: `python docs/make_tables.py`.  A test keeps it current."""

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from pydantic import BaseModel  # noqa: E402
from pydantic.fields import FieldInfo  # noqa: E402

from importer.errors import EXIT_CODES  # noqa: E402
from importer.settings import Settings  # noqa: E402
from schemas import ENTITIES, countries, currencies, european, months  # noqa: E402
from schemas.entity import Entity, Field  # noqa: E402
from schemas.messages import TEXTS  # noqa: E402
from schemas.words import words_for  # noqa: E402

MADE = "<!-- made by docs/make_tables.py; change the code instead -->\n"


def documents() -> dict[str, str]:
    """File name -> text of everything that is made."""
    words = {table.__name__.removeprefix("schemas."): table.spellings() for table in (countries, currencies, months)}
    return {
        "columns.md": MADE + "\n".join(_columns()),
        "settings.md": MADE + "\n".join(_settings()),
        "codes.md": MADE + "\n".join(_codes()),
        f"../schemas/{european.TABLE}": european.table_of(words),
    }


def _columns() -> Iterator[str]:
    yield "# Sheets and columns\n"
    yield "A blank cell is not sent. `#CLEAR` removes the value from the server when a row is updated."
    for entity in ENTITIES:
        yield f"\n## {entity.sheet} (`{entity.name}.csv`, German: {entity.blatt})\n"
        yield f"{entity.meaning}\n"
        yield f"Key: {_key(entity)}. Request: `{entity.method} {entity.path}`.\n"
        yield "| column | | what it is | kind | example | also called |"
        yield "|---|---|---|---|---|---|"
        yield from (_column(field) for field in entity.fields)
    yield ""


def _key(entity: Entity) -> str:
    parts = [" + ".join(f"`{name}`" for name in names) for names in (entity.key, entity.else_key) if names]
    return ", else ".join(parts) + (" and a count" if entity.numbered else "")


def _column(field: Field) -> str:
    must = "mandatory" if field.mandatory else "recommended" if field.recommended else ""
    names = ", ".join((field.title, field.titel, *field.aliases, *words_for(field.name)))
    return f"| `{field.name}` | {must} | {field.meaning} | {field.kind.name} | {field.example} | {names} |"


def _settings() -> Iterator[str]:
    yield "# Settings\n"
    yield "In order of precedence: option, environment, `importer.toml` in the working folder, the same file in the"
    yield "user's config folder. `[profiles.NAME]` in either file is put over the rest of it by `--profile NAME`"
    yield "or `IMPORTER_PROFILE=NAME`. A name in a file that is no setting is an error; a name `IMPORTER_*` in the"
    yield "environment that is none is warned of.\n"
    yield "| in `importer.toml` | environment | default | what it does |"
    yield "|---|---|---|---|"
    yield from _rows(Settings, "", "IMPORTER_")
    yield "\n## Exit codes\n\n| code | when |\n|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    yield ""


def _rows(model: type[BaseModel], prefix: str, environment: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _rows(inner, f"{prefix}{name}.", f"{environment}{name.upper()}__")
        else:
            in_file = "" if name == "access_key" else f"`{prefix}{name}`"
            yield f"| {in_file} | `{environment}{name.upper()}` | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    return "" if default in (None, "") or default == {} else f"`{default}`"


def _codes() -> Iterator[str]:
    yield "# Codes of problems and notes\n"
    yield "Stable words for machines; the sentence is what people read.\n"
    yield "| code | sentence |"
    yield "|---|---|"
    yield from (f"| `{code}` | {text.replace('|', '&#124;')} |" for code, text in TEXTS.items())
    yield ""


if __name__ == "__main__":
    for name, text in documents().items():
        (HERE / name).write_text(text, encoding="utf-8")
