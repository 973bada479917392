"""Changed copies of training ads: a long ad as the short post it might have been, and without its countries."""

import numpy as np
import pandas as pd
import pytest

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.learning.augment import CROP_TOKENS, cropped_copies, mask_countries
from adscreen.learning.text_model import FitSettings, fit_text_model
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


def naming(texts):
    ads = pd.DataFrame(dict.fromkeys(TEXT_FIELDS, ""), index=range(len(texts)))
    return ads.assign(description=texts)


def test_countries_and_peoples_are_masked_by_a_boundary_in_every_language_and_cities_stay():
    ads = naming(
        [
            "Poland, Warsaw: flights to Poland are paid",
            "Filipino nurses for Qatar",
            "Nhật Bản tuyển lao động",
            "招聘到日本工作",
            "Работа в Германии, Берлин",
        ]
    )
    assert mask_countries(ads, 1.0, 0)["description"].tolist() == [
        "\x1f, Warsaw: flights to \x1f are paid",
        "\x1f nurses for \x1f",
        "\x1f tuyển lao động",
        "招聘到\x1f工作",
        "Работа в \x1f, Берлин",
    ]


def test_without_a_share_no_country_is_masked_and_with_a_half_about_half():
    ads = naming([f"Work in {country}" for country in ["Poland", "Qatar", "Japan", "Kenya"] * 50])
    assert mask_countries(ads, 0.0, 0) is ads
    changed = (mask_countries(ads, 0.5, 0)["description"] != ads["description"]).mean()
    assert 0.35 < changed < 0.65


def test_masking_changes_neither_its_input_nor_labels_nor_order():
    ads = naming(["Work in Poland", "Work in Qatar"]).assign(label=[1, 0])
    before = ads.copy()
    assert mask_countries(ads, 1.0, 0)["label"].tolist() == [1, 0]
    pd.testing.assert_frame_equal(ads, before)


def test_a_model_fitted_on_masked_ads_judges_an_offer_nearly_alike_for_any_country():
    texts = [f"Chat operators for {country}, passport handed over {i}" for i, country in enumerate(["Laos"] * 40)]
    texts += [f"Nurses for {country}, contract signed at home {i}" for i, country in enumerate(["Germany"] * 40)]
    ads = naming(texts).assign(
        label=[1] * 40 + [0] * 40, group=range(80), source="one", lang="en", kind="", weight=1.0, measured=True
    )
    apart = []
    for share in (0.0, 1.0):
        model = fit_text_model(mask_countries(ads, share, 0), FitSettings(n_buckets=2**14))
        laos, germany = model.decision_function(
            ["Cooks for Laos, contract signed", "Cooks for Germany, contract signed"]
        )
        apart.append(abs(laos - germany))
    assert apart[1] < 0.1 * apart[0]
