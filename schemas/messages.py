"""Every sentence a row can get, once, under its stable code.

The codes are part of the contract: reports, profiles and tests use them, so a code is never renamed.
The sentences say what was wanted and what to do; the place and the value are added by whoever shows them.
English stands here and is the key of the translation catalogues.
"""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # a cell on its own
    "missing": "a value is required here",
    "not_text": "this cell holds characters that cannot be printed; type the value again",
    "error_cell": "the cell shows a spreadsheet error; correct the formula or type the value",
    "formula_without_value": "the formula has no stored result; open the file in Excel or LibreOffice and save it once",
    "code_damaged": "Excel has shortened this number and digits are lost; format the column as Text and enter it again",
    "not_a_number": "a number is wanted, such as {example}",
    "ambiguous_number": "this can be read as {one} or as {other}; write it without a thousands separator",
    "ambiguous_number_mixed": "this can be read as {one} or as {other}, and in this column some cells have a decimal "
    "point ({points}) and some a decimal comma ({commas}); write it without a thousands separator",
    "not_whole": "a whole number is wanted",
    "out_of_range": "a number from {least} to {most} is wanted",
    "too_small": "a number of {least} or more is wanted",
    "too_many_decimals": "at most {places} decimals are allowed",
    "not_a_boolean": "yes or no is wanted (TRUE or FALSE)",
    "not_a_date": "a date is wanted, such as 2026-01-31 or 2026-01-31T10:00:00+01:00",
    "ambiguous_date": "day and month cannot be told apart; write the date as 2026-01-31",
    "ambiguous_date_mixed": "day and month cannot be told apart, and in this column some cells have the day first "
    "({day_first}) and some the month ({month_first}); write the date as 2026-01-31",
    "date_serial": "this is the number behind a date whose format was lost; format the column as a date, or allow "
    "such numbers by the setting accept_serial_dates",
    "time_without_day": "this is a time without a day; a date is wanted, such as 2026-01-31 10:00",
    "no_such_time": "the clock was moved forward and this time does not exist in {zone}",
    "not_a_choice": "one of these is wanted: {choices}",
    "country_unknown": "a two-letter country code is wanted, such as DE",
    "currency_unknown": "a three-letter currency code is wanted, such as EUR",
    "language_unknown": "a two-letter language code is wanted, such as de",
    "language_not_offered": "{language} is not in the vendor's published list of order languages; leave the cell blank",
    "carrier_unknown": "no carrier of this name is known; see `importer carriers`",
    "carrier_not_in_country": "this carrier is not available in {country}; available there: {choices}",
    "country_without_carriers": "no carrier is available in {country}; see `importer carriers`",
    "not_an_email": "one e-mail address is wanted, such as name@example.com",
    "not_a_phone": "a phone number is wanted, such as +4915223455981",
    "not_a_web_address": "a web address is wanted, such as https://shop.example.com",
    "not_tags": "tags are written as key=value; key=value, or as a JSON object of texts",
    "cannot_clear": "a mandatory value cannot be cleared",
    # a cell that a program has damaged, as its column or another sheet shows
    "code_in_exponent_form": "a program wrote this code in short form; no digit is lost, and it can be written out",
    "code_with_decimal": "a program took this code for a number and added a decimal",
    "zeros_lost": "other numbers here have {found} digits, some with zeros in front, which this one seems to have lost",
    "zeros_lost_elsewhere": "no other sheet has this number, but one has {value}; zeros in front seem to be lost",
    "gtin_zeros_lost": "no article number (GTIN) has so many digits; with zeros in front its check digit is right",
    "tariff_zero_lost": "tariff codes have an even number of digits; a zero in front seems to be lost",
    "became_date": "a program seems to have made a date of this; format the column as Text and enter it again",
    "letters_garbled": "the letters are garbled; the text was read in a wrong character encoding",
    "letter_lost": "a letter seems to have got lost here; type the text again",
    "cut_off": "the text has exactly {most} characters, where programs cut texts off; its end seems to be missing",
    # a row
    "promised_date_missing": "same-day delivery needs promised_delivery_date on the order",
    "ragged_row": "the row has {found} cells, the header has {expected}; "
    "quote cells that contain the separator, nothing was shifted",
    "header_repeated": "this is the header once more, and no data; take the row away",
    "looks_like_totals": "this looks like a row of totals, and no data; take the row away",
    "unquoted_cell": "a quotation mark is out of place in this row; nothing was guessed",
    # what a mapping profile makes of a cell
    "value_not_mapped": "the mapping profile does not translate this; correct it, or add it to {example} there",
    "not_a_share": "a share from 0 to 1 is wanted, such as 0.15 for 15 %",
    "not_looked_up": "{file} has no row for this that can be used; what is looked up there is blank",
    # an image
    "image_not_found": "there is no such file; the path counts from the spreadsheet's folder",
    "image_outside": "the image must lie in the spreadsheet's folder or below it",
    "image_unreadable": "a JPEG or PNG file is wanted; this one is damaged or of another kind",
    "image_too_big": "at most 10 MB are allowed, this has {found} MB",
    "image_too_many_pixels": "at most 80 million pixels are allowed, this has {found}",
    "image_small": "800 x 800 pixels or more look better in the portal; this has {found}",
    "image_not_square": "square images look better in the portal; this has {found}",
    "image_address_refused": "addresses inside a private network are not fetched",
    "image_not_fetched": "the image could not be fetched: {reason}",
    # the sheet
    "column_missing": "the mandatory column {column} is missing; add it to the header",
    "column_twice": "two columns are called {column}; keep one of them",
    "column_unknown": "this column is not known and is not imported",
    "header_ambiguous": "row {row} and row {second} look equally like the header; take one of them away, "
    "or say header_row in a mapping profile",
    "entity_by_header": "the name does not tell what is in it; by its header it is read as {entity}",
    "sheet_unknown": "this sheet is not one of ours and is not imported",
    "sheet_empty": "the sheet has no rows",
    "example_row": "this is the template's example row; it is never imported",
    # how a file was read, for the user to agree with
    "read_as": "read as {encoding}, separated by {separator}",
    "quotes_escaped": "a backslash before a quotation mark makes it part of the cell",
    "encoding_uncertain": "the file does not say its encoding and is not UTF-8; "
    "check names with accents before uploading, or say another one by --encoding",
    "less_is_known": "in this kind of workbook, cells with an error such as #N/A look blank and leading zeros that "
    "only a number format shows are lost; save it as .xlsx to be sure",
    "dates_from_1904": "the workbook counts its dates from 1904, and they are read so",
    "sheets_hidden": "hidden sheets are not imported: {sheets}",
    "rows_hidden": "rows that are hidden are imported like the others; --visible-only leaves them out: {count}",
    "rows_hidden_by_filter": "rows that a filter hides are imported like the others; --visible-only leaves them out: "
    "{count}",
    "rows_hidden_left_out": "hidden rows are left out, as you wish: {count}",
    "columns_hidden": "columns that are hidden are imported like the others: {letters}",
    "rows_struck": "rows that are struck through are imported like the others: {count} ({rows})",
    "cells_merged_filled": "merged cells are filled with the value of the first, as you wish: {cells}",
    "formulas_read": "of cells with a formula the stored result is read: {count}",
    "formulas_changing": "formulas with a result that changes by itself (TODAY, NOW, RAND) are read as it was last "
    "stored: {count}",
    "formulas_elsewhere": "formulas with values from other workbooks are read as they were last stored: {count}",
    "links_differ": "links that lead elsewhere than their text says are imported as the text: {cells}",
    "macros_not_run": "the workbook has macros; they are not run",
    "other_books_not_opened": "the workbook refers to other workbooks; they are not opened",
    "cells_merged": "of merged cells only the first has the value, the others are blank; --fill-merged fills them: "
    "{cells}",
    "header_found": "the header was found in row {row}; what stands above it is not imported",
    "header_in_two_rows": "the header was found in two lines, rows {row} and {second}",
    "header_explained": "row {row} belongs to the header, which it explains or repeats; it is not imported",
    "cells_far_right": "cells far to the right of the last title are not read, from column {letters} on",
    "zeros_shown": "numbers in column {letters} are read with the leading zeros they show: {count}",
    "led_by_profile": "led to {entity} by {file}",
    "rows_left_out": "rows left out, as the profile says: {count}",
    "columns_not_used": "not used: {columns}",
    # rows among each other
    "duplicate_key": "the same key stands in {others}; keep one of them",
    "reference_missing": "there is no {entity} {value} in this file",
    "reference_not_here": "{entity} {value} is not in this file; the upload looks for it on the server",
    "all_references_elsewhere": "{count} rows name {entity}, of which none are in these files; "
    "the upload looks for them on the server",
    "reference_ambiguous": "{value} names more than one shipment: {others}",
    "shipment_of_other_order": "the shipment belongs to order {other}",
    # what was understood, and is said
    "normalised": "read as {value}",
    "read_as_blank": "this stands for a blank cell here, and nothing is sent",
    "blanks_made_single": "blanks of another sort or too many of them were made single spaces",
    "invisible_removed": "characters that nobody sees were left out: {characters}",
    "letters_look_latin": "letters that look Latin and are others, so nobody finds this by typing it: {characters}",
    "direction_marks": "marks that turn the direction of reading are in here: {characters}",
    "year_of_two_digits": "the year was read as {year}",
    "blanks_around": "blanks around the values of this column were left out ({count})",
    "accents_composed": "accents that stand apart from their letters, as on macOS, were joined with them ({count})",
    "line_break_removed": "line breaks are not allowed here; read as {value}",
    "second_of_two_hours": "the clock was moved back and this time happened twice; the first was taken",
    "column_read_day_first": "dates such as {value} ({count}) were read with the day first, because others of this "
    "column such as {sample} ({told}) can only be meant so",
    "column_read_month_first": "dates such as {value} ({count}) were read with the month first, because others of this "
    "column such as {sample} ({told}) can only be meant so",
    "column_read_decimal_comma": "numbers such as {value} ({count}) were read with a decimal comma, because others of "
    "this column such as {sample} ({told}) can only be meant so",
    "column_read_decimal_point": "numbers such as {value} ({count}) were read with a decimal point, because others of "
    "this column such as {sample} ({told}) can only be meant so",
    "points_read_as_decimal": "numbers such as {value} ({count}) were read with a decimal point; "
    "if it separates thousands, say so by the setting decimal",
    "phone_without_country_code": "a country code at the beginning is safer, such as +49",
    # what the API would take, and an experienced eye stops at
    "phone_doubtful": "this does not look like a number that can be dialled; + and country code are safest",
    "postcode_unusual": "postcodes in {country} look like {expected}",
    "locker_not_said": "this looks like a locker of DHL; pick-up point is then TRUE in the same row",
    "weight_zero": "a weight of 0 kg is sent as it is; carriers may ask for the real one",
    "price_zero": "a price of 0 is sent as it is; the consumer would see that nothing is paid back",
    "promised_before_ordered": "this day is before the order date",
    "currency_differs": "the price is written in {found}, and the row says {expected}; it is sent in {expected}",
    "date_in_future": "this day is yet to come",
    "date_far_away": "this day is long past or far ahead; look at the year",
    "url_without_language": "without it the shop address chooses no localisation and the consumer gets no mail",
    "language_without_url": "without it the language chooses no localisation and the consumer gets no mail",
    "currency_mixed": "the other items of this order are priced in {expected}",
    "pickup_before_order": "this is before the day of the order",
    # what keeps an order's consumer from using the returns portal
    "portal_order_lost": "this order does not get in, so nobody can log in with its number",
    "portal_no_shipment": "no parcel of this order is in these files, so there is no e-mail to log in with",
    "portal_shipment_lost": "this parcel does not get in, so its e-mail opens nothing and its items cannot be chosen",
    "portal_email_missing": "without an e-mail on the parcel the consumer cannot log in",
    "portal_language_missing": "without a language the portal has none to show, and no mail is sent",
    "portal_url_missing": "without the shop address the portal has no localisation to show, and no mail is sent",
    "portal_no_items": "no item of this order is in these files, so there is nothing to choose",
    "portal_item_lost": "this item does not get in, so the consumer does not see it",
    "portal_product_lost": "this product does not get in, so the consumer does not see its items",
    "portal_picture_lost": "this picture does not get in, so the consumer does not see it",
    "portal_no_picture": "no picture of this product is in these files",
    "portal_nothing_returnable": "no item of this order is returnable, so there is nothing to choose",
    "portal_item_not_linked": "without its shipment this item cannot be chosen",
    "portal_bundle_not_linked": "other items of this bundle have a shipment; only together can they be returned",
    "portal_bundle_not_returnable": "other items of this bundle are returnable; only together can they be returned",
    # what was changed because it was asked for
    "repaired": "this was damaged and is read as {value}",
    "fixed": "read as {value}, as {file} says",
    # what became of a row on the server
    "refused": "the server refused it: {answer}",
    "already_there": "it is already on the server, and existing records are to fail",
    "already_there_unknown": "it is already on the server, but its number there could not be found out",
    "cannot_change": "the API has no way to change this once it is there",
    "gone_from_server": "the server no longer has it; run the same command again to create it anew",
    "blocked": "waits for {parent}, which was not imported",
    "blocked_missing": "waits for {entity} {value}, which is neither in this file nor on the server",
    "answer_lost": "sent, but the answer never arrived and the server could not say whether it is there; "
    "look for {entity} {value} on the server",
    "not_sent": "the run ended before its turn; the same command goes on",
    "try_later": "the server could not take it now ({answer}); the same command goes on",
    "skipped_existing": "it is already on the server and existing records are skipped",
    "dry_run": "dry run: this would be {status}",
    # who is at work
    "lease_holder": "{run} (process {pid} on {host}), since {since}",
    # what taking a person out does not reach
    "forget_not_rewritten": "it could not be rewritten ({why})",
    "forget_still_there": "{parts} in it still holds the address",
    "forget_copy": "a copy of the ledger as it was; delete it yourself",
    "forget_no_folder": "the report folder of run {run} is no longer there",
    "forget_file_gone": "{file} cannot be read any more as the run has read it, so lines about cells of "
    "this person were found only where they stand in a row, or a list, with the address",
    "forget_your_file": "your own file mentions the person in {count} rows",
    # what reading a record back came to
    "verify_not_in": "it did not get in",
    "verify_in_doubt": "a request for it was sent whose answer never came; run the same upload again",
    "verify_otherwise_read": "the row now gives other content than the run has sent; are the settings those of the run "
    "(time zone, decimal sign, clear word)?",
    "verify_other_run": "run {run} has the last word on it",
    "verify_left_alone": "it was left as it was",
    "verify_unknown": "it could not be looked up: {reason}",
    "current_no_pictures": "pictures cannot be read back; name the files of those that are to change",
    "current_gone": "the server no longer has it",
    "current_counted": "an equal line of its order is gone, and with it the number that this one is known by",
    "verify_not_shown": "the server does not show {columns}",
}

ONE: Mapping[str, str] = {
    "forget_your_file": "your own file mentions the person in 1 row",
}
"""The sentence of some codes where the fact `count` is 1."""

PLAIN_FACTS = frozenset(
    "characters choices column commas count country day_first entity example expected file found least month_first "
    "most places points status told year zone".split()
)
"""Facts that come from us and never repeat what a cell says."""


def text(code: str, facts: Mapping[str, str]) -> str:
    """The sentence for *code*, filled with *facts*; facts that the sentence does not use are ignored.

    Raises:
        KeyError: an unknown code, or a fact the sentence needs is absent (a mistake in our code).
    """
    sentence = ONE.get(code, TEXTS[code]) if facts.get("count") == "1" else TEXTS[code]
    return sentence.format_map(facts)


def discreet(code: str, facts: Mapping[str, str]) -> str:
    """The same sentence with an ellipsis for every fact that may repeat the words of a private cell."""
    return text(code, discreet_facts(facts))


def discreet_facts(facts: Mapping[str, str]) -> Mapping[str, str]:
    """*facts* without the words of a private cell."""
    return {name: fact if name in PLAIN_FACTS else "…" for name, fact in facts.items()}
