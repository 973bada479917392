"""All real ads of ../shared/data in one frame: text, lang, source, employer (where the data says so), genuine."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from adscreen.ads.cleaning import clean

EMSCAD_FIELDS = ["title", "company_profile", "description", "requirements", "benefits"]


def load(corpus: Path) -> pd.DataFrame:
    """Return the ads with columns text (cleaned), lang, source, title, employer ('' if unknown), genuine, known."""
    emscad = pd.read_csv(corpus / "emscad/fake_job_postings.csv", dtype=str, keep_default_na=False)
    drawn = pd.read_csv(corpus / "emscad/sampling.csv", dtype=str)
    emscad = emscad.merge(drawn, on="job_id", validate="one_to_one")
    frames = [
        pd.DataFrame(
            {
                "text": emscad[EMSCAD_FIELDS].agg("\n".join, axis=1),
                "lang": "en",
                "source": "emscad",
                "title": emscad["title"],
                "employer": emscad["company_profile"].str[:200],
                "genuine": emscad["fraudulent"] == "0",
                "known": emscad["disjoint_group"],
            }
        )
    ]
    for name in ("genuine/genuine_ads", "genuine/more_genuine_ads", "within/zh_58com_2019", "within/vi_facebook_2025"):
        ads = pd.read_json(corpus / f"{name}.jsonl", lines=True, dtype=False, convert_dates=False)
        title = ads["title"].fillna("") if "title" in ads else pd.Series("", ads.index)
        group = ads["group"].astype(str) if "group" in ads else pd.Series("", ads.index)
        frames.append(
            pd.DataFrame(
                {
                    "text": title + "\n" + ads["text"],
                    "lang": ads["lang"],
                    "source": ads["source"],
                    "title": title,
                    "employer": group,
                    "genuine": (ads["label"] == 0) if "label" in ads else True,
                    "known": "",
                }
            )
        )
    ads = pd.concat(frames, ignore_index=True)
    ads["text"] = [clean(text) for text in ads["text"]]
    return ads[ads["text"].str.len() > 0].reset_index(drop=True)
