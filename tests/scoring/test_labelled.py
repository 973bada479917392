"""Labelled files from outside: whatever the label column and its values are called."""

import json
from pathlib import Path

import pandas as pd
import pytest

from adscreen.ads.rejects import RejectLog
from adscreen.ads.schema import AD_FIELDS
from adscreen.errors import UsageError
from adscreen.learning.sources import Source, load_source
from adscreen.scoring.labelled import LABEL_COLUMNS, evaluate_file, import_file, label_column, read_labels
from adscreen.scoring.scorer import Scorer

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "labelled.jsonl"
LURE = "Gấp! Tuyển chat viên Campuchia, bao vé bay, lương 25 triệu, không cần kinh nghiệm"
HONEST = "Tuyển đầu bếp tại Đà Nẵng, hợp đồng một năm, lương 12 triệu, phỏng vấn tại nhà hàng"


def message_of(call, *arguments, **options):
    with pytest.raises(UsageError) as error:
        call(*arguments, **options)
    assert error.value.exit_code == 2
    return str(error.value)


@pytest.mark.parametrize("name", ["label", "fraudulent", "is_scam", "Is_Fake", " target ", "class"])
def test_a_label_column_is_found_by_its_name(name):
    assert label_column(["text", name], None) == name


def test_the_better_known_of_two_label_columns_is_taken():
    assert label_column(["y", "class", "fraudulent"], None) == "fraudulent"


def test_a_label_column_can_be_named():
    assert label_column(["text", "label", "verdict"], "verdict") == "verdict"


def test_a_named_column_that_is_not_there_shows_those_that_are():
    message = message_of(label_column, ["text", "verdict"], "verdikt")
    assert message == "--label verdikt: no such column. Columns found: text, verdict."


def test_a_file_without_a_label_column_shows_its_columns_and_how_to_name_one():
    assert message_of(label_column, ["text", "verdict"], None) == (
        "no label column. Columns found: text, verdict. Name it: --label COLUMN "
        "(known names: label, fraudulent, is_scam, is_fraud, is_fake, scam, fraud, fake, deceptive, target, class, y)."
    )
    assert len(LABEL_COLUMNS) == 12


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 0], [1, 0]),
        (["1.0", "0.0"], [1, 0]),
        ([True, False], [1, 0]),
        (["t", "f"], [1, 0]),
        ([" Yes", "NO "], [1, 0]),
        (["Scam", "ham"], [1, 0]),
        (["fraudulent", "legitimate"], [1, 0]),
    ],
)
def test_labels_are_understood(values, expected):
    labels = read_labels(pd.Series(values), "label", None)
    assert labels.tolist() == expected
    assert labels.dtype == "int64"


def test_other_values_are_shown_with_how_to_say_what_they_mean():
    assert message_of(read_labels, pd.Series(["骗局", "正常", "1"]), "verdict", None) == (
        "label column 'verdict' has values that are neither deceptive nor genuine: '正常', '骗局'. "
        "Say which mean deceptive: --positive VALUE (repeat it for several); all others then count as genuine."
    )


def test_of_many_other_values_eight_are_shown():
    message = message_of(read_labels, pd.Series([f"v{i}" for i in range(20)]), "label", None)
    assert "'v0', 'v1', 'v10', 'v11', 'v12', 'v13', 'v14', 'v15' …. Say which" in message


@pytest.mark.parametrize(
    ("values", "empty"), [(["1", "0", ""], 1), (["1", " ", None], 2), ([1.0, float("nan"), 0.0], 1), ([pd.NA, "0"], 1)]
)
@pytest.mark.parametrize("positive", [None, ["1"]])
def test_an_empty_label_is_an_error_even_where_the_positive_values_are_named(values, empty, positive):
    message = message_of(read_labels, pd.Series(values), "label", positive)
    assert message == f"label column 'label' is empty in {empty} rows; every ad needs a label."


def test_the_positive_values_can_be_named():
    labels = read_labels(pd.Series(["骗局", "正常", "可疑", "骗局 "]), "verdict", ["骗局", "可疑"])
    assert labels.tolist() == [1, 0, 1, 1]


def test_a_positive_value_that_never_occurs_is_a_mistake():
    assert message_of(read_labels, pd.Series(["骗局", "正常"]), "verdict", ["诈骗"]) == (
        "--positive 诈骗: not a value of 'verdict'. Values found: '正常', '骗局'."
    )


@pytest.fixture
def kaggle(tmp_path):
    """A file in the Kaggle header, of which one row has too many cells."""
    path = tmp_path / "fake_job_postings.csv"
    path.write_text(
        "job_id,title,location,company_profile,description,fraudulent\n"
        f'1,Chat,KH,,"{LURE}",1\n2,Bếp,VN,,"{HONEST}",0\n3,Bếp,VN,,"{HONEST}",0,too,many\n4,Cook,VN,,Cook wanted,0\n',
        encoding="utf-8",
    )
    return path


def test_an_imported_file_is_a_source_for_training(kaggle, tmp_path):
    summary = import_file(str(kaggle), str(tmp_path / "emscad.parquet"))
    assert summary == {"rows": 3, "deceptive": 1, "genuine": 2, "rejected": 1}
    ads = load_source(Source(name="mine", adapter="table", path="emscad.parquet"), tmp_path)
    assert ads["label"].tolist() == [1, 0, 0]
    assert ads["ad_id"].tolist() == ["1", "2", "4"]
    assert ads["description"].tolist() == [LURE, HONEST, "Cook wanted"]


def test_the_rows_set_aside_are_listed_beside_the_import(kaggle, tmp_path):
    import_file(str(kaggle), str(tmp_path / "out.parquet"))
    (reject,) = map(json.loads, (tmp_path / "out.parquet.rejected.jsonl").read_text(encoding="utf-8").splitlines())
    assert reject["row"] == 3
    assert reject["reason"] == "row has 8 cells, the header has 6"


def test_the_rows_set_aside_by_an_earlier_import_are_not_left_behind(tmp_path):
    (tmp_path / "ads.csv").write_text(f'text,label\n"{LURE}",1\n"{HONEST}",0\n', encoding="utf-8")
    stale = tmp_path / "out.parquet.rejected.jsonl"
    stale.write_text("old\n")
    import_file(str(tmp_path / "ads.csv"), str(tmp_path / "out.parquet"))
    assert not stale.exists()


def test_an_imported_file_has_the_ad_fields_and_the_label_only(kaggle, tmp_path):
    import_file(str(kaggle), str(tmp_path / "out.parquet"))
    assert pd.read_parquet(tmp_path / "out.parquet").columns.tolist() == [*AD_FIELDS, "label"]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl", "out"])
def test_a_source_for_training_is_written_as_parquet_only(kaggle, tmp_path, name):
    output = str(tmp_path / name)
    message = message_of(import_file, str(kaggle), output)
    assert message == f"-o {output}: a source for training is written as a .parquet file."
    assert not (tmp_path / name).exists()


def test_a_file_whose_labels_cannot_be_read_leaves_no_output(kaggle, tmp_path):
    message_of(import_file, str(kaggle), str(tmp_path / "out.parquet"), label="title")
    assert [path.name for path in tmp_path.iterdir() if path.name != kaggle.name and "rejected" not in path.name] == []


OPTIONS = {"label": None, "positive": None, "mapping": [], "input_format": None, "by": None}


@pytest.fixture(scope="module")
def scorer():
    return Scorer.load()


@pytest.fixture(scope="module")
def evaluated(scorer):
    return evaluate_file(scorer, str(SAMPLE), RejectLog(), **OPTIONS | {"by": "channel"})


def test_a_model_is_measured_on_a_labelled_file(evaluated):
    rows = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    (whole,) = evaluated["tables"]["all"]
    assert whole["slice"] == "all"
    assert whole["ads"] == evaluated["rows"] == len(rows)
    assert whole["deceptive"] == sum(row["label"] for row in rows)
    assert whole["roc_auc"]["low"] <= whole["roc_auc"]["value"] <= whole["roc_auc"]["high"]
    assert evaluated["rejected"] == 0
    assert "baseline_roc_auc" not in whole


def test_the_figures_are_given_by_a_column_too(evaluated):
    table = evaluated["tables"]["channel"]
    assert {row["slice"] for row in table} <= {
        "telegram",
        "facebook",
        "whatsapp",
        "sms",
        "board",
        "flyer",
        "classified",
        "dm",
    }
    assert len(table) > 3
    assert [row["ads"] for row in table] == sorted((row["ads"] for row in table), reverse=True)
    json.dumps(evaluated, allow_nan=False)


def test_an_unknown_column_to_slice_by_shows_those_there_are(scorer, tmp_path):
    path = tmp_path / "ads.csv"
    path.write_text(f'text,label\n"{LURE}",1\n"{HONEST}",0\n', encoding="utf-8")
    message = message_of(evaluate_file, scorer, str(path), RejectLog(), **OPTIONS | {"by": "region"})
    assert message.startswith("--by region: no such column. Columns found: ad_id, title, description, ")


def test_ads_of_one_class_cannot_be_measured_on(scorer, tmp_path):
    path = tmp_path / "ads.csv"
    path.write_text(f'text,label\n"{LURE}",1\n"{LURE} ngay",1\n', encoding="utf-8")
    message = message_of(evaluate_file, scorer, str(path), RejectLog(), **OPTIONS)
    assert message == f"{path}: all 2 ads have one label; figures need deceptive and genuine ads."


def test_an_ad_that_the_model_does_not_judge_counts_as_not_found(scorer, tmp_path):
    path = tmp_path / "ads.jsonl"
    rows = [{"text": f"{HONEST} số {i} {'abcdefghij'[i]}", "label": 0} for i in range(10)]
    rows += [{"text": "hi", "label": 1}] * 10
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = evaluate_file(scorer, str(path), RejectLog(), **OPTIONS)
    assert found["unscorable"] >= 10
    assert found["tables"]["all"][0]["roc_auc"]["value"] <= 0.5
    assert found["tables"]["all"][0]["deceptive_sent_to_review"]["value"] == 0.0


def test_the_rows_that_cannot_be_read_go_to_the_log_given(scorer, tmp_path):
    path = tmp_path / "ads.csv"
    path.write_text(f'text,label\n"{LURE}",1\n"{HONEST}",0\nbad,0,too,many\n', encoding="utf-8")
    rejects = RejectLog()
    assert evaluate_file(scorer, str(path), rejects, **OPTIONS)["rejected"] == rejects.count == 1
    assert rejects.first[0].reason == "row has 4 cells, the header has 2"
