"""What people call our columns: more English and German, and French, Spanish, Italian, Dutch and Polish.

A word stands here only if it means this column and no other: "nombre" (name, or first name), "date" or "amount" are
left to the user.  Accents, case, blanks and punctuation make no difference (`schemas.entity.bare`).  The names of the
API, old and new, and our own titles stand with the fields themselves.
"""

from collections.abc import Mapping

# One line per language: en, de, fr, es, it, nl, pl.
WORDS: Mapping[str, tuple[str, ...]] = {
    "order_id": (
        *("order nr", "order num", "shop order number", "sales order number"),
        *("Auftragsnr", "Auftrags-ID", "Bestell-ID", "Nummer der Bestellung"),
        *("numéro de commande", "n° de commande", "référence de commande"),
        *("número de pedido", "nº de pedido", "nº pedido"),
        *("numero ordine", "numero d'ordine", "n. ordine"),
        *("bestelnummer", "ordernummer"),
        *("numer zamówienia", "nr zamówienia"),
    ),
    "sku": (
        *("item no", "item code", "item sku", "article no", "product code", "product number", "stock keeping unit"),
        *("Art.-Nr.", "Artikelcode", "Produktnummer", "Produktnr"),
        *("code article", "référence article", "référence produit", "numéro d'article"),
        *("código de artículo", "código de producto", "referencia de artículo"),
        *("codice articolo", "codice prodotto"),
        *("artikelnummer", "productcode"),
        *("numer artykułu", "kod produktu", "kod artykułu"),
    ),
    # --- orders
    "order_url": ("store url", "shop address", "webshop", "Shop-Adresse", "adresse de la boutique", "url boutique"),
    "order_date": (
        *("ordered at", "ordered on", "date ordered", "order datetime", "purchase date"),
        *("Datum der Bestellung", "Bestellzeitpunkt", "bestellt am"),
        *("date de commande", "date de la commande"),
        *("fecha de pedido", "fecha del pedido"),
        *("data ordine", "data dell'ordine"),
        *("besteldatum", "orderdatum"),
        "data zamówienia",
    ),
    "language": (
        "language code",
        "locale",
        "Sprachcode",
        "Sprachkürzel",
        "langue",
        "idioma",
        "lingua",
        "taal",
        "język",
    ),
    "promised_delivery_date": (
        *("promised date", "promised delivery"),
        *("Liefertermin", "zugesagtes Lieferdatum"),
        *("date de livraison", "date de livraison promise"),
        *("fecha de entrega", "data di consegna", "leverdatum", "data dostawy"),
    ),
    # --- order items
    "line": (
        "order line",
        "line item",
        "Zeile",
        "Positionsnr",
        "Pos.-Nr.",
        "ligne",
        "línea",
        "riga",
        "regel",
        "pozycja",
    ),
    "quantity": ("pieces", "Stk", "Stückzahl", "Stueck", "quantité", "cantidad", "quantità", "aantal", "ilość"),
    "name": (
        *("article name", "product title", "item title"),
        *("Artikelbezeichnung", "Produktbezeichnung"),
        *("nom du produit", "nom de l'article", "désignation"),
        *("nombre del producto", "nombre del artículo"),
        *("nome prodotto", "nome del prodotto", "nome articolo"),
        *("productnaam", "artikelnaam"),
        *("nazwa produktu", "nazwa artykułu"),
    ),
    "description": (
        *("item description", "product description", "short description"),
        *("Artikelbeschreibung", "Produktbeschreibung", "Kurzbeschreibung"),
        *("description du produit", "descripción", "descrizione", "omschrijving", "beschrijving", "opis"),
    ),
    "sales_price": (
        *("selling price", "sale price", "item price", "price per unit", "price each"),
        *("Stückpreis", "Preis pro Stück"),
        *("prix", "prix de vente", "prix unitaire"),
        *("precio", "precio de venta", "precio unitario"),
        *("prezzo", "prezzo di vendita", "prezzo unitario"),
        *("prijs", "verkoopprijs"),
        *("cena", "cena sprzedaży", "cena jednostkowa"),
    ),
    "currency": (
        *("currency code", "Währungscode", "Waehrung", "devise", "monnaie", "moneda", "divisa", "valuta", "waluta"),
    ),
    "size": ("Groesse", "Konfektionsgröße", "taille", "talla", "taglia", "maat", "rozmiar"),
    "weight": (
        *("weight in kg", "weight kilograms", "Gewicht in kg", "Gewicht Kilogramm"),
        *("poids", "poids (kg)", "peso", "peso (kg)", "waga", "waga (kg)"),
    ),
    "returnable": (
        *("is returnable", "can be returned", "Rückgabe möglich", "Retoure möglich"),
        *("retournable", "retourneerbaar"),
    ),
    "appearance": ("colour", "color", "Farbe", "couleur", "colore", "kleur", "kolor"),
    "bundle_item": ("bundle number", "Bündelnummer", "Set-Nummer"),
    "shop_product_url": ("product link", "product page url", "Produktlink", "Produkt-URL", "url du produit"),
    "warehouse": ("warehouse name", "Lagername", "entrepôt", "almacén", "magazzino", "magazijn", "magazyn"),
    "warehouse_address": ("adresse de l'entrepôt", "Adresse des Lagers", "dirección del almacén", "adres magazynu"),
    # --- shipments
    "reference_number": (
        *("reference", "reference no", "parcel reference"),
        *("Referenz", "Referenz-Nr", "Paketreferenz"),
        *("numéro de référence", "número de referencia", "numero di riferimento"),
        *("referentienummer", "numer referencyjny"),
    ),
    "tracking_code": (
        *("tracking id", "tracking no", "tracking nr", "tracking num", "track and trace code"),
        *("Tracking-Nr", "Sendungsverfolgungsnummer", "Paketscheinnummer", "Sendungs-Nr"),
        *("numéro de suivi", "code de suivi"),
        *("número de seguimiento", "código de seguimiento"),
        *("codice di tracciamento", "numero di tracciamento"),
        *("volgnummer zending", "track & trace"),
        *("numer śledzenia", "numer przesyłki", "numer listu przewozowego"),
    ),
    "carrier_name": (
        *("carrier code", "shipping carrier", "courier"),
        *("Versanddienstleister", "Transportdienstleister", "Transporteur"),
        *("transportista", "corriere", "vervoerder", "przewoźnik", "kurier"),
    ),
    "carrier_country": ("Land des Paketdienstes", "pays du transporteur", "country of carrier"),
    "carrier_service": ("shipping service", "carrier product", "Serviceart"),
    "planned_pickup_datetime": (
        *("planned pickup date", "pickup time", "pickup datetime", "collection date"),
        *("Abholtermin", "Abholzeitpunkt", "geplantes Abholdatum"),
        *("date d'enlèvement", "fecha de recogida", "data di ritiro", "ophaaldatum", "data odbioru"),
    ),
    "recipient_first_name": (
        *("forename", "given name", "recipient firstname", "Empfänger Vorname", "Vorname Empfänger"),
        *("prénom", "prénom du destinataire", "voornaam", "imię"),
    ),
    "recipient_last_name": (
        *("family name", "recipient lastname", "Familienname", "Zuname", "Empfänger Nachname", "Nachname Empfänger"),
        *("nom de famille", "apellido", "apellidos", "cognome", "achternaam", "nazwisko"),
    ),
    "recipient_company_name": (
        *("recipient company", "Firmenname", "Unternehmen", "société", "entreprise", "raison sociale"),
        *("empresa", "azienda", "ragione sociale", "bedrijf", "bedrijfsnaam", "nazwa firmy"),
    ),
    "recipient_email": (
        *("mail", "mail address", "recipient e-mail address", "Mailadresse", "E-Mail Empfänger", "Empfänger E-Mail"),
        *("courriel", "adresse e-mail", "correo electrónico", "indirizzo email", "posta elettronica"),
        *("e-mailadres", "adres e-mail"),
    ),
    "recipient_address": (
        *("street address", "street and number", "street and house number", "address line 1", "address 1"),
        *("Straße und Hausnummer", "Straße/Nr.", "Straße + Hausnr.", "Adresszeile 1"),
        *("rue", "adresse du destinataire", "dirección", "calle", "indirizzo", "adres", "straat", "ulica"),
    ),
    "recipient_address_details": (
        *("address line 2", "address 2", "Adresszeile 2", "Adresse 2", "complément d'adresse"),
    ),
    "recipient_zip": (
        *("post code", "zip/postal code", "recipient postcode", "recipient zip code", "Empfänger PLZ", "PLZ Empfänger"),
        *("code postal", "código postal", "codice postale", "CAP", "kod pocztowy"),
    ),
    "recipient_city": (
        *("recipient town", "Wohnort", "Empfänger Ort", "Ort Empfänger"),
        *("ville", "ciudad", "città", "plaats", "woonplaats", "miasto"),
    ),
    "recipient_country": (
        *("country code", "country iso", "country iso2", "destination country", "delivery country"),
        *("Ländercode", "Länderkürzel", "Länderkennzeichen", "Zielland", "Lieferland", "Empfängerland"),
        *("pays", "pays de destination", "país", "paese", "kraj"),
    ),
    "recipient_phone": (
        *("phone number", "telephone", "telephone number", "mobile", "mobile number", "mobile phone"),
        *("Tel", "Tel.-Nr.", "Handy", "Handynummer", "Mobilnummer", "Mobiltelefon"),
        *("téléphone", "numéro de téléphone", "teléfono", "telefono", "telefoon", "telefoonnummer", "numer telefonu"),
    ),
    # --- products, pictures, states and events
    "customs_description": ("description of goods", "goods description", "Warenbeschreibung", "description douanière"),
    "customs_item_value": ("customs value", "valeur en douane", "wartość celna"),
    "customs_origin_country_iso2": (
        *("country of manufacture", "Herkunftsland", "pays d'origine", "país de origen", "paese di origine"),
        *("paese d'origine", "land van herkomst", "kraj pochodzenia"),
    ),
    "image_file": ("image url", "image path", "picture url", "photo", "Bild-URL", "Bildpfad", "Foto", "Dateipfad Bild"),
    "state": ("order state", "order status", "Bestellstatus", "Auftragsstatus", "statut", "estado", "stato"),
    "datetime": ("date/time", "date and time", "Datum/Uhrzeit", "Datum und Uhrzeit", "Zeitstempel", "date et heure"),
    "event": ("event type", "Ereignistyp", "Ereignisart", "événement"),
}
"""Field name -> other headers; a field has them on every sheet that it stands on."""


def words_for(name: str) -> tuple[str, ...]:
    """Other headers that mean the field called *name*; perhaps none."""
    return WORDS.get(name, ())
