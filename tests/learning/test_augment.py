"""Cropped copies: a long ad also seen as the short post it might have been."""

import numpy as np
import pandas as pd
import pytest

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.learning.augment import CROP_TOKENS, cropped_copies
from adscreen.signals.tokens import tokenize

WORDS = str.split("招聘 客服 работа за границей chat operator Bangkok vé máy bay được trả ਨੌਕਰੀ مطلوب موظفون")


@pytest.fixture
def long_ads():
    rng = np.random.default_rng(0)
    ads = pd.DataFrame({"description": [" ".join(rng.choice(WORDS, 400)) for _ in range(200)]})
    ads["title"] = [f"Offer {i}" for i in range(200)]
    ads["requirements"], ads["benefits"] = "none", ""
    return ads.assign(label=[0, 1] * 100, group=range(200), source="emscad")


def test_a_copy_is_one_run_of_the_words_of_its_ad(long_ads):
    copies = cropped_copies(long_ads, 1.0, 0)
    assert len(copies) == 200
    originals = long_ads.set_index("group")
    for copy in copies.to_dict("records"):
        original = originals.loc[copy["group"]]
        joined = ["\n".join(filter(None, fields)) for fields in ((original["title"], original["description"]),)]
        parts = [original["description"], *joined, f"{original['description']}\n{original['requirements']}"]
        parts.append(f"{joined[0]}\n{original['requirements']}")
        assert any(copy["description"] in part for part in parts)
        assert CROP_TOKENS[0] <= len(tokenize(copy["description"])) <= CROP_TOKENS[1]


def test_a_copy_has_the_label_and_group_of_its_ad_and_no_other_text(long_ads):
    copies = cropped_copies(long_ads, 1.0, 0)
    assert copies.columns.tolist() == long_ads.columns.tolist()
    assert (copies["label"] == copies["group"] % 2).all()
    assert (copies[[name for name in TEXT_FIELDS if name != "description"]] == "").all(axis=None)


def test_about_the_stated_share_of_the_long_ads_is_copied(long_ads):
    assert 70 <= len(cropped_copies(long_ads, 0.5, 0)) <= 130
    assert len(cropped_copies(long_ads, 0.0, 0)) == 0


def test_an_ad_that_is_short_already_is_not_copied(long_ads):
    short = long_ads.assign(description="Chat operator wanted in Bangkok, flight paid", title="", requirements="")
    copies = cropped_copies(short, 1.0, 0)
    assert copies.empty
    pd.testing.assert_series_equal(copies.dtypes, short.dtypes)


def test_a_seed_always_gives_the_same_copies(long_ads):
    first = cropped_copies(long_ads, 0.3, 5)
    pd.testing.assert_frame_equal(first, cropped_copies(long_ads, 0.3, 5))
    assert not first.equals(cropped_copies(long_ads, 0.3, 6))
