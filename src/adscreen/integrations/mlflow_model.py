"""The bundle as an MLflow pyfunc, packaged as models-from-code: MLflow runs this file to load the model.

Nothing is pickled. The model is the bundle, kept as an artifact, and this file.
"""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd

from adscreen.scoring.scorer import Scorer


class AdscreenModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """Loads the bundle and scores frames with it."""

    def load_context(self, context: Any) -> None:
        """Load the bundle that was logged with the model."""
        self._scorer = Scorer.load(context.artifacts["bundle"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return one result row for each ad; see `adscreen.scoring.scorer.Scorer.score`."""
        return self._scorer.score(model_input)


mlflow.models.set_model(AdscreenModel())
