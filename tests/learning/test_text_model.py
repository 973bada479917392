"""The text model: an ordinary pipeline, and the compiled arrays that give the same scores."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from sklearn.metrics import roc_auc_score

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.learning.text_model import (
    FitSettings,
    ad_texts,
    build_pipeline,
    clean_ads,
    compile_text_model,
    fit_text_model,
)
from adscreen.signals.evidence import EVIDENCE_FIELDS
from adscreen.signals.linear_text import score_texts

SMALL = FitSettings(n_buckets=2**14)


def test_the_fields_that_are_read_are_cleaned_and_disguised_words_counted():
    ads = pd.DataFrame([dict.fromkeys(EVIDENCE_FIELDS, "") | {"title": "<b>Chef</b>&nbsp;", "benefits": " a\n\n b "}])
    row = clean_ads(ads.assign(description="ＪＡＰＡＮ, free v1sa", source="<b>")).iloc[0]
    assert row[["title", "description", "benefits", "source"]].tolist() == ["Chef", "JAPAN, free visa", "a\nb", "<b>"]
    assert row["disguised"] == 1


def test_an_ad_without_text_gives_an_empty_text():
    assert ad_texts(pd.DataFrame([dict.fromkeys(TEXT_FIELDS, "")])) == [""]


def test_the_compiled_model_gives_the_margins_of_the_pipeline(labelled_ads):
    pipeline = fit_text_model(labelled_ads, SMALL)
    texts = ad_texts(labelled_ads)
    model = compile_text_model(pipeline, texts)
    new = [*texts, "", "Перевозка людей через границу online casino", "招聘客服 contract 医院", "หางาน hospital shift"]
    np.testing.assert_allclose(score_texts(model, new).margin, pipeline.decision_function(new), atol=1e-6)


def test_compiling_rounds_the_weights_as_the_bundle_stores_them(labelled_ads):
    pipeline = fit_text_model(labelled_ads, SMALL)
    model = compile_text_model(pipeline, ad_texts(labelled_ads))
    np.testing.assert_array_equal(model.table[:, 1], model.table[:, 1].astype(np.float16))
    np.testing.assert_array_equal(model.table[:, 0] * 16, np.round(model.table[:, 0] * 16))


def test_compiling_twice_changes_nothing_more(labelled_ads):
    pipeline = fit_text_model(labelled_ads, SMALL)
    first, second = (compile_text_model(pipeline, ad_texts(labelled_ads)) for _ in range(2))
    np.testing.assert_array_equal(first.table, second.table)
    assert first.intercept == second.intercept


def test_the_words_of_the_training_ads_are_known_and_others_are_not(labelled_ads):
    model = compile_text_model(fit_text_model(labelled_ads, SMALL), ad_texts(labelled_ads))
    known = score_texts(model, ["hospital contract shift", "Vertragsbedingungen zzqy xxkw", ""]).known
    assert known[0] == 1.0
    assert known[1] < 0.5
    assert known[2] == 0.0


def test_it_learns_what_lures_say(labelled_ads):
    pipeline = fit_text_model(labelled_ads.iloc[:100], SMALL)
    held_out = labelled_ads.iloc[100:]
    assert roc_auc_score(held_out["label"], pipeline.decision_function(ad_texts(held_out))) > 0.95


def test_ads_of_weight_zero_are_not_fitted(labelled_ads):
    kept = labelled_ads["source"] != "messages"
    weighed = labelled_ads.assign(weight=kept.astype(float))
    flipped = weighed.assign(label=np.where(kept, weighed["label"], 1 - weighed["label"]))
    first, second = fit_text_model(weighed, SMALL), fit_text_model(flipped, SMALL)
    np.testing.assert_array_equal(first["linear"].coef_, second["linear"].coef_)


def test_a_seed_always_gives_the_same_model(labelled_ads):
    first, second = (fit_text_model(labelled_ads, SMALL.model_copy(update={"crop_share": 0.5})) for _ in range(2))
    np.testing.assert_array_equal(first["linear"].coef_, second["linear"].coef_)


def test_ads_of_one_label_are_refused(labelled_ads):
    honest = labelled_ads[labelled_ads["label"] == 0]
    with pytest.raises(ValueError, match="one label") as error:
        fit_text_model(honest, SMALL)
    assert str(error.value) == (
        f"all {len(honest)} training ads have one label; a model needs deceptive and genuine ads"
    )


def test_the_settings_reach_the_pipeline():
    settings = FitSettings(n_buckets=64, max_words=3, max_chars=5, stem=0, C=2.0, source_intercept=0.5, seed=9)
    parameters = build_pipeline(settings).get_params()
    assert {name: parameters[f"ngrams__{name}"] for name in ("n_buckets", "max_words", "max_chars", "stem")} == {
        "n_buckets": 64,
        "max_words": 3,
        "max_chars": 5,
        "stem": 0,
    }
    assert parameters["linear__C"] == 2.0
    assert parameters["linear__source_intercept"] == 0.5
    assert parameters["linear__random_state"] == 9


@pytest.mark.parametrize("wrong", [{"C": 0}, {"max_words": 0}, {"crop_share": 2}, {"learning_rate": 0.1}])
def test_settings_out_of_range_or_unknown_are_refused(wrong):
    with pytest.raises(ValidationError):
        FitSettings(**wrong)
