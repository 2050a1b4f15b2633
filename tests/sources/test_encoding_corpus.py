"""Text files in fifteen languages and thirteen encodings: read right, or refused with a question, never read wrong.

The sentences are such as stand in shops' files.  Pitfall 18.
"""

import pytest

from importer import sources
from importer.errors import UnreadableFile
from importer.sources import Wishes

SENTENCES = {
    "German": ("Käthe Schröder, Bürgermeister-Müller-Weg 7, 89073 Ulm", "Kühlschrankmagnet, weiß, fünf Stück, geprüft"),
    "French": (
        "François Lémery, 12 allée des Chênes, 31000 Toulouse",
        "Veste légère pour fillette, très élégante, été",
    ),
    "Spanish": ("Íñigo Núñez, Avenida de la Constitución 8, Cádiz", "Pantalón de algodón para niños, tamaño pequeño"),
    "Portuguese": (
        "Conceição Magalhães, Travessa das Flores 2, Setúbal",
        "Calções de algodão, coleção verão, promoção",
    ),
    "Italian": (
        "Niccolò Pagà, Viale della Libertà 4, Forlimpopoli",
        "Maglia blu, più comoda, qualità superiore, novità",
    ),
    "Dutch": ("Renée Coppoolse, Prinses Beatrixlaan 9, België", "Geïsoleerde jas, drieëntwintig stuks, één maat, café"),
    "Swedish": ("Märta Lindström, Skånegatan 14, Jönköping", "Grå tröja, lätt och mjuk, för både kvinnor och män"),
    "Danish": ("Jørgen Sørby, Nørregade 21, Aabenraa", "Blød trøje til små børn, grå, på lager, køb to"),
    "Finnish": ("Väinö Hämäläinen, Itäinen Pitkäkatu 3, Jämsä", "Lämmin talvitakki, väri sinivihreä, myös lyhyenä"),
    "Polish": ("Grażyna Wójcik, ul. Świętokrzyska 11, Rzeszów", "Spódnica w kratę, długość do kolan, bawełna, nowość"),
    "Czech": ("Kateřina Šťastná, Náměstí Míru 6, Hradec Králové", "Dětské kalhoty, různé velikosti, měkké, šedé"),
    "Slovak": ("Zdenka Ďurišová, Študentská 15, Žilina", "Zimná bunda, veľkosť stredná, ľahká a teplá, čierna"),
    "Hungarian": ("Gőz Zsófia, Bartók Béla út 40, Szentgotthárd", "Női felső, több színben, könnyű és hűvös, új"),
    "Slovene": ("Špela Žnidaršič, Čopova ulica 9, Šmarje", "Otroške nogavičke, večbarvne, mehke in tople, že všečne"),
    "Croatian": ("Željka Bešlić, Šetalište 3, Križevci", "Dječja majica, žućkasta, veća veličina, može i šareno"),
}
WESTERN = ("cp1252", "iso8859-15", "mac-roman")
CENTRAL = ("cp1250", "iso8859-2")
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
OF_CENTRAL = ("Polish", "Czech", "Slovak", "Hungarian", "Slovene", "Croatian")
LENGTHS = {"a line": 1, "two lines": 2, "a page": 60}

CASES = [
    (language, codec, length)
    for language in SENTENCES
    for codec in (*UNICODE, *(CENTRAL if language in OF_CENTRAL else WESTERN))
    for length in LENGTHS
]
LEAST_RIGHT = 0.99

FOREIGN = {
    "Turkish": (
        "cp1254",
        "Gülşah Y\u0131lmaz, Çarş\u0131 Sokağ\u0131 5, Beyoğlu; k\u0131şl\u0131k yağmurluk, aç\u0131k yeşil",
    ),
    "Greek": ("cp1253", "Ελένη Παπαδάκη, Λεωφόρος Κηφισίας 8; γυναικείο μπουφάν"),
    "Bulgarian": ("cp1251", "Мария Георгиева, бул. Витоша 8, Пловдив; дамско яке"),
    "German of DOS": ("cp850", "Käthe Schröder, Bürgermeister-Müller-Weg 7; weiß, fünf Stück, geprüft"),
    "Polish of DOS": ("cp852", "Grażyna Wójcik, ul. Świętokrzyska 11; długość do kolan, bawełna, nowość"),
    "Lithuanian": ("cp1257", "Rūta Šaltenytė, Gedimino gatvė 5, Šilutė; žieminė striukė, didelė"),
    "Icelandic": ("cp1252", "Guðrún Jónsdóttir, Laugavegur 5, Reykjavík; hlý peysa fyrir börn, þrír litir"),
    "Romanian": ("cp1250", "Ştefania Rădulescu, Calea Moşilor 8, Bistriţa; geacă de iarnă pentru fetiţe, roşie"),
}


def lines(language: str, count: int) -> list[str]:
    """So many lines of text in a language."""
    name, thing = SENTENCES[language]
    return [(name, thing)[at % 2] if count > 1 else f"{name}; {thing}" for at in range(count)]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """What a file of texts in an encoding is read as: the texts, or None where it is refused with a question."""
    path = tmp_path_factory.mktemp("corpus") / "products.csv"

    def texts(written: list[str], codec: str) -> list[str] | None:
        content = "sku\tcustoms_description\n" + "".join(f"A-{n}\t{text}\n" for n, text in enumerate(written))
        path.write_bytes(content.encode(codec))
        try:
            (table,) = sources.tables(path)
        except UnreadableFile as question:
            if "--encoding" in str(question):
                return None
            raise
        return table.frame[1].tolist()

    return texts


@pytest.fixture(scope="module")
def outcomes(read):
    """Case -> whether it was read right; None = refused."""
    found = {}
    for language, codec, length in CASES:
        written = lines(language, LENGTHS[length])
        got = read(written, codec)
        found[language, codec, length] = None if got is None else got == written
    return found


def test_18_no_file_is_read_wrong(outcomes):
    """In none of the cases a name comes out with other letters."""
    assert [case for case, is_right in outcomes.items() if is_right is False] == []


def test_18_nearly_all_files_are_read_without_a_question(outcomes):
    """Of several hundred files 99 in 100 are read right; for the others the user is asked to say the encoding."""
    asked = [case for case, is_right in outcomes.items() if is_right is None]

    assert len(outcomes) >= 150
    assert 1 - len(asked) / len(outcomes) >= LEAST_RIGHT, asked


@pytest.mark.parametrize("language", FOREIGN)
def test_18_other_encodings_are_read_right_or_not_at_all(read, language):
    """Files of further languages and of old systems are never read wrong in silence."""
    codec, text = FOREIGN[language]

    assert read([text, text.upper()], codec) in ([text, text.upper()], None)


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("codec", [*UNICODE, *WESTERN, *CENTRAL])
def test_18_what_is_said_is_obeyed(tmp_path, language, codec):
    """Whatever the encoding, the user's word settles it."""
    written = [line for line in lines(language, 2) if line.encode(codec, "ignore").decode(codec) == line]
    path = tmp_path / "products.csv"
    path.write_bytes("\n".join(["sku", *(f'"{text}"' for text in written)]).encode(codec))

    (table,) = sources.tables(path, Wishes(encoding=codec))

    assert table.frame[0].tolist() == written


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("iso8859-15", "Preis: 12 €, Œuvre, Žižkov"),
        ("cp1252", "Preis: 12 €, ½ Liter, 5 £, „Köln“ – d’Or"),
        ("iso8859-15", "Šárka und Žofie, 5 €, Müller"),
        ("cp1252", "Œuvre complète, Žofie Müller, cœur, trente €"),
    ],
)
def test_18_signs_tell_windows_from_latin_9(read, codec, text):
    """The euro sign, Š, Ž and Œ stand at other places in Latin-9, and come out right or are asked for."""
    assert read([text, "Jürgen Groß"], codec) in ([text, "Jürgen Groß"], None)


def test_18_letters_that_are_lost_everywhere_are_told_of_the_file(tmp_path):
    """A file whose umlauts all became question marks in diamonds is to be exported again."""
    path = tmp_path / "orders.csv"
    path.write_text("order_id,city\n" + "SO-1,K\ufffdln\n" * 12 + "SO-2,Orléans\n", encoding="utf-8")

    with pytest.raises(UnreadableFile) as told:
        sources.tables(path)

    wanted = "the letters beyond A to Z are lost, first in line 2; export the file again, as UTF-8"
    assert str(told.value) == f"orders.csv: {wanted}"


def test_18_a_letter_that_is_lost_in_one_cell_is_that_cells_business(tmp_path):
    """Where most letters are right, the others are told cell by cell, and the file is read."""
    path = tmp_path / "orders.csv"
    path.write_text("order_id,city\nSO-1,K\ufffdln\n" + "SO-2,Orléans\n" * 12, encoding="utf-8")

    assert len(sources.tables(path)[0].frame) == 13
