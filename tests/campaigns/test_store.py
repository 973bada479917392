"""A store of campaigns: names stay, nothing is lost, and no contact is in it."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib

import numpy as np
import pytest

from adscreen.campaigns.campaign_ids import Change
from adscreen.campaigns.grouping import group
from adscreen.campaigns.pivot import contacts_asked_for, find_contact
from adscreen.campaigns.store_file import DATABASE
from adscreen.campaigns.store_key import KEY
from adscreen.campaigns.store_reader import StoreReader
from adscreen.campaigns.store_writer import StoreWriter
from adscreen.errors import StoreError, UsageError

from .conftest import batch_of, make_ads


def add(folder, ads):
    with StoreWriter(folder) as store:
        added = store.add(batch_of(ads, store.key))
        update = store.commit(added_at="2026-01-01", inputs=["ads.csv"], model_version="test-1")
    return added, update


def campaigns_in(folder):
    with StoreReader(folder) as store:
        ads = store.ledger().ads
    return dict(zip(ads["ad_id"], ads["campaign_id"], strict=True))


@pytest.fixture
def store(tmp_path):
    add(tmp_path / "store", make_ads(4))
    return tmp_path / "store"


def test_each_lure_is_a_campaign_and_honest_ads_are_on_their_own(store):
    found = campaigns_in(store)
    by_lure = {lang: {found[f"{lang}-{i}"] for i in range(4)} for lang in ("en", "zh", "vi")}
    assert all(len(names) == 1 for names in by_lure.values())
    assert len(set.union(*by_lure.values())) == 3
    assert [found[f"honest-{i}"] for i in range(3)] == [None] * 3


def test_adding_a_batch_keeps_the_names(store):
    before = campaigns_in(store)
    added, update = add(store, make_ads(4, start=4))
    after = campaigns_in(store)
    assert {ad: after[ad] for ad in before} == before
    assert after["en-7"] == before["en-0"]
    assert (added.new, update.changes) == (12, [])


def test_a_row_that_is_in_the_store_is_not_added_again(store):
    ads = make_ads(4)
    added, _ = add(store, ads)
    assert (added.new, added.ads) == (0, list(range(1, len(ads) + 1)))
    assert len(campaigns_in(store)) == len(ads)


def test_two_rows_alike_in_one_batch_are_two_ads(tmp_path):
    ads = make_ads(1).iloc[[0, 0]].reset_index(drop=True)
    added, _ = add(tmp_path / "store", ads)
    assert added.ads == [1, 2]


def test_batches_give_the_groups_of_one_run(tmp_path):
    ads = make_ads(9)
    for part in np.array_split(np.random.default_rng(3).permutation(len(ads)), 4):
        add(tmp_path / "store", ads.iloc[part].reset_index(drop=True))
    found = campaigns_in(tmp_path / "store")
    batch = batch_of(ads)
    labels = group(batch.signatures, batch.contacts).labels
    pairs = {(found[ad], label) for ad, label in zip(ads["ad_id"], labels.tolist(), strict=True)}
    assert len(pairs) == len({name for name, _ in pairs}) == len(set(labels.tolist()))


def test_a_merge_is_logged(tmp_path):
    folder = tmp_path / "store"
    ads = make_ads(3)
    add(folder, ads[ads["ad_id"].str.startswith(("en", "zh"))].reset_index(drop=True))
    before = campaigns_in(folder)
    with sqlite3.connect(folder / DATABASE) as db:  # as if the zh ads had been two campaigns until now
        db.execute("UPDATE ads SET campaign_id = 'c-other' WHERE ad_id = 'zh-2'")
    _, update = add(folder, make_ads(1, start=8))
    assert Change("merged", "c-other", before["zh-0"], 1) in update.changes
    with StoreReader(folder) as store:
        assert store.history()[-1]["changes"] == [change._asdict() for change in update.changes]


def test_no_contact_is_in_the_files_of_a_store(store):
    content = b"".join(path.read_bytes() for path in store.iterdir())
    with sqlite3.connect(store / DATABASE) as db:
        kept = [row[0] for row in db.execute("SELECT kept FROM ads")]
    texts = content + b"".join(zlib.decompress(packed) for packed in kept)
    for contact in ("boss_0_ex", "boss_1_ex", "12 345 610", "12345610", "345 61"):
        assert contact.encode() not in texts


def test_only_the_owner_may_read_a_store(store):
    assert (store / KEY).stat().st_mode & 0o777 == 0o600
    assert (store / DATABASE).stat().st_mode & 0o777 == 0o600
    assert store.stat().st_mode & 0o777 == 0o700


def test_a_copy_of_the_folder_is_a_store(store, tmp_path):
    shutil.copytree(store, tmp_path / "copy")
    assert campaigns_in(tmp_path / "copy") == campaigns_in(store)


@pytest.mark.parametrize(
    "query",
    ["+855 12 345 610", "00855 12-345-610", "(+855) 12345610", "855 12 345 610", "٠٠٨٥٥١٢٣٤٥٦١٠", "tel:+85512345610"],
)
def test_a_number_is_found_in_any_notation(store, query):
    with StoreReader(store) as reader:
        found = find_contact(reader, query)
    assert found.contacts == [("phone", "+855 ** *** *10", 2, False)]
    assert found.ads["ad_id"].tolist() == ["vi-0", "vi-2"]
    assert list(found.campaigns.values()) == [2]


@pytest.mark.parametrize(
    "query", ["@en_boss_1_ex", "en_boss_1_ex", "https://t.me/en_boss_1_ex", "telegram: en_boss_1_ex"]
)
def test_a_handle_is_found_however_it_is_written(store, query):
    with StoreReader(store) as reader:
        assert find_contact(reader, query).ads["ad_id"].tolist() == ["en-1", "en-3"]


def test_a_contact_that_no_ad_gives_is_not_found(store):
    with StoreReader(store) as reader:
        found = find_contact(reader, "+855 99 999 999")
    assert (found.contacts, len(found.ads), found.campaigns) == ([], 0, {})


def test_a_national_number_needs_its_country():
    assert contacts_asked_for("012 345 610", "KH")[0] == ("phone", "+85512345610")


def test_what_is_no_contact_is_refused(store):
    with StoreReader(store) as reader, pytest.raises(UsageError) as error:
        find_contact(reader, "no contact at all")
    assert str(error.value) == (
        "find 'no contact at all': this is no phone number, handle, e-mail address, domain, link, wallet or bank "
        "account. Examples: '+855 12 345 678', 012345678 --country KH, @name, name@example.org, example.org"
    )


# What can be wrong with a store.


def message_of(open_, folder):
    with pytest.raises((StoreError, UsageError)) as error, open_(folder):
        pass
    return str(error.value)


def test_a_store_by_a_newer_version_is_refused(store):
    with sqlite3.connect(store / DATABASE) as db:
        db.execute("PRAGMA user_version = 9")
    expected = (
        f"{store}: this store was written by a newer adscreen (store version 9; this one knows 1). Install that "
        "version or newer; nothing was changed."
    )
    assert message_of(StoreWriter, store) == expected
    assert message_of(StoreReader, store) == expected


def test_a_store_locked_by_another_process_says_so(store, monkeypatch):
    monkeypatch.setattr("adscreen.campaigns.store_file.WAIT_SECONDS", 0.1)
    with StoreWriter(store):
        assert message_of(StoreWriter, store) == (
            f"{store}: another process is writing to this store. Wait until it is done, then run again; nothing was "
            "changed."
        )


def test_contacts_can_be_looked_up_while_another_process_adds_ads(store):
    with StoreWriter(store) as writer:
        writer.add(batch_of(make_ads(3, start=20), writer.key))
        assert len(campaigns_in(store)) == 15


def test_a_store_that_was_cut_off_is_refused_and_not_touched(store):
    path = store / DATABASE
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    expected = (
        f"{store}: {DATABASE} is damaged or not whole ({len(whole) // 2:,} of {len(whole):,} bytes). Put back a copy "
        "of the folder, or make a new store from the files: --update NEW_FOLDER"
    )
    assert message_of(StoreReader, store) == expected
    assert message_of(StoreWriter, store) == expected
    assert path.read_bytes() == whole[: len(whole) // 2]


def test_a_damaged_page_is_told_as_such(store):
    path = store / DATABASE
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert message_of(StoreWriter, store).startswith(f"{store}: {DATABASE} is damaged or not whole (")


def test_what_is_no_database_is_refused(store):
    (store / DATABASE).write_text("ad_id,text\n" * 50)
    assert message_of(StoreReader, store) == (
        f"{store}: {DATABASE} is damaged or not whole (no SQLite database). Put back a copy of the folder, or make a "
        "new store from the files: --update NEW_FOLDER"
    )


def test_a_database_of_somebody_else_is_refused(store):
    (store / DATABASE).unlink()
    with sqlite3.connect(store / DATABASE) as db:
        db.execute("CREATE TABLE moz_places (id INTEGER)")
    assert message_of(StoreWriter, store) == f"{store}: {DATABASE} is not a store of adscreen. Name another folder."


def test_a_store_without_its_key_is_refused(store):
    (store / KEY).unlink()
    assert message_of(StoreWriter, store) == (
        f"{store}: the key of this store is missing ({store / KEY}). Without it no contact can be compared with those "
        "kept. Put the file back from a copy, or make a new store from the files: --update NEW_FOLDER"
    )


def test_the_key_of_another_store_is_refused(store):
    (store / KEY).write_text("ab" * 32)
    assert message_of(StoreReader, store) == (
        f"{store}: {store / KEY} is the key of another store. Put the right one back from a copy; with a wrong key no "
        "contact would be found again."
    )


def test_a_broken_key_is_refused(store):
    (store / KEY).write_text("no hexadecimal digits")
    assert message_of(StoreReader, store) == (
        f"{store}: {store / KEY} is not the key of a store. Put the file back from a copy."
    )


def test_a_folder_of_other_files_is_no_store(tmp_path):
    (tmp_path / "ads.csv").write_text("text\n")
    assert message_of(StoreWriter, tmp_path) == (
        f"--update {tmp_path}: this folder is no store, and holds other files (ads.csv). Name a new or an empty folder."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["ads.csv"]


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "store").write_text("")
    assert message_of(StoreWriter, tmp_path / "store") == (
        f"--update {tmp_path / 'store'}: this is a file; a store is a folder."
    )


def test_there_is_nothing_to_look_up_in_a_folder_without_a_store(tmp_path):
    assert message_of(StoreReader, tmp_path) == (
        f"{tmp_path}: there is no store in this folder. Make one: adscreen campaigns --update {tmp_path} ads.csv"
    )


def test_a_store_whose_words_were_read_in_another_way_takes_no_ads(store):
    with sqlite3.connect(store / DATABASE) as db:
        db.execute("UPDATE facts SET value = 'older' WHERE name = 'signatures'")
    assert message_of(StoreWriter, store) == (
        f"{store}: this store was made by an adscreen that reads words in another way, and its ads cannot be compared "
        "with new ones. Make a new store from the files: --update NEW_FOLDER"
    )


def test_a_run_that_fails_changes_nothing(store):
    before = campaigns_in(store)

    def fail():
        with StoreWriter(store) as writer:
            writer.add(batch_of(make_ads(3, start=9), writer.key))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert campaigns_in(store) == before


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from tests.campaigns.conftest import batch_of, make_ads
from adscreen.campaigns.store_writer import StoreWriter
with StoreWriter(Path({folder!r})) as store:
    for first in range(100, 10_000, 100):
        store.add(batch_of(make_ads(100, start=first), store.key))
        print(first, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_process_killed_in_the_middle_of_a_write_loses_nothing(store, request):
    before = campaigns_in(store)
    script = KILLED.format(tests=str(request.config.rootpath), folder=str(store))
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert campaigns_in(store) == before
    add(store, make_ads(4, start=4))  # the next run goes on as if nothing had been
    assert len(campaigns_in(store)) == len(before) + 12
    with sqlite3.connect(store / DATABASE) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_store_without_ads_has_no_campaigns(tmp_path):
    with StoreWriter(tmp_path / "store") as store:
        store.commit(added_at="2026-01-01", inputs=[], model_version="test-1")
    assert campaigns_in(tmp_path / "store") == {}
    with StoreReader(tmp_path / "store") as reader:
        assert json.dumps(reader.history()) == "[]"
