"""MLflow and Spark."""

import os

# Offline by default: MLflow would report its use to its makers. It looks here when it is imported, so this comes first.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
