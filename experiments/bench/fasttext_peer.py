"""Train fastText and time its scoring; run by run.py in an environment that has fastText.

    python fasttext_peer.py task.json

The task holds `train` (pairs of label and text), `texts` (by length) and `repeats`; the answer on stdout is
JSON with `version` and `rates` (best ads per second by length).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import fasttext


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        lines = [f"__label__{label} {' '.join(text.split())}" for label, text in task["train"]]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        model = fasttext.train_supervised(str(file), wordNgrams=2, thread=1, verbose=0)
    rates = {}
    for length, texts in task["texts"].items():
        best = float("inf")
        for _ in range(task["repeats"] + 1):
            started = time.perf_counter()
            for text in texts:
                # The wrapper's own predict fails with numpy 2; this is the compiled call inside it.
                model.f.predict(text + "\n", 1, 0.0, "strict")
            best = min(best, time.perf_counter() - started)
        rates[length] = len(texts) / best
    print(json.dumps({"version": version("fasttext"), "rates": rates}))


if __name__ == "__main__":
    main()
