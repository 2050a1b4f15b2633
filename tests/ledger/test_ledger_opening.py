"""Opening a ledger: what is made, what is refused, and in which words."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ledgers import PATIENCE_S, account_in, intent, processes

from importer.errors import LedgerTrouble, WrongSettings
from importer.ledger import FileSeen, Ledger, migrating, sqlite, tables

HEAD = "0003"


def refusal(url, **others) -> str:
    """The sentence with which the ledger at *url* is refused."""
    with pytest.raises(LedgerTrouble) as caught:
        Ledger.open(url, **others)
    return str(caught.value)


# --- a new one ------------------------------------------------------------------------------------------------


def test_a_new_ledger_is_its_owners_alone(url, path):
    """File and folder are made, and no other user of the machine can look into them."""
    with account_in(url) as account:
        account.intend(intent("SO-1"))
        modes = {file.name: stat.filemode(file.stat().st_mode) for file in (path.parent, *path.parent.iterdir())}

    assert modes == {
        "state": "drwx------",
        "ledger.sqlite": "-rw-------",
        "ledger.sqlite-shm": "-rw-------",
        "ledger.sqlite-wal": "-rw-------",
    }


def test_a_folder_that_is_there_keeps_its_mode(tmp_path):
    """A folder of the user's is not closed to others because a ledger is put into it."""
    tmp_path.chmod(0o755)

    Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite").close()

    assert stat.filemode(tmp_path.stat().st_mode) == "drwxr-xr-x"


def test_the_migrations_lead_to_the_tables_we_use(ledger, path):
    """A ledger made by all migrations has exactly the tables, columns and indexes that the code relies on."""
    with sqlite.reading_engine(path).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_the_disk_has_to_confirm_every_commit(ledger, path):
    """The ledger is set up to survive a power cut, and so that reading and writing do not wait for each other."""
    writer = ledger._database.writer._driver
    (synchronous,) = writer.execute("PRAGMA synchronous").fetchone()
    (journal,) = writer.execute("PRAGMA journal_mode").fetchone()

    assert (synchronous, journal) == (2, "wal")


def test_opening_needs_no_file_but_the_package(tmp_path):
    """A ledger can be opened from any folder; no configuration is looked for there."""
    program = "from importer.ledger import Ledger; Ledger.open('sqlite:///here.sqlite').close()"
    root = Path(__file__).parents[2]

    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(root)}, check=True)

    assert [file.name for file in tmp_path.iterdir()] == ["here.sqlite"]


def open_and_intend(url, key):
    """A run that writes one intent."""
    with account_in(url) as account:
        account.intend(intent(key))


def test_many_processes_can_make_the_same_ledger(url):
    """Runs that start at the same moment make one ledger, not several, and none fails."""
    runs = [processes.Process(target=open_and_intend, args=(url, f"SO-{number}")) for number in range(8)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(PATIENCE_S)

    assert [run.exitcode for run in runs] == [0] * 8
    with account_in(url) as account:
        assert [record.key for record in account.in_doubt()] == [f"SO-{number}" for number in range(8)]


# --- an older or newer one ------------------------------------------------------------------------------------

NEXT = f"""
from alembic import op
from sqlalchemy import Column, Text

revision = "0998"
down_revision = "{HEAD}"


def upgrade():
    op.add_column("records", Column("colour", Text))
"""


@pytest.fixture
def scripts(tmp_path) -> Path:
    """The migrations of a later version of the importer."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrating.__file__).with_name("migrations"), folder)
    (folder / "versions" / "0998_next.py").write_text(NEXT)
    return folder


def test_an_older_ledger_is_copied_and_brought_up_to_date(url, path, scripts):
    """Before old tables are altered a complete copy is put beside them, as private as the ledger itself."""
    with account_in(url) as account:
        account.intend(intent("SO-1"))
    engine = sqlite.writing_engine(path)
    migrating.migrate(engine, path, str(scripts))
    engine.dispose()

    copy = path.with_name("ledger.sqlite.before-0998")
    assert (columns(path, "records")[-1], columns(copy, "records")[-1]) == ("colour", "link")
    assert stat.filemode(copy.stat().st_mode) == "-rw-------"
    with account_in(f"sqlite:///{copy}") as account:
        assert [record.key for record in account.in_doubt()] == ["SO-1"]


def test_a_run_of_before_paths_were_kept_is_told_without_them(url, path, tmp_path):
    """History of an older ledger stays readable: its files have names and digests, but no path."""
    first = tmp_path / "first"
    shutil.copytree(Path(migrating.__file__).with_name("migrations"), first)
    for later in ("0002_path_of_files.py", "0003_stamps.py"):
        (first / "versions" / later).unlink()
    path.parent.mkdir()
    engine = sqlite.writing_engine(path)
    migrating.migrate(engine, path, str(first))
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO accounts VALUES (1, 'main', 'https://api.example/v2', 'f00d', 0)")
        connection.execute("INSERT INTO runs VALUES ('old', 1, 'upload', '0.1', 'reports/old', 0, 0, 0, '{}', 1, 0)")
        connection.execute("INSERT INTO run_files VALUES ('old', 0, 'june.xlsx', 'abcd', 7)")

    with Ledger.open(url) as ledger:
        run = ledger.run("old")

    assert run is not None
    assert run.files == (FileSeen("june.xlsx", "abcd", 7, path=""),)


def columns(path, table) -> list[str]:
    """Names of the columns of *table*."""
    with closing(sqlite3.connect(path)) as connection:
        return [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]


def test_a_newer_ledger_is_left_alone(url, path):
    """A ledger of a later version is refused before anything in it is misunderstood."""
    Ledger.open(url).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")

    assert refusal(url) == (
        f"ledger {path}: a newer importer has written it (version 0999 of the tables, this one knows up to {HEAD}); "
        "install the newest importer"
    )


# --- what is no ledger, or no longer --------------------------------------------------------------------------

DAMAGED = "the file is damaged; put a copy of it back, since a new ledger would not know what was sent"
LOCKED_OUT = "it cannot be opened or written; see that it is a file, and that you may write it and its folder"


def test_a_damaged_ledger_is_refused(url, path):
    """A ledger whose file was overwritten in its midst is not used, and its owner is told what is at stake."""
    with account_in(url) as account:
        for number in range(30):
            account.intend(intent(f"SO-{number}", payload="x" * 1500))
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)

    assert refusal(url) == f"ledger {path}: {DAMAGED}"


def test_a_ledger_that_was_cut_short_is_refused(url, path):
    """A ledger that was copied only in part is noticed when it is opened, not in the midst of a run."""
    Ledger.open(url).close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)

    assert refusal(url) == f"ledger {path}: {DAMAGED}"


def test_another_kind_of_file_is_left_alone(tmp_path):
    """A file that is no database is refused and stays as it is."""
    file = tmp_path / "orders.csv"
    file.write_text("order_id;order_date\n" * 100)

    assert refusal(f"sqlite:///{file}") == f"ledger {file}: this is not a ledger; name another file"
    assert file.read_text() == "order_id;order_date\n" * 100


def test_somebody_elses_database_is_left_alone(tmp_path):
    """A database of another program is refused and stays as it is."""
    file = tmp_path / "photos.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    before = file.read_bytes()

    assert refusal(f"sqlite:///{file}") == f"ledger {file}: this is a database, but not a ledger; name another file"
    assert file.read_bytes() == before


def test_a_folder_is_no_ledger(tmp_path):
    """Naming a folder instead of a file is told in a sentence."""
    assert refusal(f"sqlite:///{tmp_path}") == f"ledger {tmp_path}: {LOCKED_OUT}"


def test_a_ledger_that_cannot_be_written_is_refused_at_once(disk):
    """On a disk that is locked the run ends before anything is sent."""
    url = f"sqlite:///{disk.path}/ledger.sqlite"
    Ledger.open(url).close()
    disk.lock()

    assert refusal(url) == f"ledger {disk.path}/ledger.sqlite: {LOCKED_OUT}"


def test_a_ledger_cannot_be_made_on_a_locked_disk(disk):
    """A folder that cannot be made is told in a sentence, too."""
    disk.lock()

    file = disk.path / "state" / "ledger.sqlite"
    assert refusal(f"sqlite:///{file}") == f"ledger {file}: {LOCKED_OUT} (Read-only file system)"


# --- network shares -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_network_share_is_refused(tmp_path, kind):
    """No ledger is kept where locks do not work, even if the folder's name has blanks."""
    share = tmp_path / "our share"
    mounts = tmp_path / "mounts"
    place = str(share).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/export {place} {kind} rw 0 0\ntmpfs /run tmpfs rw 0 0\n")

    file = share / "state" / "ledger.sqlite"
    assert refusal(f"sqlite:///{file}", mounts=mounts) == (
        f"ledger {file}: the folder is on a network share ({kind}), where several machines can damage it; name a file "
        "on a disk of this machine"
    )
    assert not share.exists()


def test_a_disk_inside_a_network_share_is_fine(tmp_path):
    """What counts is the innermost disk, and of several in one place the last."""
    share = tmp_path / "share"
    mounts = tmp_path / "mounts"
    lines = (
        f"server:/export {tmp_path} nfs rw 0 0",
        f"server:/old {share} nfs rw 0 0",
        f"/dev/sdb1 {share} ext4 rw 0 0",
    )
    mounts.write_text("\n".join(lines))

    Ledger.open(f"sqlite:///{share}/ledger.sqlite", mounts=mounts).close()

    assert [file.name for file in share.iterdir()] == ["ledger.sqlite"]


def test_a_system_without_a_list_of_disks_is_trusted(url, tmp_path):
    """Where the system does not tell what a folder is, the ledger is opened."""
    Ledger.open(url, mounts=tmp_path / "none").close()


# --- addresses ------------------------------------------------------------------------------------------------

WANTED = "a URL like sqlite:////home/me/ledger.sqlite is wanted (setting ledger, option --ledger)"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ledger.sqlite", f"the ledger's address cannot be understood: {WANTED}"),
        ("", f"the ledger's address cannot be understood: {WANTED}"),
        ("postgresql://me:secret@db/ledger", f'no ledger can be kept in "postgresql": {WANTED}'),
        ("sqlite://", f"the ledger has to be a file that outlives the run: {WANTED}"),
        ("sqlite:///:memory:", f"the ledger has to be a file that outlives the run: {WANTED}"),
        ("sqlite:///file:a?mode=memory&uri=true", f"the ledger has to be a file that outlives the run: {WANTED}"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(url, sentence):
    """The sentence says what an address looks like, and never repeats one, which may hold a password."""
    with pytest.raises(WrongSettings) as caught:
        Ledger.open(url)

    assert str(caught.value) == sentence
