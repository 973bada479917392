"""The short way, each different ad judged once, equals the long way."""

import contextlib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.readers import read_ads
from adscreen.ads.readers.parts import stem_and_format
from adscreen.ads.schema import AD_FIELDS
from adscreen.errors import AdscreenError
from adscreen.scoring.duplicates import DECIDING_FIELDS, score_once

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
COOK = "Cook for a hotel kitchen in Doha, shift work, apply with your CV to the personnel office"
LURE = "诚聘柬埔寨客服,打字就行,机票食宿全包,月薪两万,老板直招,加飞机 @boss_ex"


class Counting:
    """A scorer that remembers how many ads it was given."""

    def __init__(self, scorer):
        self.scorer = scorer
        self.judged = 0

    def score(self, ads):
        self.judged += len(ads)
        return self.scorer.score(ads)


def assert_equal_to_the_long_way(scorer, ads):
    short, long = score_once(scorer, ads), scorer.score(ads)
    pd.testing.assert_frame_equal(short, long)


def test_ads_that_say_the_same_are_judged_once(scorer):
    counting = Counting(scorer)
    ads = pd.DataFrame({"ad_id": list("abcde"), "description": [COOK, LURE, COOK, COOK, LURE]})
    results = score_once(counting, ads)
    assert counting.judged == 2
    assert results["ad_id"].tolist() == list("abcde")
    pd.testing.assert_frame_equal(results, scorer.score(ads))


@pytest.mark.parametrize("field", DECIDING_FIELDS)
def test_ads_that_differ_in_a_field_that_counts_are_judged_each(scorer, field):
    counting = Counting(scorer)
    ads = pd.DataFrame({"description": [COOK] * 2, field: ["Kitchen in Doha", "Kitchen in Manama"]})
    score_once(counting, ads)
    assert counting.judged == 2


def test_ads_that_differ_only_in_blanks_are_judged_each_as_their_offsets_differ(scorer):
    counting = Counting(scorer)
    score_once(counting, pd.DataFrame({"description": [LURE, " " + LURE]}))
    assert counting.judged == 2


def test_the_index_of_the_ads_is_kept(scorer):
    ads = pd.DataFrame({"description": [COOK, LURE, COOK]}, index=[7, 3, 9])
    assert_equal_to_the_long_way(scorer, ads)


def test_no_ads_give_no_results(scorer):
    assert_equal_to_the_long_way(scorer, pd.DataFrame({"description": pd.Series([], dtype="str")}))


def test_the_sample_repeated_gives_the_same_as_the_long_way(scorer, sample):
    ads = sample.rename(columns={"id": "ad_id", "text": "description"})[["ad_id", "description"]]
    assert_equal_to_the_long_way(scorer, pd.concat([ads, ads.iloc[::-2]], ignore_index=True))


values = st.sampled_from([COOK, LURE, "", "hi", "+974 5555 0100"]) | st.text(max_size=30)


@settings(max_examples=40)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(AD_FIELDS, values)), max_size=6), st.integers(1, 3))
def test_any_ads_give_the_same_as_the_long_way(scorer, ads, copies):
    others = {name for ad in ads for name in ad} - {"description"}
    frame = pd.DataFrame(ads * copies, columns=["description", *sorted(others)])
    assert_equal_to_the_long_way(scorer, frame)


def real_ads(folder, rows=300):
    """The first ads of every file of the real data that has a column of text."""
    for path in sorted(folder.rglob("*")):
        if stem_and_format(path.name)[1] and path.is_file():
            with contextlib.suppress(AdscreenError):
                yield path.name, next(read_ads(path, chunk_rows=rows))


@pytest.mark.shared
def test_real_ads_give_the_same_as_the_long_way(scorer):
    if not SHARED.is_dir():
        pytest.skip(f"the real data is not here: no folder {SHARED}")
    names = []
    for name, ads in real_ads(SHARED):
        assert_equal_to_the_long_way(scorer, pd.concat([ads, ads.iloc[::3]], ignore_index=True))
        names.append(name)
    assert names
