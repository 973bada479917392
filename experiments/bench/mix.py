"""The ads that speed is measured with: a realistic mix of languages and boards, of one length, 5 % of them flagged.

Real ads where ``../shared/data`` is there, else those of the authored corpus. An ad shorter than wanted goes on with
other ads of its board and language, a longer one is cut; so an authored ad of 400 words holds the contacts and places
of many ads, and is slower to screen than a real one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from adscreen.scoring.scorer import Scorer

SHARED = Path("../shared/data")
AUTHORED = Path("data/authored")
FLAGGED = 0.05
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LETTERS_A_WORD = 2.5
"""Letters of a word in scripts without spaces."""


def corpus_name() -> str:
    """Say what the mix is made of, for the table."""
    return "real ads of ../shared/data" if SHARED.exists() else "ads of the authored corpus"


def mixed_ads(n_words: int, n_ads: int, scorer: Scorer, seed: int = 0) -> pd.DataFrame:
    """Return ads of `n_words` words, `FLAGGED` of them at or above review by `scorer`, in random order.

    Returns
    -------
    DataFrame, shape (n_ads, 3)
        ``ad_id``, ``title`` and ``description``; no two ads are the same text.
    """
    rng = np.random.default_rng(seed)
    genuine, deceptive = _groups()
    n_flagged = round(FLAGGED * n_ads)
    chosen: list[tuple[str, str]] = []
    for groups, band_is_clear, wanted in ((deceptive, False, n_flagged), (genuine, True, n_ads - n_flagged)):
        kept: dict[str, str] = {}
        for _ in range(20):
            drawn = [_ad(groups, n_words, rng) for _ in range(max(200, (wanted - len(kept)) * 2))]
            results = scorer.score(pd.DataFrame(drawn, columns=["title", "description"]))
            clear = results["band"].eq("clear") if band_is_clear else results["band"].isin(["review", "urgent"])
            kept |= {text: title for (title, text), keep in zip(drawn, clear, strict=True) if keep}
            if len(kept) >= wanted:
                break
        chosen += [(title, text) for text, title in list(kept.items())[:wanted]]
    frame = pd.DataFrame(chosen, columns=["title", "description"], dtype="str")
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    frame.insert(0, "ad_id", [f"ad{i}" for i in range(len(frame))])
    return frame


_Groups = list[tuple[float, list[tuple[str, list[str]]]]]


def _groups() -> tuple[_Groups, _Groups]:
    """Return genuine and deceptive ads as (weight, (title, pieces)) by board and language."""
    rows: dict[tuple[int, str, str], list[tuple[str, str]]] = {}
    authored = [json.loads(line) for file in sorted(AUTHORED.glob("*.jsonl")) for line in _lines(file)]
    for row in authored:
        rows.setdefault((row["label"], "authored", row["lang"]), []).append(("", row["text"]))
    if SHARED.exists():
        rows = {key: ads for key, ads in rows.items() if key[0] == 1}
        for file in sorted((SHARED / "genuine").glob("*.jsonl")):
            for row in map(json.loads, _lines(file)):
                key = (0, row["source"], str(row["lang"]))
                rows.setdefault(key, []).append((str(row.get("title") or ""), row["text"]))
        emscad = pd.read_csv(SHARED / "emscad/fake_job_postings.csv", dtype="str", keep_default_na=False)
        for row in emscad.to_dict("records"):
            text = "\n".join(row[name] for name in ("company_profile", "description", "requirements", "benefits"))
            rows.setdefault((int(row["fraudulent"]), "emscad", "en"), []).append((row["title"], text))
    both: tuple[_Groups, _Groups] = ([], [])
    for (label, _, _), ads in rows.items():
        # Boards differ a thousandfold in size: the square root lets the small languages be heard.
        both[label].append((len(ads) ** 0.5, [(title, _pieces(text)) for title, text in ads if text.strip()]))
    return both


def _lines(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as stream:
        return list(stream)


def _pieces(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _ad(groups: _Groups, n_words: int, rng: np.random.Generator) -> tuple[str, str]:
    weights = np.array([weight for weight, _ in groups])
    ads = groups[rng.choice(len(groups), p=weights / weights.sum())][1]
    title, words = ads[rng.integers(len(ads))]
    taken: list[str] = []
    room = float(n_words)
    while room > 0:
        for piece in words:
            unspaced = len(_UNSPACED.findall(piece))
            size = max(1.0, unspaced / _LETTERS_A_WORD)
            if unspaced and size > room:
                piece = piece[: max(1, int(room * _LETTERS_A_WORD))]
            taken.append(piece)
            room -= size
            if room <= 0:
                break
        else:
            taken.append("\n")
        words = ads[rng.integers(len(ads))][1]
    return title, "".join(taken).strip()
