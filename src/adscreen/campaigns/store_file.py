"""The files of a store: one SQLite database, and the key of its contact hashes beside it.

SQLite, not DuckDB: it comes with Python, a batch is one transaction, somebody may look a contact up while another
process adds a batch (write-ahead log), and what is asked for is a few rows by their hash, not sums over all of them.
"""

from __future__ import annotations

import os
import sqlite3
from hashlib import blake2b
from pathlib import Path

import numpy as np

from adscreen.campaigns.features import signature
from adscreen.campaigns.store_key import KEY, key_id, read_key
from adscreen.errors import StoreError, UsageError

DATABASE = "campaigns.sqlite3"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x41445343  # "ADSC": what `file` shows, and how another SQLite database is told from a store
WAIT_SECONDS = 5.0
"""How long one waits for another process that is writing."""

_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE batches (batch INTEGER PRIMARY KEY, added_at TEXT NOT NULL, inputs TEXT NOT NULL, ads INTEGER NOT NULL,
    model_version TEXT NOT NULL);
CREATE TABLE texts (text INTEGER PRIMARY KEY, content BLOB NOT NULL UNIQUE, minhash BLOB NOT NULL,
    features BLOB NOT NULL);
CREATE TABLE ads (ad INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, batch INTEGER NOT NULL, text INTEGER NOT NULL,
    ad_id TEXT NOT NULL, campaign_id TEXT, company TEXT NOT NULL, image TEXT NOT NULL, language TEXT NOT NULL,
    destinations TEXT NOT NULL, source TEXT NOT NULL, channel TEXT NOT NULL, posted_at TEXT NOT NULL,
    heading TEXT NOT NULL, risk REAL, band TEXT NOT NULL, digest TEXT NOT NULL, kept BLOB NOT NULL);
CREATE INDEX ads_fingerprint ON ads (fingerprint);
CREATE INDEX ads_campaign ON ads (campaign_id);
CREATE TABLE contacts (contact INTEGER PRIMARY KEY, kind TEXT NOT NULL, hash TEXT NOT NULL, masked TEXT NOT NULL,
    common INTEGER NOT NULL DEFAULT 0, UNIQUE (hash, kind));
CREATE TABLE ad_contacts (ad INTEGER NOT NULL, place INTEGER NOT NULL, contact INTEGER NOT NULL,
    PRIMARY KEY (ad, place)) WITHOUT ROWID;
CREATE INDEX ad_contacts_contact ON ad_contacts (contact);
CREATE TABLE edges (low INTEGER NOT NULL, high INTEGER NOT NULL, reason TEXT NOT NULL, strength REAL NOT NULL,
    key TEXT NOT NULL, cut INTEGER NOT NULL);
CREATE TABLE names (campaign_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE changes (change INTEGER PRIMARY KEY, batch INTEGER NOT NULL, kind TEXT NOT NULL,
    campaign_id TEXT NOT NULL, other TEXT NOT NULL, ads INTEGER NOT NULL);
"""
_PROBE = "Waiter wanted in Lisbon, evening shifts, free meals and a room. 诚聘厨师,包吃包住,待遇优厚"


def open_for_writing(folder: Path) -> tuple[sqlite3.Connection, bytes]:
    """Open the store in `folder`, made if there is none, and begin the one transaction in which a batch is added.

    Returns
    -------
    connection : sqlite3.Connection
        Inside a transaction: nothing is kept unless it is committed.
    key : bytes

    Raises
    ------
    UsageError
        If the folder holds other things and no store.
    StoreError
        If the store cannot be used; the message says what to do.
    """
    database = folder / DATABASE
    is_new = not database.exists()
    if is_new:
        _prepare(folder)
    key = read_key(folder, may_make=is_new)
    if not is_new:
        _check_size(folder)
    try:
        connection = sqlite3.connect(database, timeout=WAIT_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise explained(folder, error) from error
    try:
        if is_new:
            database.chmod(0o600)
        _check_header(folder, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)
            facts = {"key": key_id(key), "signatures": _probe(), "common": "{}"}
            connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        _check_key(folder, connection, key)
        if _fact(connection, "signatures") != _probe():
            raise StoreError(
                f"{folder}: this store was made by an adscreen that reads words in another way, and its ads cannot be "
                "compared with new ones. Make a new store from the files: --update NEW_FOLDER"
            )
    except sqlite3.Error as error:
        connection.close()
        raise explained(folder, error) from error
    except BaseException:
        connection.close()
        raise
    return connection, key


def open_for_reading(folder: Path) -> tuple[sqlite3.Connection, bytes]:
    """Open the store in `folder` to look things up; errors as `open_for_writing`."""
    database = folder / DATABASE
    if not database.is_file():
        raise StoreError(
            f"{folder}: there is no store in this folder. Make one: adscreen campaigns --update {folder} ads.csv"
        )
    key = read_key(folder, may_make=False)
    _check_size(folder)
    # A store on a read-only disk has no log, and SQLite could not make the file that readers share.
    alone = not os.access(folder, os.W_OK) and not database.with_name(f"{DATABASE}-wal").exists()
    uri = f"{database.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            _check_header(folder, connection)
            if _version(connection) == 0:
                raise StoreError(f"{folder}: the store is empty. Add ads: adscreen campaigns --update {folder} ads.csv")
            _check_key(folder, connection, key)
            connection.execute("BEGIN")
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise explained(folder, error) from error
    return connection, key


def explained(folder: Path, error: sqlite3.Error) -> StoreError:
    """Return what an error of SQLite means for the user of the store."""
    text = str(error)
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError(
            f"{folder}: another process is writing to this store. Wait until it is done, then run again; "
            "nothing was changed."
        )
    if name.startswith("SQLITE_FULL"):
        return StoreError(
            f"{folder}: the disk is full. The store is as it was before this run. Free some space and run again."
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return StoreError(
            f"{folder}: the store cannot be written ({text}). Check the rights of the folder and its files."
        )
    return _damaged(folder, text)


def close_cleanly(connection: sqlite3.Connection) -> None:
    """Close a store that was written, with everything in its one file: the folder can be copied."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        pass  # somebody is reading: the log stays beside the file, and is part of the store
    finally:
        connection.close()


def _damaged(folder: Path, why: str) -> StoreError:
    return StoreError(
        f"{folder}: {DATABASE} is damaged or not whole ({why}). Put back a copy of the folder, or make a new store "
        "from the files: --update NEW_FOLDER"
    )


def _prepare(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--update {folder}: this is a file; a store is a folder.")
    others = [each.name for each in folder.iterdir() if each.name != KEY] if folder.exists() else []
    if others:
        raise UsageError(
            f"--update {folder}: this folder is no store, and holds other files ({sorted(others)[0]}). "
            "Name a new or an empty folder."
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: the folder cannot be made ({error.strerror}). Choose another place.") from error


def _check_size(folder: Path) -> None:
    """Refuse a database that is shorter than its header says: a copy that was cut off."""
    with (folder / DATABASE).open("rb") as file:
        header = file.read(100)
        size = os.fstat(file.fileno()).st_size
    if not header:
        return  # made and never written to
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise _damaged(folder, "no SQLite database")
    page = int.from_bytes(header[16:18], "big")
    page = 65_536 if page == 1 else page
    expected = page * int.from_bytes(header[28:32], "big")
    if header[24:28] == header[92:96] and size < expected:
        raise _damaged(folder, f"{size:,} of {expected:,} bytes")


def _check_header(folder: Path, connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = _version(connection)
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and tables:
        raise StoreError(f"{folder}: {DATABASE} is not a store of adscreen. Name another folder.")
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{folder}: this store was written by a newer adscreen (store version {version}; this one knows "
            f"{SCHEMA_VERSION}). Install that version or newer; nothing was changed."
        )


def _check_key(folder: Path, connection: sqlite3.Connection, key: bytes) -> None:
    if _fact(connection, "key") != key_id(key):
        raise StoreError(
            f"{folder}: {folder / KEY} is the key of another store. Put the right one back from a copy; with a wrong "
            "key no contact would be found again."
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _fact(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _probe() -> str:
    """Return a digest of what the signature of a fixed text is; it changes when words are read in another way."""
    made = signature([_PROBE])
    return blake2b(np.concatenate([made.minhash.ravel(), made.features]).tobytes(), digest_size=8).hexdigest()
