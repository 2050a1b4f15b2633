"""Accounts, runs and the pace they share."""

from datetime import UTC, datetime

import pytest
from ledgers import KNOWN

from importer.errors import WrongSettings
from importer.ledger import FileSeen, Ledger, RunRecord

# --- accounts -------------------------------------------------------------------------------------------------


def test_a_known_account_is_found_again(url):
    """The second run finds what the first has left; a slash at the end of the URL makes no difference."""
    with Ledger.open(url) as ledger:
        ledger.account("main", **KNOWN).settle("orders", "SO-1", 1, "4711", "d", "run-1")
    with Ledger.open(url) as ledger:
        account = ledger.account("main", **(KNOWN | {"base_url": "https://api.example/v2/"}))

        assert account.record("orders", "SO-1").server_id == "4711"


def test_another_access_key_is_not_taken_for_the_same_account(ledger, account):
    """Records of two accounts are never mixed up: the user has to say which account a new key opens."""
    account.confirm_key(KNOWN["key_print"])
    with pytest.raises(WrongSettings) as caught:
        ledger.account("main", **(KNOWN | {"key_print": "beef"}))

    assert str(caught.value) == (
        'account "main": the access key is not the one that the API has accepted before; look for a slip in it; if it '
        "opens another account, name that one (setting account); if it is a new key of the same account, set account = "
        '"main"'
    )
    assert ledger.account("main", **KNOWN).name == "main"


def test_a_named_account_may_change_its_access_key(ledger, account):
    """Once the user has named the account and the API has accepted the new key, that one is known."""
    account.confirm_key(KNOWN["key_print"])
    new = KNOWN | {"key_print": "beef"}
    account.settle("orders", "SO-1", 1, "4711", "d", "run-1")

    named = ledger.account("main", **(new | {"named": True}))
    named.confirm_key("beef")

    assert named.record("orders", "SO-1").server_id == "4711"
    assert ledger.account("main", **new).record("orders", "SO-1").server_id == "4711"


def test_a_slip_in_the_first_key_locks_nobody_out(ledger, account):
    """A key that the API has not accepted is not remembered: the right one is taken afterwards."""
    assert ledger.account("main", **(KNOWN | {"key_print": "beef"})).name == "main"


def test_the_test_system_is_not_taken_for_the_real_one(ledger, account):
    """The same name at another address is refused, named or not, and its key is not stored."""
    with pytest.raises(WrongSettings) as caught:
        ledger.account("main", base_url="https://test.example/v2", key_print="beef", named=True)

    assert str(caught.value) == (
        'account "main": the ledger knows it at https://api.example/v2, but base_url is https://test.example/v2; mend '
        "base_url, or give each its own name (setting account)"
    )
    assert ledger.account("main", **KNOWN).name == "main"


# --- runs -----------------------------------------------------------------------------------------------------

FILES = (FileSeen("june.xlsx", "ab" * 32, 4711, "/home/me/june.xlsx"), FileSeen("j\ufffdne.csv", "cd" * 32, 0))
STARTED = {"version": "0.1.0", "report_dir": "reports/run-1", "command": "upload june.xlsx"}


def test_a_run_is_in_the_history_from_its_start(ledger, account):
    """A run that was killed is told without an end; one that ended with its exit code and counts."""
    before = datetime.now(UTC)
    account.start_run("run-1", files=FILES, **STARTED)
    running = ledger.run("run-1")
    counts = {"orders": {"created": 3, "rejected": 1}, "shipments": {}}
    account.end_run("run-1", exit_code=3, counts=counts, requests=7, retries=2)
    ended = ledger.run("run-1")

    about = {"run_id": "run-1", "account": "main", "base_url": "https://api.example/v2", "files": FILES, **STARTED}
    started = {"started_at": running.started_at}
    nothing_yet = {"ended_at": None, "exit_code": None, "counts": {}, "requests": 0, "retries": 0}
    end = {"ended_at": ended.ended_at, "exit_code": 3, "counts": counts, "requests": 7, "retries": 2}
    assert running == RunRecord(**about, **started, **nothing_yet)
    assert ended == RunRecord(**about, **started, **end)
    assert before <= running.started_at <= ended.ended_at <= datetime.now(UTC)


def test_the_newest_runs_of_all_accounts_come_first(ledger, account):
    """History is told backwards, as far as it was asked for."""
    other = ledger.account("other", **KNOWN)
    for number, seller in enumerate((account, other, account, other)):
        seller.start_run(f"run-{number}", files=[], **STARTED)

    runs = ledger.runs(limit=3)

    assert [(run.run_id, run.account) for run in runs] == [("run-3", "other"), ("run-2", "main"), ("run-1", "other")]


def test_a_run_id_is_used_once(ledger, account):
    """A second run cannot take the name of another, in whichever account, and leaves that as it is."""
    account.start_run("run-1", files=FILES, **STARTED)
    first = ledger.run("run-1")
    with pytest.raises(WrongSettings) as caught:
        ledger.account("other", **KNOWN).start_run("run-1", files=[], **STARTED)

    assert str(caught.value) == 'run "run-1": there is a run of this name already; choose another one (--run-id)'
    assert ledger.run("run-1") == first


def test_an_unknown_run_is_none(ledger):
    """There is nothing to tell of a run that never was."""
    assert (ledger.run("run-1"), ledger.runs()) == (None, ())
