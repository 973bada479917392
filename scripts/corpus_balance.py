"""Whether anything but the meaning tells lures from honest ads in the authored corpus.

A model learns whatever separates the labels. If lures were longer, or honest ads always named a licence, it
would learn that and fail on real ads. So each of these features alone must be worth no more than a coin.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from corpus_rules import ALLOWED, Ad, count_words

LOWEST_AUC, HIGHEST_AUC = 0.40, 0.60
FOLDS = 5
WORDS_FILE = Path(__file__).with_name("reassurance.yaml")

EMOJI = re.compile(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]")
PHONE = re.compile(r"\d(?:[ \-().]?[\dxX]){7,}")
# Scripts in which a listed word may stand anywhere in a longer one, see reassurance.yaml.
UNBOUNDED = re.compile(r"[\u0600-\u06ff\u0e00-\u0eff\u1000-\u109f\u1200-\u137f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")

Words = dict[str, dict[str, list[str]]]


@cache
def reassurance_words() -> Words:
    """language -> kind of promise -> entries, as reassurance.yaml lists them."""
    words: Words = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return words


def entry_pattern(entry: str) -> str:
    """The regular expression of one entry of reassurance.yaml."""
    start = "" if UNBOUNDED.match(entry) else r"(?<!\w)"
    end = r"(?!\w)" if entry.endswith(" ") else ""
    return start + re.escape(entry.strip().lower()) + end


@cache
def promise_patterns(lang: str) -> dict[str, re.Pattern[str]]:
    """Kind of promise -> pattern of its entries in the language and in English."""
    by_language = reassurance_words()
    patterns = {}
    for promise, english in by_language["en"].items():
        entries = {*english, *by_language[lang][promise]}
        # Longest first: "no placement fee" is one match, not a shorter one inside it.
        patterns[promise] = re.compile("|".join(map(entry_pattern, sorted(entries, key=lambda e: (-len(e), e)))))
    return patterns


def found_words(ad: Ad) -> list[tuple[str, str]]:
    """(promise, word) for each reassuring word of the ad, repeats included."""
    text = ad["text"].lower()
    return [(p, match[0]) for p, pattern in promise_patterns(ad["lang"]).items() for match in pattern.finditer(text)]


def has_licence_number(ad: Ad) -> bool:
    """Whether a word for licence is followed by a number within 25 characters."""
    pattern = promise_patterns(ad["lang"])["licence"].pattern
    return re.search(rf"(?:{pattern})[^\n]{{0,25}}?\d{{3}}", ad["text"].lower()) is not None


def features() -> dict[str, Callable[[Ad], float]]:
    """Name -> value of one ad, for everything that must not tell the label."""

    def is_value(field: str, value: str) -> Callable[[Ad], float]:
        return lambda ad: ad[field] == value

    return {
        "length": lambda ad: count_words(ad["text"]),
        "emoji": lambda ad: len(EMOJI.findall(ad["text"])),
        "digits": lambda ad: sum(c.isdigit() for c in ad["text"]),
        "exclamation marks": lambda ad: ad["text"].count("!") + ad["text"].count("！"),
        "line breaks": lambda ad: ad["text"].count("\n"),
        "phone": lambda ad: PHONE.search(ad["text"]) is not None,
        "handle": lambda ad: "_ex" in ad["text"],
        "domain": lambda ad: ".example" in ad["text"],
        "capitals": lambda ad: sum(c.isupper() for c in ad["text"]) / len(ad["text"]),
        "licence number": has_licence_number,
        "reassurance words": lambda ad: len(found_words(ad)),
        **{f"channel {value}": is_value("channel", value) for value in sorted(ALLOWED["channel"])},
        **{f"language {value}": is_value("lang", value) for value in sorted(ALLOWED["lang"])},
    }


def reassurance_counts(ad: Ad) -> Counter[str]:
    """How often each reassuring word occurs in the ad, and each kind of promise in any language."""
    found = found_words(ad)
    return Counter([promise for promise, _ in found]) + Counter([f"{promise} {word}" for promise, word in found])


def reassurance_bag_auc(ads: Sequence[Ad], labels: NDArray[np.int_]) -> float:
    """AUC of a logistic regression on the reassuring words alone, families kept together over 5 folds."""
    families = [ad["family"] for ad in ads]
    counts = [reassurance_counts(ad) for ad in ads]
    if not any(counts):
        return 0.5
    risk = cross_val_predict(
        make_pipeline(DictVectorizer(), LogisticRegression(max_iter=1000)),
        counts,
        labels,
        groups=families,
        cv=StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0),
        method="predict_proba",
    )
    return float(roc_auc_score(labels, risk[:, 1]))


def balance_table(ads: Sequence[Ad]) -> dict[str, float]:
    """Feature -> AUC of the feature alone, above 0.5 where lures have more of it. Warnings are left out.

    Raises ValueError when there are too few families of ads with both labels to measure anything.
    """
    ads = [ad for ad in ads if ad["kind"] != "warning"]
    labels = np.array([ad["label"] for ad in ads], dtype=np.int_)
    if len({ad["family"] for ad in ads}) < FOLDS or len(set(labels.tolist())) < 2:
        raise ValueError(f"balance needs at least {FOLDS} families, and ads of both labels; write more")
    table = {
        name: float(roc_auc_score(labels, [float(feature(ad)) for ad in ads])) for name, feature in features().items()
    }
    table["reassurance words as a bag"] = reassurance_bag_auc(ads, labels)
    return table


def balance_errors(table: dict[str, float]) -> list[str]:
    """A complaint for each feature that says too much about the label."""
    errors = []
    for name, auc in table.items():
        if name == "reassurance words as a bag":
            if auc > HIGHEST_AUC:
                errors.append(
                    f"{name}: AUC {auc:.2f}, above {HIGHEST_AUC:.2f}; lures and honest ads must use the same"
                    " reassuring words equally often"
                )
        elif not LOWEST_AUC <= auc <= HIGHEST_AUC:
            leaning = "lures" if auc > 0.5 else "honest ads"
            errors.append(
                f"{name}: AUC {auc:.2f}, outside {LOWEST_AUC:.2f} to {HIGHEST_AUC:.2f}; {leaning} have too much of it"
            )
    return errors


def format_table(table: dict[str, float]) -> str:
    """The AUCs as aligned lines."""
    width = max(map(len, table))
    return "\n".join(f"{name:<{width}}  {auc:.3f}" for name, auc in table.items())
