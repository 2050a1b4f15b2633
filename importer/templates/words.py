"""What the templates say to people, in English and in German.  Field names and codes are the same in both.

Titles come from the fields.  `Field.meaning` is English alone for now, so German notes show the German title and the
English sentence; whoever translates the sentences changes `Words.meaning` and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.cells import Conventions
from schemas.entity import Entity, Field

Language = Literal["en", "de"]

Lines = tuple[tuple[str, str], ...]
"""A term and what is to be said about it."""

_AS_SET = Conventions()


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a workbook says in one language."""

    language: Language

    instructions: str
    """Title of the first sheet."""
    title: str
    lead: str
    steps_heading: str
    steps: Lines
    sheets_heading: str
    known_by: str
    """What is said above the fields of the keys."""
    joined_by_or: str
    colours_heading: str
    mandatory: tuple[str, str]
    """A word for the note, a sentence for the legend; likewise the next two."""
    recommended: tuple[str, str]
    optional: tuple[str, str]
    cells_heading: str
    example_row: tuple[str, str]
    """First of the lines below, where there is such a row."""
    cells: Lines
    version: str

    example: str
    allowed: str
    reference: str
    """{sheet}: where the value is explained."""
    refused_title: str
    refused: str
    asked_title: str
    asked: str
    hints: Mapping[str, str]
    """Name of a kind -> how to write it; kinds that need no hint are absent."""
    abouts: Mapping[str, str] = field(default_factory=dict)
    """Name of an entity -> what its sheet holds; absent = `Entity.meaning`."""

    def name_of(self, column: Field) -> str:
        """The column's title."""
        return column.titel if self.language == "de" else column.title

    def meaning(self, column: Field) -> str:
        """The sentence on the column; English in both languages, see above."""
        return column.meaning

    def sheet(self, entity: Entity) -> str:
        """The sheet's title."""
        return entity.blatt if self.language == "de" else entity.sheet

    def about(self, entity: Entity) -> str:
        """What the sheet holds."""
        return self.abouts.get(entity.name, entity.meaning)

    def need(self, column: Field) -> str:
        """Mandatory, recommended or optional, in one word."""
        if column.mandatory:
            return self.mandatory[0]
        return self.recommended[0] if column.recommended else self.optional[0]


ENGLISH = Words(
    language="en",
    instructions="Instructions",
    title="Import template for Seven Senders",
    lead="Fill in the sheets, check the file, upload it. Checking sends nothing, and rows with errors are never sent.",
    steps_heading="How to go about it",
    steps=(
        ("1", "Fill in the sheets from left to right, one record per row. Leave out what you have nothing for."),
        (
            "2",
            "Keep the names in row 1. Columns may change places, and optional ones may be deleted.",
        ),
        ("3", "Paste with Paste Special > Values, so that formats and drop-down lists stay."),
        ("4", "Save as .xlsx and check the file:  importer check FILE"),
        ("5", "Upload it:  importer upload FILE    Repeating this is safe: what is already there is not sent again."),
    ),
    sheets_heading="The sheets, in the order in which they are uploaded",
    known_by="A row is known by",
    joined_by_or="or",
    colours_heading="The colours in row 1",
    mandatory=("Mandatory", "Mandatory: dark, with an asterisk. A row without it is not imported."),
    recommended=(
        "Recommended",
        "Recommended: medium blue. The row is imported without it, but something useful is lost.",
    ),
    optional=("Optional", "Optional: light grey. Leave it blank if you do not need it."),
    cells_heading="What to write into the cells",
    example_row=(
        "Example row",
        "Row 2, in grey. Its key begins with EXAMPLE-, so it is never imported. Keep it or delete it.",
    ),
    cells=(
        ("Help on a column", "Point at its name in row 1: the note says what it means and shows an example."),
        ("Blank cell", "Nothing is sent for it. What the server already has stays as it is."),
        (
            _AS_SET.clear_word,
            "Removes what the server has, when an existing record is updated. Not for mandatory columns.",
        ),
        (
            "Dates",
            f"2026-01-31 or 2026-01-31 10:00. Times are those of {_AS_SET.timezone}, unless set otherwise.",
        ),
        ("Numbers", "Without currency sign and unit. Weights are in kilograms."),
        ("Codes", "Order numbers, postcodes and tracking codes are text: leading zeros and long numbers stay."),
        ("Drop-down lists", "Cells with an arrow take what the list offers. Carriers depend on carrier_country."),
        ("Your own columns", "Columns and sheets with other names are not imported; the check says which."),
    ),
    version="Template version",
    example="Example",
    allowed="Allowed",
    reference="As it stands on the sheet {sheet}.",
    refused_title="Not in the list",
    refused="Please choose one of the values in the list.",
    asked_title="Not in the list for this country",
    asked="This carrier is not in the list for the country in carrier_country. "
    "The list is as old as this file; keep the value only if you know better.",
    hints={
        "whole number": "A whole number.",
        "number": "A number, without currency sign or unit.",
        "yes or no": "TRUE or FALSE; a blank cell is neither.",
        "date and time": "A date, with or without a time: 2026-01-31 or 2026-01-31 10:00.",
        "choice": "One of the values in the list.",
        "country": "A country code of two letters (ISO 3166).",
        "currency": "A currency code of three letters (ISO 4217).",
        "language": "A language code of two small letters.",
        "carrier": "The list follows the country in carrier_country; fill that in first.",
        "e-mail address": "One e-mail address.",
        "phone number": "With + and country code.",
        "web address": "Begins with https:// or http://.",
        "tags": "key=value; key=value",
        "image file": "A JPEG or PNG of at most 10 MB.",
    },
)

GERMAN = Words(
    language="de",
    instructions="Anleitung",
    title="Importvorlage für Seven Senders",
    lead="Blätter ausfüllen, Datei prüfen, hochladen. Prüfen sendet nichts; Zeilen mit Fehlern werden nie gesendet.",
    steps_heading="So gehen Sie vor",
    steps=(
        (
            "1",
            "Füllen Sie die Blätter von links nach rechts aus, je Zeile ein Datensatz, soweit Sie Daten haben.",
        ),
        (
            "2",
            "Die Namen in Zeile 1 bleiben. Spalten dürfen die Plätze tauschen, freiwillige dürfen fehlen.",
        ),
        ("3", "Fügen Sie mit „Inhalte einfügen > Werte“ ein, damit Formate und Auswahllisten erhalten bleiben."),
        ("4", "Speichern Sie als .xlsx und prüfen Sie die Datei:  importer check DATEI"),
        (
            "5",
            "Hochladen:  importer upload DATEI    Wiederholen schadet nicht: Was da ist, wird nicht erneut gesendet.",
        ),
    ),
    sheets_heading="Die Blätter, in der Reihenfolge des Hochladens",
    known_by="Eine Zeile erkennt man an",
    joined_by_or="oder",
    colours_heading="Die Farben in Zeile 1",
    mandatory=("Pflichtfeld", "Pflichtfeld: dunkel, mit Stern. Ohne diese Angabe wird die Zeile nicht importiert."),
    recommended=("Empfohlen", "Empfohlen: mittleres Blau. Es geht auch ohne, doch dann fehlt etwas Nützliches."),
    optional=("Freiwillig", "Freiwillig: hellgrau. Lassen Sie die Zelle leer, wenn Sie die Angabe nicht brauchen."),
    cells_heading="Was in die Zellen gehört",
    example_row=(
        "Beispielzeile",
        "Zeile 2, in Grau. Ihr Schlüssel beginnt mit EXAMPLE-, sie wird nie importiert. Sie darf bleiben oder weg.",
    ),
    cells=(
        (
            "Hilfe zu einer Spalte",
            "Zeigen Sie auf ihren Namen in Zeile 1: Die Notiz erklärt sie und nennt ein Beispiel.",
        ),
        ("Leere Zelle", "Dafür wird nichts gesendet. Was der Server schon hat, bleibt, wie es ist."),
        (
            _AS_SET.clear_word,
            "Entfernt, was der Server hat, wenn ein vorhandener Datensatz geändert wird. Nicht in Pflichtfeldern.",
        ),
        (
            "Datum",
            f"2026-01-31 oder 2026-01-31 10:00. Uhrzeiten gelten in {_AS_SET.timezone}, wenn nicht anders gesetzt.",
        ),
        ("Zahlen", "Ohne Währungszeichen und Einheit. Gewichte in Kilogramm."),
        ("Nummern", "Bestellnummern, Postleitzahlen und Sendungsnummern sind Text: Führende Nullen bleiben erhalten."),
        ("Auswahllisten", "Zellen mit Pfeil nehmen, was die Liste bietet. Die Versanddienste folgen carrier_country."),
        ("Eigene Spalten", "Spalten und Blätter mit anderen Namen werden nicht importiert; die Prüfung nennt sie."),
    ),
    version="Version der Vorlage",
    example="Beispiel",
    allowed="Erlaubt",
    reference="Wie auf dem Blatt {sheet}.",
    refused_title="Nicht in der Liste",
    refused="Bitte wählen Sie einen der Werte aus der Liste.",
    asked_title="Für dieses Land nicht gelistet",
    asked="Dieser Versanddienst steht nicht in der Liste für das Land in carrier_country. "
    "Die Liste ist so alt wie diese Datei; behalten Sie den Wert nur, wenn Sie es besser wissen.",
    hints={
        "whole number": "Eine ganze Zahl.",
        "number": "Eine Zahl, ohne Währungszeichen und Einheit.",
        "yes or no": "TRUE (ja) oder FALSE (nein); eine leere Zelle ist keines von beiden.",
        "date and time": "Ein Datum, mit oder ohne Uhrzeit: 2026-01-31 oder 2026-01-31 10:00.",
        "choice": "Einer der Werte aus der Liste.",
        "country": "Ländercode aus zwei Buchstaben (ISO 3166).",
        "currency": "Währungscode aus drei Buchstaben (ISO 4217).",
        "language": "Sprachcode aus zwei Kleinbuchstaben.",
        "carrier": "Die Liste folgt dem Land in carrier_country; füllen Sie dieses zuerst aus.",
        "e-mail address": "Eine E-Mail-Adresse.",
        "phone number": "Mit + und Ländervorwahl.",
        "web address": "Beginnt mit https:// oder http://.",
        "tags": "Name=Wert; Name=Wert",
        "image file": "JPEG oder PNG, höchstens 10 MB.",
    },
    abouts={
        "products": "Eine Zeile je Artikel im Lager. Produkte kommen zuerst: Bilder und Positionen verweisen auf sie.",
        "product_images": "Ein Bild je Produkt für das Retourenportal. JPEG oder PNG, quadratisch, ab 800 x 800 Pixel.",
        "orders": "Eine Zeile je Bestellung. Bestellnummer und E-Mail der Sendung öffnen das Retourenportal.",
        "order_states": "Freiwillig: Status, die eine Bestellung durchlief. Sie gehen vor den Sendungen hinaus.",
        "order_items": "Eine Zeile je Position. Was der Kunde im Portal sieht, in der Sprache der Bestellung.",
        "shipments": "Eine Zeile je Paket. Die E-Mail des Empfängers gehört zur Anmeldung am Retourenportal.",
        "shipment_events": "Eine Zeile je Ereignis nach einer Retoure: erstattet oder im Lager angekommen.",
    },
)

WORDS: Mapping[Language, Words] = {"en": ENGLISH, "de": GERMAN}
