"""A training run in a real MLflow store: what is logged, and what is loaded from the registry again."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import numpy as np
import pandas as pd
import pytest
import yaml

from adscreen import __version__
from adscreen.ads.readers import read_ads
from adscreen.ads.schema import AD_FIELDS
from adscreen.integrations.mlflow_log import EXAMPLE, requirements, tracking_uri
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer

mlflow = pytest.importorskip("mlflow", reason="the extra 'train' is not installed")
pytestmark = pytest.mark.pipeline

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "ads.csv"


@pytest.fixture(scope="module")
def client(logged):
    mlflow.set_tracking_uri(tracking_uri(logged.store))
    return mlflow.MlflowClient()


@pytest.fixture(scope="module")
def model(logged, client):
    return mlflow.pyfunc.load_model("models:/adscreen@challenger")


@pytest.fixture(scope="module")
def run(logged, client):
    version = client.get_model_version_by_alias("adscreen", "challenger")
    return client.get_run(version.run_id)


@pytest.fixture(scope="module")
def folder(model, client):
    """The folder in which the store keeps the model."""
    source = client.get_model_version_by_alias("adscreen", "challenger").source
    logged_model = mlflow.get_logged_model(source.removeprefix("models:/")) if source.startswith("models:/") else None
    return Path(url2pathname(urlparse(logged_model.artifact_location if logged_model else source).path))


@pytest.fixture(scope="module")
def ads():
    return pd.concat(read_ads(SAMPLE), ignore_index=True)


def test_the_newest_run_is_the_challenger(logged, client):
    assert logged.version == "2"
    assert client.get_model_version_by_alias("adscreen", "challenger").version in (2, "2")


def test_the_challenger_gives_the_same_results_as_the_bundle(model, ads):
    results = model.predict(ads[list(AD_FIELDS)])
    expected = Scorer.load().score(ads)
    assert results["risk"].notna().mean() > 0.8
    pd.testing.assert_frame_equal(results, expected, check_exact=True)


def test_only_a_text_is_needed(model):
    lure = "Chat operator Cambodia, flight and room paid, no experience, 1500 USD, message today"
    result = model.predict(pd.DataFrame({"description": [lure, None]}))
    expected = Scorer.load().score(pd.DataFrame({"description": [lure, ""]}))
    np.testing.assert_array_equal(result["risk"], expected["risk"])
    assert result["band"].tolist()[1] == "unscorable"


def test_other_columns_of_a_frame_are_ignored(model, ads):
    few = ads.head(3)
    pd.testing.assert_frame_equal(model.predict(few), model.predict(few[list(AD_FIELDS)]))


def test_the_signature_takes_all_ad_fields_and_needs_none(model):
    inputs = model.metadata.signature.inputs
    assert inputs.input_names() == list(AD_FIELDS)
    assert {str(column.type) for column in inputs} == {"DataType.string"}
    assert not any(column.required for column in inputs)


def test_the_signature_gives_the_result_columns(model):
    outputs = model.metadata.signature.outputs
    assert outputs.input_names() == list(RESULT_COLUMNS)
    types = {column.name: column.type.name for column in outputs}
    assert types.pop("risk") == "double"
    assert set(types.values()) == {"string"}


def test_the_input_example_is_an_ad(model, folder):
    example = model.metadata.load_input_example(str(folder))
    assert example.columns.tolist() == list(AD_FIELDS)
    assert example.iloc[0]["description"] == EXAMPLE["description"]
    assert len(model.predict(example)) == 1


def test_the_requirements_are_pinned_and_name_adscreen(folder):
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").split()
    assert lines == [f"mlflow=={mlflow.__version__}", *requirements()]  # MLflow adds itself
    assert lines[1] == f"adscreen=={__version__}"
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.+!]*", line) for line in lines)
    assert {"numba", "numpy", "pandas", "pyarrow"} <= {line.split("==")[0] for line in lines}
    assert not {"dvc", "scikit-learn", "pyspark"} & {line.split("==")[0] for line in lines}


def test_nothing_of_the_model_is_pickled(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"adscreen.bundle", "mlflow_model.py", "MLmodel"} <= names
    assert [n for n in names if n.endswith((".pkl", ".pickle", ".joblib", ".cloudpickle", ".npy"))] == []
    # A pickle of protocol 2 or later starts with 0x80 and its protocol, and ends with a full stop.
    starts = [path.name for path in files if re.match(rb"\x80[\x02-\x05]", path.read_bytes()[:2])]
    assert starts == []
    flavour = yaml.safe_load((folder / "MLmodel").read_text(encoding="utf-8"))["flavors"]["python_function"]
    assert flavour["model_code_path"].endswith("mlflow_model.py")
    assert "python_model" not in flavour


def test_the_model_in_the_store_is_the_bundle_byte_for_byte(folder):
    from adscreen.scoring.scorer import shipped_model

    (copy,) = folder.rglob("adscreen.bundle")
    assert copy.read_bytes() == shipped_model().read_bytes()


def test_parameters_are_logged_flat(run):
    assert run.data.params["fit.C"] == "10.0"
    assert run.data.params["fit.max_words"] == "2"
    assert run.data.params["root"] == "data"
    assert run.data.params["sources"] == "[{'name': 'authored'}]"


def test_figures_are_logged(run):
    assert run.data.metrics == {"roc_auc": 0.7111, "brier": 0.0435}


def test_the_run_names_the_version_of_its_model(run):
    assert run.data.tags["model_version"] == Scorer.load().version


def test_cards_are_kept_with_the_run(run, client):
    assert [file.path for file in client.list_artifacts(run.info.run_id, "evaluation")] == ["evaluation/model_card.md"]
    assert "Модель" in mlflow.artifacts.load_text(f"{run.info.artifact_uri}/evaluation/model_card.md")


def test_everything_is_written_inside_the_store(logged, folder):
    assert logged.elsewhere == []
    assert folder.is_relative_to(logged.store / "mlruns")
    assert sorted(path.name for path in logged.store.iterdir()) == ["mlflow.db", "mlruns"]


def test_logging_asks_no_network(logged):
    assert logged.attempts == []


def test_mlflow_does_not_report_its_use():
    # In a process of its own, without what tells MLflow that it is being tested: then it never reports.
    code = "import adscreen.integrations.mlflow_log, mlflow, mlflow.telemetry as t; print(t.get_telemetry_client())"
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("CI", "PYTEST", "GITHUB", "MLFLOW", "DO_NOT"))
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


def test_the_store_is_not_in_git():
    ignored = (SAMPLE.parents[2] / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/experiments/mlflow.db*", "/experiments/mlruns/"} <= set(ignored)


def test_the_terms_survive_the_store_as_json(model, ads):
    flagged = model.predict(ads).query("band in ['review', 'urgent']")
    assert len(flagged) > 0
    assert all(
        {"quote", "field", "start", "end", "weight"} == set(term)
        for text in flagged["terms"]
        for term in json.loads(text)
    )
