"""Names in the environment that look like settings and are none."""

import json

import pytest

ORDERS = "order_id,order_date\nSO-1,2026-01-31T10:00:00Z\n"


@pytest.fixture
def warned(command, tmp_path, monkeypatch):
    """Check one order with the environment given; the exit code and the messages of the log lines."""
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")

    def check(*options, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        said = command("check", "orders.csv", "--log-format", "json", *options)
        return said.code, [json.loads(line)["message"] for line in said.err.splitlines()]

    return check


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("IMPORTER_WORKER", "IMPORTER_WORKER is no setting and does nothing; did you mean IMPORTER_WORKERS?"),
        ("importer_baseurl", "importer_baseurl is no setting and does nothing; did you mean IMPORTER_BASE_URL?"),
        ("IMPORTER_API_TRIES", "IMPORTER_API_TRIES is no setting and does nothing; did you mean IMPORTER_API__TRIES?"),
        ("IMPORTER_PROFIL", "IMPORTER_PROFIL is no setting and does nothing; did you mean IMPORTER_PROFILE?"),
        ("IMPORTER_XYZ", "IMPORTER_XYZ is no setting and does nothing"),
    ],
)
def test_a_slip_in_the_environment_is_warned_of(warned, name, sentence):
    """A name that is no setting is said once, with the setting that may have been meant, and the command goes on."""
    assert warned(**{name: "4"}) == (0, [sentence])


def test_a_slip_in_the_name_of_the_key_does_not_tell_the_key(warned):
    """The access key under a wrong name is not shown."""
    assert warned(IMPORTER_ACESS_KEY="s3cret") == (
        0,
        ["IMPORTER_ACESS_KEY is no setting and does nothing; did you mean IMPORTER_ACCESS_KEY?"],
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IMPORTER_WORKERS", "4"),
        ("importer_workers", "4"),
        ("IMPORTER_API__TRIES", "3"),
        ("IMPORTER_API__LOOKUPS__PRODUCTS", "no"),
        ("IMPORTER_API__PATHS__ORDERS", "/orders"),
        ("IMPORTER_TRACEBACK", "1"),
        ("IMPORTER_WORKER", ""),
        ("IMPORTER_SERVICE_HOST", "10.0.0.1"),
        ("IMPORTER_PORT_80_TCP_ADDR", "10.0.0.1"),
    ],
)
def test_what_is_meant_so_is_not_warned_of(warned, name, value):
    """Settings, our other names, blanks, and what Kubernetes sets for a service called "importer" pass silently."""
    assert warned(**{name: value}) == (0, [])


def test_a_quiet_command_does_not_warn(warned):
    """`--quiet` leaves the warning out."""
    assert warned("--quiet", IMPORTER_WORKER="4") == (0, [])
