"""The text model: hashed n-grams, TF-IDF, a linear model; fitted as an ordinary scikit-learn pipeline."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.pipeline import Pipeline

from adscreen.ads.cleaning import clean_and_count
from adscreen.ads.schema import TEXT_FIELDS
from adscreen.learning.augment import cropped_copies
from adscreen.learning.linear import SourceAwareLogistic
from adscreen.learning.weights import balanced_weights
from adscreen.signals.evidence import EVIDENCE_FIELDS
from adscreen.signals.hashed_ngrams import HashedNgrams
from adscreen.signals.linear_text import IDF_STEPS, LinearText
from adscreen.signals.ngrams import join_fields, vocabulary


class NgramSettings(BaseModel):
    """What n-grams of a text are counted; part of the sections ``fit`` and ``warning`` of ``params.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n_buckets: int = Field(2**20, description="columns of the hashed n-grams, a power of two")
    max_words: int = Field(2, ge=1, le=8)
    max_chars: int = Field(4, ge=1, le=8)
    stem: int = Field(4, ge=0, description="longer words count by so many first letters too")

    def features(self) -> list[tuple[str, BaseEstimator]]:
        """Return the unfitted steps of a pipeline from texts to weighted n-grams."""
        hashed = HashedNgrams(
            n_buckets=self.n_buckets, max_words=self.max_words, max_chars=self.max_chars, stem=self.stem
        )
        return [("ngrams", hashed), ("tfidf", TfidfTransformer(sublinear_tf=True))]


class FitSettings(NgramSettings):
    """The section ``fit`` of ``params.yaml``."""

    C: float = Field(10.0, gt=0, description="inverse strength of the penalty")
    source_intercept: float = Field(0.3, ge=0)
    campaign_power: float = Field(1.0, ge=0, le=2)
    crop_share: float = Field(0.0, ge=0, le=1, description="share of long ads that get a cropped copy")
    mask_share: float = Field(0.0, ge=0, le=1, description="share of ads whose countries are masked in training")
    seed: int = 0


def clean_ads(ads: pd.DataFrame) -> pd.DataFrame:
    """Return `ads` with the fields that are read cleaned, and in ``disguised`` how many words were disguised."""
    counted = {name: [clean_and_count(text) for text in ads[name]] for name in EVIDENCE_FIELDS}
    columns = {name: [text for text, _ in found] for name, found in counted.items()}
    counts = zip(*([count for _, count in found] for found in counted.values()), strict=True)
    return ads.assign(**columns, disguised=[sum(its_counts) for its_counts in counts])


def ad_texts(ads: pd.DataFrame) -> list[str]:
    """Join the text fields of each cleaned ad, as the model reads them."""
    columns = [ads[name].tolist() for name in TEXT_FIELDS]
    return [join_fields(fields) for fields in zip(*columns, strict=True)]


def build_pipeline(settings: FitSettings) -> Pipeline:
    """Return the unfitted pipeline from texts to log-odds."""
    return Pipeline(
        [
            *settings.features(),
            (
                "linear",
                SourceAwareLogistic(
                    C=settings.C, source_intercept=settings.source_intercept, random_state=settings.seed
                ),
            ),
        ]
    )


def fit_text_model(ads: pd.DataFrame, settings: FitSettings) -> Pipeline:
    """Fit the pipeline on labelled, cleaned, grouped ads.

    Parameters
    ----------
    ads : DataFrame
        `TEXT_FIELDS`, ``label``, ``source``, ``lang``, ``kind``, ``group``, ``weight``; rows of weight 0 are left out.

    Returns
    -------
    Pipeline
        Fitted; ``decision_function`` takes a list of texts.

    Raises
    ------
    ValueError
        If only one class is there.
    """
    ads = ads[ads["weight"] > 0]
    if ads["label"].nunique() < 2:
        raise ValueError(f"all {len(ads)} training ads have one label; a model needs deceptive and genuine ads")
    if settings.crop_share > 0:
        ads = pd.concat([ads, cropped_copies(ads, settings.crop_share, settings.seed)], ignore_index=True)
    return build_pipeline(settings).fit(
        ad_texts(ads),
        ads["label"].to_numpy(),
        linear__sample_weight=balanced_weights(ads, campaign_power=settings.campaign_power),
        linear__sources=intercept_sources(ads),
    )


def intercept_sources(ads: pd.DataFrame) -> NDArray[np.object_]:
    """Return the source of each ad for intercepts; see `adscreen.learning.linear.SourceAwareLogistic`."""
    # By language too: one source of many languages is many sources. Authored ads have both classes in every language,
    # so theirs is one.
    sources = ads["source"] + "|" + ads["lang"].astype(str)
    return sources.where(ads["kind"] == "", "authored").to_numpy(dtype=object)


def compile_text_model(pipeline: Pipeline, training_texts: list[str]) -> LinearText:
    """Turn the fitted pipeline into the arrays the compiled scorer reads.

    Inverse document frequencies are rounded to 1/16 and weights to 16-bit floats, as the bundle stores
    them; the pipeline is changed to the same numbers, so that both still give one score.
    """
    hashing = pipeline["ngrams"].hashing_
    tfidf, linear = pipeline["tfidf"], pipeline["linear"]
    idf = np.round(tfidf.idf_ * IDF_STEPS) / IDF_STEPS
    weights = linear.coef_[0].astype(np.float16).astype(np.float64)
    tfidf.idf_ = idf
    linear.coef_ = weights[None, :]
    table = np.stack([idf, weights], axis=1).astype(np.float32)
    return LinearText(hashing, table, float(linear.intercept_[0]), vocabulary(training_texts, hashing))
