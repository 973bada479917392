"""The sample is cut from the authored corpus by a command, and ads to train on are never ads to screen."""

import csv
import json
import shutil
from pathlib import Path

import pytest

import make_sample

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """What the script writes from the corpus as it is now."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "data" / "authored", folder / "data" / "authored")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        make_sample.main()
    return folder / "data" / "sample"


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_committed_sample_is_what_the_script_cuts(cut):
    for name in ("labelled.jsonl", "ads.csv"):
        committed = (ROOT / "data" / "sample" / name).read_bytes()
        assert committed == (cut / name).read_bytes(), (
            f"run scripts/make_sample.py: data/sample/{name} is of an older corpus"
        )


def test_every_language_of_the_corpus_is_in_the_sample(cut):
    languages = {path.stem for path in (ROOT / "data" / "authored").glob("*.jsonl")}
    assert {ad["lang"] for ad in rows_of(cut / "labelled.jsonl")} == languages


def test_the_sample_has_both_labels_in_every_language(cut):
    labels = {}
    for ad in rows_of(cut / "labelled.jsonl"):
        labels.setdefault(ad["lang"], set()).add(ad["label"])
    assert all(found == {0, 1} for found in labels.values())


def test_families_are_taken_whole(cut):
    sample = rows_of(cut / "labelled.jsonl")
    families = {ad["family"] for ad in sample}
    corpus = [ad for path in (ROOT / "data" / "authored").glob("*.jsonl") for ad in rows_of(path)]
    assert sum(ad["family"] in families for ad in corpus) == len(sample)


def test_no_ad_to_screen_is_of_a_family_to_train_on(cut):
    trained = {ad["family"] for ad in rows_of(cut / "labelled.jsonl")}
    family = {ad["text"]: ad["family"] for path in (ROOT / "data" / "authored").glob("*.jsonl") for ad in rows_of(path)}
    with (cut / "ads.csv").open(encoding="utf-8", newline="") as file:
        screened = list(csv.DictReader(file))
    assert [row["id"] for row in screened if family[row["text"]] in trained] == []
    assert len(screened) >= 100


def test_the_ads_to_screen_carry_no_label(cut):
    assert (cut / "ads.csv").read_text(encoding="utf-8").splitlines()[0] == "id,channel,text"
