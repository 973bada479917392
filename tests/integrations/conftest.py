"""One training run logged to a real MLflow store."""

import os
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from adscreen.scoring.scorer import shipped_model

PARAMS = {"root": "data", "fit": {"C": 10.0, "max_words": 2}, "sources": [{"name": "authored"}]}
METRICS = {"roc_auc": 0.7111, "brier": 0.0435}


class Logged(NamedTuple):
    """What logging a run left behind."""

    store: Path
    version: str
    elsewhere: list[str]
    attempts: list[object]


@pytest.fixture(scope="session")
def logged(tmp_path_factory):
    """The shipped model, logged twice from an empty working folder, with the network shut."""
    from adscreen.integrations.mlflow_log import log_run

    base = tmp_path_factory.mktemp("mlflow")
    work = base / "work"
    work.mkdir()
    card = base / "model_card.md"
    card.write_text("# Model card: Модель ۲\n", encoding="utf-8")
    attempts = []

    def refuse(*where):
        attempts.append(where)
        raise OSError("logging works offline")

    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        os.chdir(work)
        try:
            for _ in range(2):
                version = log_run(
                    shipped_model(), store=base / "experiments", params=PARAMS, metrics=METRICS, files=[card]
                )
        finally:
            os.chdir(before)
    return Logged(base / "experiments", version, sorted(p.name for p in work.rglob("*")), attempts)
