import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_documents_say_what_the_code_does():
    """Documents and tables that are made say what the code and CLDR do; `python docs/make_tables.py` mends them."""
    made = runpy.run_path(str(DOCS / "make_tables.py"))["documents"]()

    assert {name: (DOCS / name).read_text(encoding="utf-8") for name in made} == made
