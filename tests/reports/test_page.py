"""`report.html`: one page that a person can open anywhere, read, print and pass on."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from made_runs import NOTE, SHA256, at, checked, csv_table, outcome, run

from importer.model import Outcome, Problem, Status
from importer.reports.matched import matched
from importer.reports.page import MOST_PROBLEMS, page
from importer.reports.summary import ReadFile, summarised
from schemas.cells import Note

# What a browser fetches or runs by itself, and attributes that would.
ACTIVE = {
    "script",
    "link",
    "img",
    "iframe",
    "object",
    "embed",
    "form",
    "base",
    "image",
    "use",
    "audio",
    "video",
    "style",
}
FETCHING = {"src", "srcset", "data", "action", "background", "poster", "xlink:href", "ping", "style"}


@pytest.fixture
def sheet(tmp_path):
    """Four orders: one fine, one with two mistakes of which one is private, one with a note, one nasty."""
    text = "order_id,language,mail\nSO-1,de,\nSO-2,xx,anna@\nSO-3,EN ,\n</td><script>alert(1)</script>,de,\n"
    read = csv_table(tmp_path / "orders.csv", text)
    problems = [
        at(read, 3, "language", "language_unknown", suggestion="de"),
        at(read, 3, "mail", "not_an_email", private=True),
        at(read, 4, "language", "normalised", facts={"value": "en"}, severity=NOTE),
    ]
    return checked(read, "orders", problems)


@pytest.fixture
def text(tmp_path, sheet):
    """The page about them; the server refused the nasty one."""
    *others, nasty = sheet.rows
    answer = "<img src=x onerror=alert(1)> & \"'"
    refused = Problem(nasty.where, "refused", {"answer": answer}, column="order_id", value=nasty.key)
    outcomes = [*map(outcome, others), Outcome(nasty, Status.REFUSED, problems=(refused,))]
    files = (ReadFile("orders.csv", tmp_path / "orders.csv", 2048, SHA256),)
    summary = summarised(run(files=files, server="https://api.example.com/v2"), [sheet], outcomes)
    return page(summary, matched([sheet], outcomes), ["rejected/orders & co.csv", "problems.csv"])


def test_page_says_what_happened_and_what_to_do(text):
    """From top to bottom: the sentence, the counts, the next steps, the causes with cells and cures, files, facts."""
    assert " ".join(words(text)) == (
        "Seven Senders import · orders.csv · 31 January 2026, 10:03:12 UTC 2 of 4 rows are in. 2 need you. "
        "4 rows read, each accounted for below. "
        "All rows: 4 rows 2 created; 1 rejected by the check, not sent; 1 refused by the server. 2 1 1 "
        "2 created 1 rejected by the check, not sent 1 refused by the server "
        "What to do next Correct the rows in rejected/orders & co.csv, and save. "
        "Import that file. What is in already is not sent twice. "
        "What is wrong, by cause "
        "1 row language xx A two-letter language code is wanted, such as de. Did you mean de ? orders.csv!B3 "
        "1 row mail personal data, not repeated here One e-mail address is wanted, such as name@example.com. "
        "orders.csv!C3 "
        "1 row order_id </td><script>alert(1)</script> The server refused it: <img src=x onerror=alert(1)> & \"'. "
        "orders.csv!row 5 "
        "Every problem, by cell orders.csv: 3 problems Cell Column Found What is wrong Did you mean "
        "B3 language xx a two-letter language code is wanted, such as de de "
        "C3 mail personal data one e-mail address is wanted, such as name@example.com "
        "row 5 order_id </td><script>alert(1)</script> the server refused it: <img src=x onerror=alert(1)> & \"' "
        "What was understood, and worth knowing 1 kind of note; these rows were not held back "
        "1 row language EN  Read as en. orders.csv!B4 "
        "Files of this run rejected/orders & co.csv the rows that did not get in, as they came, with the reason: "
        "correct and import problems.csv every problem and note, with the values found "
        f"Files read orders.csv 2.0 kB SHA-256 {SHA256} "
        "The run Run r-1 Server https://api.example.com/v2 Started 31 January 2026, 10:00:00 UTC "
        "Finished 31 January 2026, 10:03:12 UTC, after 3 min 12 s "
        "Requests 12, of which 1 repeated; told to wait 2 times "
        "Exit code 3: finished; some rows rejected, refused or blocked "
        "sevensenders-importer 0.1.0. Names, addresses and other personal data are not repeated on this page; "
        "the cells named here and problems.csv have them."
    ).replace("EN  Read", "EN Read")


def test_nothing_is_run_or_fetched(text):
    """The page holds no script and asks for nothing from anywhere, whatever the cells say."""
    tags, attributes = parsed(text)

    assert ACTIVE & set(tags) == {"style"}
    assert FETCHING & {name for name, _ in attributes} == set()
    assert [name for name, _ in attributes if name.startswith("on")] == []
    assert [value for name, value in attributes if name == "href"] == ["rejected/orders%20%26%20co.csv", "problems.csv"]
    assert re.search(r"url\((?!#)|@import", text) is None
    assert ("http-equiv", "Content-Security-Policy") in attributes
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in attributes


def test_tags_are_closed(text):
    """The page is well-formed as far as a browser cares: every tag that needs an end has one."""
    assert _Balance().leftovers(text) == []


def test_personal_data_is_not_repeated(text):
    """A page that is passed on does not carry the cells of private columns."""
    assert "anna@" not in text


def test_bars_can_be_read_without_colours(text):
    """Each bar has a title and a description, and each status a pattern of its own."""
    assert '<title id="bar-0-title">All rows: 4 rows</title>' in text
    assert set(re.findall(r'fill="url\(#p-(\w+)\)"', text)) == {"created", "rejected", "refused"}
    patterns = re.findall(r'<pattern id="p-\w+".*', text)
    assert len(patterns) == len(Status)
    assert set(re.findall(r'width="([\d.]+)%" height="30" class', text)) == {"50.0", "25.0"}


def test_sentence_that_begins_with_a_code_keeps_it(tmp_path):
    """The language "nl" does not become "Nl"; other sentences begin with a capital."""
    read = csv_table(tmp_path / "orders.csv", "order_id,language\nSO-1,nl\n")
    sheet = checked(read, "orders", [at(read, 2, "language", "language_not_offered", facts={"language": "nl"})])
    outcomes = [outcome(row) for row in sheet.rows]

    found = words(page(summarised(run(), [sheet], outcomes), matched([sheet], outcomes)))

    assert "nl is not in the vendor's published list of order languages; leave the cell blank." in found


def test_decisions_of_reading_are_shown(tmp_path):
    """How each of our sheets was read is on the page, for the user to agree with."""
    read = csv_table(tmp_path / "orders.csv", "order_id\nSO-1\n")
    read = replace(read, notes=(Note("dates_from_1904"),), blank_rows=1)
    other = replace(checked(read, "orders"), entity=None, rows=())
    sheet = checked(read, "orders")
    outcomes = [outcome(row) for row in sheet.rows]

    found = words(page(summarised(run(), [sheet], outcomes), matched([sheet, other], outcomes)))

    told = "the workbook counts its dates from 1904, and they are read so; 1 blank row left out"
    assert found.count(told) == 1


def test_very_many_problems_do_not_make_a_very_long_page(tmp_path):
    """Beyond 2,000 the page leads to problems.csv instead."""
    read = csv_table(tmp_path / "orders.csv", "order_id\n" + "SO\n" * 2500)
    sheet = checked(read, "orders", [at(read, row, "order_id", "missing") for row in range(2, 2502)])
    outcomes = [outcome(row) for row in sheet.rows]

    found = page(summarised(run(), [sheet], outcomes), matched([sheet], outcomes))

    assert found.count('<td class="message">') == MOST_PROBLEMS
    assert "500 more are in problems.csv." in words(found)


def test_counts_that_do_not_add_up_are_admitted(tmp_path):
    """A row without outcome is shown at the top as our mistake."""
    sheet = checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\n"), "orders")

    found = words(page(summarised(run(), [sheet], []), matched([sheet], [])))

    assert "The counts do not add up. That is a mistake of the importer, not yours; please report it." in found
    assert "orders.csv: 1 rows read, 0 outcomes; not exactly one outcome for row 2" in found


class _Words(HTMLParser):
    """The text that is shown, piece by piece, and the tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces, self.tags, self.attributes, self.hidden = [], [], [], 0

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.hidden += tag == "head"

    def handle_endtag(self, tag):
        self.hidden -= tag == "head"

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.pieces.append(" ".join(data.split()))


class _Balance(HTMLParser):
    """Tags that are opened and not closed, or closed and not opened."""

    def leftovers(self, text):
        """Feed *text* and give back what is out of balance."""
        self.open, self.wrong = [], []
        self.feed(text)
        return [*self.open, *self.wrong]

    def handle_starttag(self, tag, attributes):
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def words(text):
    """The text that a reader of the page sees, in pieces."""
    parser = _Words()
    parser.feed(text)
    return parser.pieces


def parsed(text):
    """All tags and all attributes of the page."""
    parser = _Words()
    parser.feed(text)
    return parser.tags, parser.attributes


def test_page_of_a_dry_run_speaks_of_what_would_be(tmp_path):
    """After a dry run the page does not speak as if something had been sent."""
    read = csv_table(tmp_path / "orders.csv", "order_id,language\nSO-1,de\nSO-2,xx\n")
    sheet = checked(read, "orders", [at(read, 3, "language", "language_unknown", suggestion="de")])
    fine, bad = sheet.rows
    outcomes = [
        Outcome(fine, Status.NOT_SENT, problems=(Problem(fine.where, "dry_run", {"status": "created"}),)),
        outcome(bad),
    ]
    rehearsed = summarised(run(dry_run=True), [sheet], outcomes)

    found = " ".join(words(page(rehearsed, matched([sheet], outcomes), ["rejected/orders.csv"])))

    assert "All rows: 2 rows 1 rejected by the check, not sent; 1 would be sent." in found
    assert "rejected/orders.csv the rows that would not get in, as they came, with the reason" in found
    assert [word for word in ("ended first", "not sent twice", "did not get in") if word in found] == []
