"""Train the model that ships: all stages on the corpus ``release`` of params.yaml, then models/ is written.

    python scripts/release.py --corpus ../shared/data

The same stages as `dvc repro`, on the real data. No row of it is copied into the project: interim files go to
a temporary folder, and models/ holds the bundle (hashed weights), its card and its figures.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from adscreen.errors import AdscreenError
from adscreen.scoring.verify import verify
from adscreen.stages import calibrate, campaigns, evaluate, fit, ingest, package, signals, split
from adscreen.stages.settings import Params, Paths

MODELS = Path("models")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the real data")
    parser.add_argument("--params", type=Path, default=Path("params.yaml"))
    parser.add_argument("--keep", type=Path, help="keep the interim files in this folder, for experiments")
    parser.add_argument(
        "--deep", type=Path, metavar="VECTORS.npz", help="fit the deep model too; keeps the vectors of the ads there"
    )
    arguments = parser.parse_args()
    params = Params.load(arguments.params, corpus="release")
    settings = params.package.model_copy(update={"mlflow": False})
    deep = params.deep.model_copy(update={"enabled": True, "vectors": arguments.deep} if arguments.deep else {})
    params = params.model_copy(update={"root": str(arguments.corpus), "package": settings, "deep": deep})
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        paths = Paths(folder / "interim", folder / "report", folder / "adscreen.bundle", folder / "mlflow")
        for stage in (ingest, signals, campaigns, split, fit, calibrate, evaluate, package):
            print(f"--- {stage.__name__.rpartition('.')[2]}", file=sys.stderr, flush=True)
            stage.run(params, paths)
        verify(paths.bundle)
        MODELS.mkdir(exist_ok=True)
        shutil.copy(paths.bundle, MODELS / "adscreen.bundle")
        for name in ("model_card.md", "data_card.md", "metrics.json"):
            shutil.copy(paths.report / name, MODELS / name)
        for part in ("tables", "plots"):
            shutil.rmtree(MODELS / part, ignore_errors=True)
            shutil.copytree(paths.report / part, MODELS / part)
    print(f"{MODELS / 'adscreen.bundle'} is ready. Commit models/ to ship it.")


if __name__ == "__main__":
    try:
        main()
    except AdscreenError as error:
        sys.exit(f"Error: {error}")
