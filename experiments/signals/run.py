"""The joined risk on the behaviour set: python experiments/signals/run.py [--final]

ROC AUC, recall at 10 % false alarms and minimal pairs in order, for the shipped model with and without its
indicators. Authored text proves behaviour, not effectiveness. The held-out half is scored with --final only.
Writes results.md beside this file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from adscreen.ads.cleaning import clean
from adscreen.learning.metrics import recall_at_false_alarms, roc_auc
from adscreen.scoring.scorer import Scorer
from adscreen.signals.linear_text import score_texts
from adscreen.signals.table import SignalTable

HERE = Path(__file__).parent
SET = HERE.parents[1] / "tests" / "behaviour"


def main() -> None:
    scorer = Scorer.load()
    model = scorer.bundle.risk
    lines = ["# The joined risk on the behaviour set", "", (__doc__ or "").strip(), ""]
    lines += [f"Model {scorer.version}.", "", "| half | risk | AUC | recall at 10 % | pairs | warnings unscorable |"]
    lines += ["|---|---|---|---|---|---|"]
    for half in ("development", "held_out") if "--final" in sys.argv else ("development",):
        rows = [json.loads(line) for line in (SET / f"{half}.jsonl").read_text("utf-8").splitlines()]
        ads = pd.DataFrame(rows)
        warnings = (ads["kind"] == "awareness").to_numpy()
        texts = [clean(text) for text in ads["text"]]
        codes = tuple(model.signals)
        found = [
            {each.code for each in scorer.read({"description": text}, lang.split("-")[0]).evidence}
            for text, lang in zip(ads["text"], ads["lang"], strict=True)
        ]
        scores = score_texts(scorer.bundle.text, texts)
        bands = scorer.score(pd.DataFrame({"description": ads["text"]}))["band"].to_numpy()
        for name, signals in (("joined", SignalTable.of(found, codes)), ("text", SignalTable.empty(len(ads)))):
            risk = model.log_odds(scores, signals)
            use = ~warnings
            labels = ads["label"].to_numpy()[use]
            ones = np.ones(len(labels))
            auc = roc_auc(labels, risk[use], ones)
            recall = recall_at_false_alarms(0.10)(labels, risk[use], ones)
            pairs = [
                float(part["risk"][part["label"] == 1].min() > part["risk"][part["label"] == 0].max())
                for _, part in ads.assign(risk=risk)[ads.get("pair", pd.Series(0, ads.index)).fillna(0) != 0].groupby(
                    "family"
                )
                if part["label"].nunique() == 2
            ]
            unscorable = f"{(bands[warnings] == 'unscorable').sum()} of {warnings.sum()}"
            lines.append(
                f"| {half} | {name} | {auc:.3f} | {recall:.3f} | {np.mean(pairs):.3f} of {len(pairs)} | {unscorable} |"
            )
        wrong = ((bands == "unscorable") & ~warnings).sum()
        lines.append(f"| {half} | offers taken for unscorable: {wrong} of {(~warnings).sum()} | | | | |")
    (HERE / "results.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines[-8:]))


if __name__ == "__main__":
    main()
