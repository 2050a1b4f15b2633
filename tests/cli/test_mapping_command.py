"""`importer mapping` and `--mapping`: from an unknown file to a profile, and from the profile to an import."""

EXPORT = "Auftragsnr;Bestell Datum;Zahlungsart\nA-1;31.01.2026;PayPal\nA-2;heute;PayPal\n"


def test_a_proposed_profile_is_checked_with_at_once(command, tmp_path):
    """What the importer proposes for an export can be used as it is; mistakes are told in the export's own cells."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")

    assert command("mapping", "export.csv", "--entity", "orders", "--out", "shop.toml") == (0, "shop.toml\n", "")
    said = command("check", "export.csv", "--mapping", "shop.toml")

    assert said.code == 3
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0] == (
        "export.csv: 2 rows (read as UTF-8, separated by semicolons; led to Orders by shop.toml; not used: Zahlungsart)"
    )
    assert lines[2] == (
        'export.csv!B3: order_date "heute": a date is wanted, such as 2026-01-31 or 2026-01-31T10:00:00+01:00'
    )


def test_a_proposal_goes_to_the_terminal_and_overwrites_nothing(command, tmp_path):
    """Without --out the profile is shown; a profile that is there is never written over."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "shop.toml").write_text("mine", encoding="utf-8")

    shown = command("mapping", "export.csv", "--entity", "orders")
    refused = command("mapping", "export.csv", "--out", "shop.toml")

    assert (shown.code, shown.err) == (0, "")
    assert 'order_id = "Auftragsnr"' in shown.out
    assert refused == (
        2,
        "",
        "importer: shop.toml is there already; give another name, or take it away first.\n",
    )
    assert (tmp_path / "shop.toml").read_text(encoding="utf-8") == "mine"


def test_a_profile_that_does_not_fit_is_wrong_usage(command, tmp_path):
    """The command ends with exit code 2 and one sentence with the key of the profile."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "shop.toml").write_text(
        '[sheets.orders]\nfile = "export.csv"\ncolumns.order_id = "Auftragsnnr"\n', encoding="utf-8"
    )

    assert command("check", "export.csv", "--mapping", "shop.toml") == (
        2,
        "",
        (
            'importer: shop.toml › sheets.orders.columns.order_id: in export.csv there is no column "Auftragsnnr". '
            "Did you mean Auftragsnr?\n"
        ),
    )


def test_a_mapped_run_is_uploaded_and_verified(online, sandbox, tmp_path):
    """The table at the end says which sheet of ours a file was led to, and verify reads it with the same profile."""
    (tmp_path / "export.csv").write_text("Nummer,Text\n1,Shirt\n2,Hose\n", encoding="utf-8")
    (tmp_path / "shop.toml").write_text(
        '[sheets.products]\nfile = "export.csv"\ncolumns = { sku = "X-{Nummer}", customs_description = "Text" }\n',
        encoding="utf-8",
    )

    uploaded = online("upload", "export.csv", "--mapping", "shop.toml", "--run-id", "one")
    verified = online("verify", "one", "--mapping", "shop.toml")

    assert (uploaded.code, verified.code) == (0, 0)
    assert uploaded.out.splitlines()[:3] == [
        "About 2 requests (Products 2): less than a minute.",
        "                       rows  created",
        "export.csv (Products)     2        2",
    ]
    assert sorted((one["sku"], one["customs_description"]) for one in sandbox.state()["products"]) == [
        ("X-1", "Shirt"),
        ("X-2", "Hose"),
    ]
