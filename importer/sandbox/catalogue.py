"""What the account is given by the vendor and can only read: its carriers and its warehouses."""

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, json_answer
from schemas import carriers as shipped

WAREHOUSES = (
    {"name": "Warehouse 1", "country": {"name": "Germany", "iso2": "de"}},
    {"name": "Primary Warehouse", "country": {"name": "Germany", "iso2": "de"}},
)
"""In the shape of 2017; today's is not known.  They are set up in the vendor's portal, not by the API."""


def carriers(account: Account) -> Answer:
    """GET of the account's carriers, in either of the two known shapes."""
    table = shipped.table() if account.options.carriers is None else account.options.carriers
    countries: dict[str, list[str]] = {}
    for country, codes in table.items():
        for code in codes:
            countries.setdefault(code, []).append(country)
    if account.options.carriers_shape == "2018":
        return json_answer(200, [{"code": code, "countries": found} for code, found in countries.items()])
    old_shape = [
        {"carrier": code, "label": code, "allowedCountries": [country.lower() for country in found]}
        for code, found in countries.items()
    ]
    return json_answer(200, old_shape)


def warehouses() -> Answer:
    """GET of the account's warehouses."""
    return json_answer(200, WAREHOUSES)
