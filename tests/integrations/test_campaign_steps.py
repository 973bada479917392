"""What executors do to find campaigns, without Spark: nothing depends on how the rows are cut into batches."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from adscreen.ads.schema import conform
from adscreen.campaigns.batch import read_grouped
from adscreen.campaigns.candidates import BANDS
from adscreen.campaigns.similarity import rarity
from adscreen.integrations import campaign_steps as steps

KEY = b"a key of sixteen bytes or more"
TEXTS = [
    "Hiring chat operators in Bavet, free flight and visa, Telegram @hr_bavet_ex",
    "招聘客服人员，包吃包住，月薪八千，无需经验，办理护照",
    "Требуются сварщики на завод, жильё и питание бесплатно, оплата каждую неделю",
    "",
    "Cook",
    "Hiring chat operators in Bavet, free flight and visa, Telegram @hr_other_ex",
]


def features(texts, **others):
    batch = pa.RecordBatch.from_pydict({"description": texts, **others})
    return next(steps.read_features([batch], ["description", *others], [], KEY))


def test_features_are_those_that_a_batch_is_kept_by():
    ads = conform(pd.DataFrame({"description": TEXTS}))
    read = read_grouped(ads, KEY)
    got = features(TEXTS)
    values, bounds = steps.unpack(got.column("features"), np.uint32)
    assert [values[a:b].tolist() for a, b in pairwise(bounds)] == [
        read.signatures.of(row).tolist() if row not in (3, 4) else [] for row in range(len(TEXTS))
    ]
    assert got.column("digest").to_pylist() == read.digests
    assert got.column("contacts")[0].as_py() == [{"kind": "telegram", "hash": read.contacts[0][0].hash}]


def test_ads_that_differ_in_what_varies_have_one_content():
    content = features(TEXTS).column("content").to_pylist()
    assert content[0] == content[5]
    assert content[3] is content[4] is None
    assert len({*content[:3]}) == 3


def test_ads_without_text_have_one_content_if_they_have_the_same_contacts():
    content = features(["@hr_linda_ex", "@hr_linda_ex", "@hr_other_ex"]).column("content").to_pylist()
    assert content[0] == content[1] != content[2]


def test_a_shared_image_is_a_contact():
    got = features(TEXTS[1:3], image_hash=["f00d", "f00d"])
    one, other = got.column("contacts").to_pylist()
    assert one == other
    assert [each["kind"] for each in one] == ["image"]


def test_a_row_that_cannot_be_read_has_nothing_but_an_id():
    broken = pa.array([TEXTS[0].encode(), b"Job \xff"], pa.binary()).view(pa.string())
    got = features(broken)
    assert got.column("readable").to_pylist() == [True, False]
    assert got.column("content")[1].as_py() is None
    assert got.column("ad_id")[1].as_py().startswith("ad-")


def test_numbers_come_back_from_slices_and_chunks_of_a_binary_column():
    column = pa.array([b"", np.array([1, 2], np.uint32).tobytes(), np.array([3], np.uint32).tobytes(), b""])
    for wide in (pa.binary(), pa.large_binary()):
        chunks = pa.chunked_array([column.cast(wide)[1:], column.cast(wide)[:0], column.cast(wide)[:2]])
        values, bounds = steps.unpack(chunks, np.uint32)
        assert values.tolist() == [1, 2, 3, 1, 2]
        assert bounds.tolist() == [0, 2, 3, 3, 3, 5]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_candidates_do_not_depend_on_the_size_of_batches(size):
    got = features([TEXTS[0], TEXTS[0] + " tomorrow morning", TEXTS[2]])
    nodes = pa.record_batch({"node": [10, 20, 30], "bands": got.column("bands")})
    rows = pa.Table.from_batches(list(steps.list_bands([nodes])))
    assert rows.num_rows == 3 * BANDS
    rows = rows.sort_by([("band", "ascending"), ("key", "ascending"), ("node", "ascending")])
    pairs = pa.Table.from_batches(list(steps.candidate_pairs(rows.to_batches(max_chunksize=size))))
    assert set(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True)) == {(10, 20)}
    keys = steps.unpack(got.column("bands"), np.uint64)[0].reshape(3, BANDS)
    assert len(pairs) == (keys[0] == keys[1]).sum() > 5


def test_counts_of_batches_add_up():
    got = features(TEXTS)
    whole = pa.Table.from_batches(list(steps.count_by_place([got])))
    split = pa.Table.from_batches(list(steps.count_by_place([got.slice(0, 2), got.slice(2)])))
    assert whole.equals(split)
    assert max(whole["n"].to_pylist()) == 2


def test_only_pairs_that_may_be_one_text_pass():
    own = features([TEXTS[0], TEXTS[5], TEXTS[2]]).column("features")
    weights = rarity(np.zeros(2**22, np.uint32), 3)
    pairs = pa.record_batch(
        {
            "left": [0, 0],
            "right": [1, 2],
            "band": pa.array([4, 5], pa.int16()),
            "key": [7, -8],
            "left_features": own.take(pa.array([0, 0])),
            "right_features": own.take(pa.array([1, 2])),
        }
    )
    (got,) = steps.verified([pairs], weights)
    (pair,) = got.to_pylist()
    assert pair == {"left": 0, "right": 1, "band": 4, "key": 7, "strength": pytest.approx(1.0)}
