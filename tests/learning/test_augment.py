"""Changed copies of training ads: a long ad as the short post it might have been, and one country for another."""

import numpy as np
import pandas as pd
import pytest

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.learning.augment import CROP_TOKENS, cropped_copies, swap_countries
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


def from_countries(texts, languages=None):
    ads = pd.DataFrame(dict.fromkeys(TEXT_FIELDS, ""), index=range(len(texts)))
    return ads.assign(description=texts, lang=languages or ["en"] * len(texts))


def test_another_country_of_an_ad_of_the_same_language_stands_in_its_place():
    ads = from_countries(["Work in Poland now", "Nurses for Qatar", "Tuyển lao động đi Nhật Bản"], ["en", "en", "vi"])
    swapped = swap_countries(ads, 1.0, 0)["description"].tolist()
    assert swapped == ["Work in Qatar now", "Nurses for Poland", "Tuyển lao động đi Nhật Bản"]


def test_one_country_becomes_one_other_throughout_an_ad_and_cities_stay():
    ads = from_countries(["Poland, Warsaw: flights to Poland are paid", "Qatar", "Japan", "Kenya", "Canada"])
    swapped = swap_countries(ads, 1.0, 3)["description"].iloc[0]
    country = swapped.partition(",")[0]
    assert country in {"Qatar", "Japan", "Kenya", "Canada"}
    assert swapped == f"{country}, Warsaw: flights to {country} are paid"


def test_a_people_is_replaced_by_a_people():
    ads = from_countries(["Filipino nurses wanted", "Nepali cooks wanted"])
    assert swap_countries(ads, 1.0, 0)["description"].tolist() == ["Nepali nurses wanted", "Filipino cooks wanted"]


def test_without_a_share_no_country_is_swapped_and_with_a_half_about_half():
    ads = from_countries([f"Work in {country}" for country in ["Poland", "Qatar", "Japan", "Kenya"] * 50])
    assert swap_countries(ads, 0.0, 0) is ads
    changed = (swap_countries(ads, 0.5, 0)["description"] != ads["description"]).mean()
    assert 0.35 < changed < 0.65


def test_swapping_changes_neither_its_input_nor_labels_nor_order():
    ads = from_countries(["Work in Poland", "Work in Qatar"]).assign(label=[1, 0])
    before = ads.copy()
    assert swap_countries(ads, 1.0, 0)["label"].tolist() == [1, 0]
    pd.testing.assert_frame_equal(ads, before)
