"""A whole run in German: nothing that a person reads is English."""

import json
import re
import string
from pathlib import Path
from shutil import copy

import openpyxl
import pytest
from babel.messages.pofile import read_po

from schemas import ENTITIES

CATALOGUE = Path(__file__).parents[2] / "importer/locale/de/LC_MESSAGES/importer.po"
LEAST_LETTERS = 12
"""Of a piece of a sentence that is looked for; shorter ones are words that a path or a name may have, too."""

# Words that every other English sentence has, and no German one.
ENGLISH = re.compile(r"\b(the|this|that|is|are|not|and|with|wanted|rows?|of|has|have|it|by)\b")

# What is not ours to translate: cells of the example, names, choices, commands.
NOT_OURS = re.compile(
    r"\w+([.@]\w+)+|`[^`]*`|„[^“]*“|\b[\w./-]*[/_][\w./-]*|Returned to warehouse|Order (Items|States)"
)


@pytest.fixture
def told(german):
    """The upload of the example that is full of mistakes."""
    return german("upload", "mistakes/mistakes.xlsx", "--run-id", "run")


def test_no_sentence_of_ours_is_left_in_english(told):
    """Summary, page, lists, workbooks: none of the English sentences that have a German one stands there."""
    text = told.everything

    assert told.code == 3
    assert [piece for piece in english_pieces() if piece in text] == []


def test_no_english_is_put_together_elsewhere(told):
    """Nor is there English that no catalogue knows."""
    page_and_terminal = NOT_OURS.sub("", "\n".join([told.out, *told.workbooks]))
    messages = NOT_OURS.sub("", "\n".join(line["message"] for line in told.lines("problems.csv")))

    assert [line for line in (page_and_terminal + messages).splitlines() if ENGLISH.search(line)] == []


def test_what_machines_read_is_the_same_in_german(told):
    """Codes, statuses, columns and figures are those of an English run."""
    problems, results = told.lines("problems.csv"), told.lines("results.csv")

    assert list(problems[0])[:8] == ["file", "sheet", "row", "column", "cell", "severity", "code", "value"]
    assert {"carrier_not_in_country", "duplicate_key"} <= {line["code"] for line in problems}
    assert {line["severity"] for line in problems} == {"error", "note"}
    assert {line["status"] for line in results} >= {"created", "rejected", "blocked"}
    assert {line["row"] for line in results} >= {"2", "3"}


def test_summary_is_what_a_german_would_say(told):
    """What lies ahead, the table, a cause with its places, and what to do next."""
    lines = told.out.splitlines()

    assert lines[0].startswith("50 bis 76 Anfragen (Produkte 8, ")
    assert lines[1].split() == ["Zeilen", "angelegt", "zurückgewiesen", "blockiert"]
    assert (
        "1 Zeile: language „nl“: nl steht nicht in der veröffentlichten Liste der Bestellsprachen; "
        "lassen Sie die Zelle leer" in lines
    )
    assert "Importieren Sie diese Datei. Was schon da ist, wird nicht erneut gesendet." in lines


def test_marked_workbook_is_german_and_comes_back(german, told, tmp_path):
    """The sheet in front is called Probleme; when the file comes back it is passed over, and replaced."""
    marked = told.folder / "mistakes.checked.xlsx"
    book = openpyxl.load_workbook(marked)

    assert book.sheetnames[0] == "Probleme"
    assert [cell.value for cell in book["Probleme"][6]] == [
        *("Blatt", "Zelle", "Spalte", "Wert", "Was nicht stimmt", "Vorschlag")
    ]
    copy(marked, tmp_path / "mistakes" / "mistakes.xlsx")
    checked = german("check", "mistakes/mistakes.xlsx", "--format", "json")
    assert "Probleme" not in {sheet["sheet"] for sheet in json.loads(checked.out)["sheets"]}
    assert "sheet_unknown" not in {problem["code"] for problem in json.loads(checked.out)["problems"]}
    again = german("upload", "mistakes/mistakes.xlsx", "--run-id", "again", "--lang", "en")
    titles = openpyxl.load_workbook(again.folder.with_name("again") / "mistakes.checked.xlsx").sheetnames
    assert [title for title in titles if title.startswith("Probl")] == ["Problems"]


def test_statuses_are_explained_beside_their_own_word(told):
    """The column of statuses keeps its stable words; the message beside it begins with the German one."""
    orders = openpyxl.load_workbook(told.folder / "mistakes.checked.xlsx")["Orders"]
    header = {cell.value: cell.column - 1 for cell in orders[1]}
    said = {
        (row[header["import_status"]].value, row[header["import_message"]].value.partition(":")[0])
        for row in orders.iter_rows(min_row=2)
        if row[0].value
    }

    assert said == {("created", "angelegt"), ("rejected", "zurückgewiesen")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nirgends.xlsx"), "importer: nirgends.xlsx: Diese Datei oder diesen Ordner gibt es nicht\n"),
        (("show", "nie"), "importer: Das Protokoll kennt keinen Lauf nie; `importer runs` zeigt alle.\n"),
        (
            ("template", "--out", "mistakes/README.md/x"),
            "importer: mistakes/README.md/x/all-in-one.xlsx lässt sich nicht schreiben: ",
        ),
    ],
)
def test_why_a_command_ended_is_said_in_german(german, arguments, said):
    """An error that a person makes is told in the language of the person."""
    assert german(*arguments).err.startswith(said)


def test_log_lines_are_english(german):
    """What becomes a log line is for machines and for support, and is not translated."""
    line = german("check", "nirgends.xlsx", "--log-format", "json").err

    assert json.loads(line)["message"] == "nirgends.xlsx: there is no such file or folder"


def english_pieces() -> list[str]:
    """The longest literal piece of every English sentence whose German is another."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="de")
    sentences = [
        (english, german)
        for message in catalogue
        if message.id
        for english, german in zip(as_tuple(message.id), as_tuple(message.string), strict=True)
    ]
    pieces = [longest(english) for english, german in sentences if english != german]
    sheets = {entity.sheet for entity in ENTITIES}  # that is what the user's own are called
    return [piece for piece in pieces if len(piece) >= LEAST_LETTERS and piece not in sheets]


def longest(sentence: str) -> str:
    """The longest piece between the facts of *sentence*."""
    return max((piece.strip() for piece, *_ in string.Formatter().parse(sentence)), key=len)


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a sentence."""
    return text if isinstance(text, tuple) else (text,)
