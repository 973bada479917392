"""Sources: every kind of file gives the same frame, and a wrong one is named."""

import json
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from adscreen.ads.schema import AD_FIELDS
from adscreen.errors import InputError
from adscreen.learning.sources import LABELLED_COLUMNS, Source, load_source, load_sources

SHARED = Path(__file__).parents[3] / "shared" / "data"


def write_lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def load(root, **entry):
    return load_source(Source(**{"name": "src", "adapter": "jsonl", "path": "ads.jsonl", **entry}), root)


CHEF = {"text": "招聘厨师，包吃住，月薪九千", "lang": "zh", "channel": "telegram", "label": 1}
NURSE = {"title": "Nurse", "text": "Ward nurse in Riyadh, licence needed", "lang": "en", "channel": "board", "label": 0}


def test_every_adapter_gives_the_ad_fields_and_what_is_known_of_the_label(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF, NURSE)
    authored = {"id": "w1-zh-01-b", "family": "w1-zh-01", "kind": "blatant", **CHEF}
    write_lines(tmp_path / "authored.jsonl", authored)
    pd.DataFrame([CHEF]).to_csv(tmp_path / "ads.csv", index=False)
    pd.DataFrame([CHEF]).to_parquet(tmp_path / "ads.parquet")
    kaggle = {"job_id": "1", "title": "Cook", "description": "Cook wanted", "company_profile": "x", "fraudulent": "0"}
    pd.DataFrame([kaggle]).to_csv(tmp_path / "kaggle.csv", index=False)
    expected = [*[name for name in AD_FIELDS if name != "source"], *LABELLED_COLUMNS]
    files = {"ads.jsonl": "jsonl", "authored.jsonl": "authored", "ads.csv": "table", "ads.parquet": "table"}
    for path, adapter in (files | {"kaggle.csv": "emscad"}).items():
        ads = load(tmp_path, adapter=adapter, path=path)
        assert ads.columns.tolist() == expected, path
        assert ads["label"].dtype == "int64"
        assert (ads["source"] == "src").all()
        assert ads["measured"].all() or adapter == "authored"


def test_the_text_of_a_jsonl_ad_is_its_description(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF, NURSE)
    ads = load(tmp_path)
    assert ads["description"].tolist() == [CHEF["text"], NURSE["text"]]
    assert ads["title"].tolist() == ["", "Nurse"]
    assert ads["lang"].tolist() == ["zh", "en"]
    assert ads["channel"].tolist() == ["telegram", "board"]
    assert ads["label"].tolist() == [1, 0]


@pytest.mark.parametrize("column", ["group", "template_key"])
def test_a_group_that_the_file_states_is_kept_under_the_name_of_the_file(tmp_path, column):
    write_lines(tmp_path / "ads.jsonl", CHEF | {column: 7}, NURSE | {column: 8})
    assert load(tmp_path)["known_group"].tolist() == ["ads-7", "ads-8"]


def test_ads_without_a_stated_group_are_not_one_group(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF | {"group": "a"}, NURSE, NURSE | {"group": None}, NURSE | {"group": ""})
    assert load(tmp_path)["known_group"].tolist() == ["ads-a", "", "", ""]


def test_several_languages_in_one_ad_are_no_language(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF | {"lang": "mixed"}, NURSE | {"lang": None}, NURSE)
    assert load(tmp_path)["lang"].tolist() == ["", "", "en"]


def test_an_authored_family_is_a_group_and_its_kind_is_kept(tmp_path):
    (tmp_path / "authored").mkdir()
    for lang in ("vi", "en"):
        row = {
            "id": f"w1-{lang}-01-t",
            "family": f"w1-{lang}-01",
            "kind": "twin",
            "text": "Cook",
            "label": 0,
            "lang": lang,
        }
        write_lines(tmp_path / "authored" / f"{lang}.jsonl", row)
    ads = load(tmp_path, adapter="authored", path="authored")
    assert ads["ad_id"].tolist() == ["w1-en-01-t", "w1-vi-01-t"]  # files in the order of their names
    assert ads["known_group"].tolist() == ["w1-en-01", "w1-vi-01"]
    assert ads["kind"].tolist() == ["twin", "twin"]
    assert ads["description"].tolist() == ["Cook", "Cook"]


@pytest.mark.parametrize(("path", "adapter"), [("ads.jsonl", "jsonl"), ("ads.csv", "table")])
def test_a_column_kind_of_a_real_source_is_not_the_kind_of_an_authored_ad(tmp_path, path, adapter):
    write_lines(tmp_path / "ads.jsonl", CHEF | {"kind": "twin"}, NURSE | {"kind": "full-time"})
    pd.DataFrame([CHEF | {"kind": "twin"}, NURSE | {"kind": "full-time"}]).to_csv(tmp_path / "ads.csv", index=False)
    assert load(tmp_path, path=path, adapter=adapter)["kind"].tolist() == ["", ""]


def test_emscad_is_read_without_the_shortcuts_of_its_site(tmp_path):
    row = {
        "job_id": "17",
        "title": "Data entry",
        "company_profile": "We are big",
        "description": "Type",
        "has_company_logo": "1",
    }
    pd.DataFrame([row | {"fraudulent": "1"}]).to_csv(tmp_path / "kaggle.csv", index=False)
    ad = load(tmp_path, adapter="emscad", path="kaggle.csv").iloc[0]
    assert (ad["ad_id"], ad["label"], ad["lang"], ad["channel"]) == ("17", 1, "en", "board")
    assert ad["company_profile"] == ""
    assert "has_company_logo" not in ad


def test_the_sampling_of_emscad_says_what_may_be_measured_and_what_belongs_together(tmp_path):
    jobs = [
        {"job_id": str(i), "title": "Cook", "description": "Cook", "company_profile": "", "fraudulent": "0"}
        for i in range(5)
    ]
    jobs[4]["fraudulent"] = "1"
    pd.DataFrame(jobs).to_csv(tmp_path / "kaggle.csv", index=False)
    drawn = ["random", "first500", "complete_case", "model_errors", "fraud"]
    pd.DataFrame({"job_id": range(5), "sampling": drawn, "disjoint_group": [3, 3, 4, 5, 6]}).to_csv(
        tmp_path / "sampling.csv", index=False
    )
    ads = load(tmp_path, adapter="emscad", path="kaggle.csv")
    assert ads["measured"].tolist() == [True, True, False, False, True]
    assert ads["known_group"].tolist() == ["emscad-3", "emscad-3", "emscad-4", "emscad-5", "emscad-6"]


def test_the_label_of_the_source_is_that_of_every_row(tmp_path):
    write_lines(tmp_path / "ads.jsonl", {"text": "a"}, {"text": "b"})
    assert load(tmp_path, label=1)["label"].tolist() == [1, 1]


def test_a_file_can_be_split_into_several_sources_by_a_column(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF | {"source": "58.com"}, NURSE | {"source": "eures"})
    assert load(tmp_path, split_by="source")["source"].tolist() == ["src:58.com", "src:eures"]


def test_a_source_that_is_only_measured_has_no_weight(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF)
    assert load(tmp_path, measure_only=True, weight=3.0)["weight"].tolist() == [0.0]
    assert load(tmp_path, weight=3.0)["weight"].tolist() == [3.0]


def test_a_table_may_have_other_names_for_the_ad_fields(tmp_path):
    (tmp_path / "ads.csv").write_text("job_title,body,label\nПовар,Ищем повара,0\n", encoding="utf-8")
    ad = load(tmp_path, adapter="table", path="ads.csv").iloc[0]
    assert (ad["title"], ad["description"], ad["label"]) == ("Повар", "Ищем повара", 0)


def test_a_path_may_start_from_the_project(tmp_path, monkeypatch):
    write_lines(tmp_path / "ads.jsonl", CHEF)
    monkeypatch.chdir(tmp_path)
    assert len(load(Path("/nowhere"), path="{project}/ads.jsonl")) == 1


def test_the_ads_of_all_sources_have_ids_of_their_own(tmp_path):
    write_lines(tmp_path / "ads.jsonl", CHEF | {"ad_id": "1"})
    entries = [Source(name=name, adapter="jsonl", path="ads.jsonl") for name in ("first", "second")]
    ads = load_sources(entries, tmp_path)
    assert ads["ad_id"].tolist() == ["first/1", "second/1"]
    assert ads.index.tolist() == [0, 1]


def test_a_missing_file_names_its_source(tmp_path):
    with pytest.raises(InputError) as error:
        load(tmp_path)
    assert str(error.value) == f"source 'src': {tmp_path}/ads.jsonl does not exist. Check its path in params.yaml."
    assert error.value.exit_code == 3


NO_LABEL = "has rows without a label. Give the source a label in params.yaml, or a column 'label' of 0 and 1."


@pytest.mark.parametrize("second", [{"text": "no label here"}, {"text": "null", "label": None}])
def test_a_row_without_a_label_is_refused(tmp_path, second):
    write_lines(tmp_path / "ads.jsonl", CHEF, second)
    with pytest.raises(InputError) as error:
        load(tmp_path)
    assert str(error.value) == f"source 'src': {tmp_path}/ads.jsonl {NO_LABEL}"


def test_a_file_without_labels_is_refused(tmp_path):
    write_lines(tmp_path / "ads.jsonl", {"text": "no label at all"})
    with pytest.raises(InputError) as error:
        load(tmp_path)
    assert str(error.value) == f"source 'src': {tmp_path}/ads.jsonl {NO_LABEL}"


@pytest.mark.parametrize("label", [2, -1, 0.5, "fraud"])
def test_a_label_other_than_0_and_1_is_refused(tmp_path, label):
    write_lines(tmp_path / "ads.jsonl", CHEF | {"label": label})
    with pytest.raises(InputError) as error:
        load(tmp_path)
    assert str(error.value) == (
        f"source 'src': {tmp_path}/ads.jsonl has the label {label}; labels are 1 (deceptive) and 0 (genuine)."
    )


@pytest.mark.parametrize("wrong", [{"wieght": 2}, {"adapter": "excel"}, {"label": 3}, {"weight": 0}, {"path": None}])
def test_a_wrong_entry_is_refused(wrong):
    with pytest.raises(ValidationError):
        Source(**{"name": "src", "adapter": "jsonl", "path": "ads.jsonl", **wrong})


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the real data is not beside the project")
@pytest.mark.parametrize(
    ("entry", "rows", "deceptive"),
    [
        ({"adapter": "emscad", "path": "emscad/fake_job_postings.csv"}, 2263, 606),
        ({"path": "messages/job_scams.jsonl", "label": 1}, 218, 218),
        ({"path": "genuine/genuine_ads.jsonl", "label": 0, "split_by": "source"}, 4309, 0),
        ({"path": "genuine/more_genuine_ads.jsonl", "label": 0, "split_by": "source"}, 6405, 0),
        ({"path": "within/zh_58com_2019.jsonl"}, 1106, 106),
        ({"path": "within/vi_facebook_2025.jsonl"}, 123, 61),
    ],
    ids=lambda value: value["path"] if isinstance(value, dict) else None,
)
def test_the_real_sources_have_as_many_rows_as_their_readme_says(entry, rows, deceptive):
    ads = load(SHARED, **entry)
    assert len(ads) == rows
    assert ads["label"].sum() == deceptive
    texts = ads["title"] + ads["description"] + ads["requirements"] + ads["benefits"]
    assert (texts.str.strip() != "").mean() > 0.99


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the real data is not beside the project")
def test_only_a_third_of_the_genuine_rows_of_emscad_is_measured():
    ads = load(SHARED, adapter="emscad", path="emscad/fake_job_postings.csv")
    drawn = pd.read_csv(SHARED / "emscad" / "sampling.csv", dtype=str).set_index("job_id")["sampling"]
    genuine = ads[ads["label"] == 0]
    measured = drawn.loc[genuine["ad_id"]].isin(["random", "first500"]).to_numpy()
    assert (genuine["measured"].to_numpy() == measured).all()
    assert ads.loc[ads["label"] == 1, "measured"].all()


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the real data is not beside the project")
def test_no_disjoint_group_of_emscad_is_in_two_folds():
    from adscreen.campaigns.groups import group_ads
    from adscreen.learning.split import group_folds
    from adscreen.learning.text_model import ad_texts, clean_ads

    ads = clean_ads(load(SHARED, adapter="emscad", path="emscad/fake_job_postings.csv"))
    groups = group_ads(ads, ad_texts(ads))["group"].to_numpy()
    fold = group_folds(groups, ads["label"].astype(str), 5, 0)
    stated = pd.read_csv(SHARED / "emscad" / "sampling.csv", dtype=str).set_index("job_id")["disjoint_group"]
    of_ad = stated.loc[ads["ad_id"]].to_numpy()
    assert pd.Series(fold).groupby(of_ad).nunique().max() == 1
    shares = pd.crosstab(ads["label"], fold, normalize="index").to_numpy()
    assert shares.min() > 0.17
    assert shares.max() < 0.23
