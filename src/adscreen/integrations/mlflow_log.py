"""Log a training run to MLflow: parameters, figures, plots, cards and the model, registered as challenger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from adscreen import __version__
from adscreen.ads.schema import AD_FIELDS
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer

EXPERIMENT = "adscreen"
REGISTERED_MODEL = "adscreen"
CHALLENGER = "challenger"

EXAMPLE = {
    "title": "Customer service, Sihanoukville",
    "description": "No experience needed, flight and room paid, 1500 USD. Message @hr_linda_ex today.",
}


def tracking_uri(folder: Path) -> str:
    """Return the address of the SQLite store in `folder`."""
    return f"sqlite:///{(folder / 'mlflow.db').resolve()}"


def signature() -> Any:
    """Return the MLflow signature: the ad fields in (all optional), the result columns out."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    inputs = [ColSpec(DataType.string, name, required=False) for name in AD_FIELDS]
    outputs = [ColSpec(DataType.double if name == "risk" else DataType.string, name) for name in RESULT_COLUMNS]
    return ModelSignature(inputs=Schema(inputs), outputs=Schema(outputs))


def requirements() -> list[str]:
    """Return adscreen and its core dependencies at the versions of this environment."""
    from importlib.metadata import requires, version

    names = [line.split(">")[0].split(";")[0].strip() for line in requires("adscreen") or () if "extra ==" not in line]
    return [f"adscreen=={__version__}", *[f"{name}=={version(name)}" for name in sorted(names)]]


def log_run(
    bundle: Path,
    *,
    store: Path,
    params: dict[str, Any],
    metrics: dict[str, float],
    files: list[Path],
) -> str:
    """Log one training run and register its model with the alias ``challenger``.

    Parameters
    ----------
    bundle : Path
        The packaged model.
    store : Path
        Folder of the SQLite store and of the artifacts; made if it is not there.
    params : dict
        Flat or nested; nested names are joined with dots.
    metrics : dict of str to float
    files : list of Path
        Plots, tables and cards to keep with the run.

    Returns
    -------
    str
        The version the model registry gave, for example "3".
    """
    import mlflow

    store.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(tracking_uri(store))
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name(EXPERIMENT)
    if experiment is None:
        client.create_experiment(EXPERIMENT, artifact_location=(store / "mlruns").resolve().as_uri())
    mlflow.set_experiment(EXPERIMENT)
    example = pd.DataFrame([{**dict.fromkeys(AD_FIELDS, ""), **EXAMPLE}])
    with mlflow.start_run():
        mlflow.log_params({k: str(v)[:500] for k, v in _flat(params).items()})
        mlflow.log_metrics(metrics)
        for file in files:
            mlflow.log_artifact(str(file), artifact_path="evaluation")
        mlflow.set_tag("model_version", Scorer.load(bundle).version)
        info = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(Path(__file__).with_name("mlflow_model.py")),
            artifacts={"bundle": str(bundle)},
            signature=signature(),
            input_example=example,
            pip_requirements=requirements(),
            registered_model_name=REGISTERED_MODEL,
        )
    version = str(info.registered_model_version)
    client.set_registered_model_alias(REGISTERED_MODEL, CHALLENGER, version)
    return version


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
