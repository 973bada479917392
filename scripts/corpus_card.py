"""Write the data card of the authored corpus, data/authored/README.md: python scripts/corpus_card.py"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

CORPUS = Path("data/authored")

ABOUT = """# Data card: the authored corpus

**Every ad here is authored: written for this project, about nobody.** No public labelled set of overseas lures
exists; this corpus writes down what is reported about them, so that a model can learn it beside real ads. What is
measured on it shows behaviour, never effectiveness.

## What it is

{n:,} ads in {families:,} families and {languages} languages, one JSON object a line, one file a language. A family
starts from one reported pattern (`pattern` P01 to P27 are the published reports collected with the design) or one
honest corridor, and holds ads of the same role and style:

| kind | label | what it is |
|---|---|---|
| blatant | deceptive | a lure with three to six signs |
| subtle | deceptive | a lure with ordinary pay and clean language, one or two weak signs |
| twin | genuine | an honest ad, as near as there is one: same role, place, pay and tone |
| surface | genuine | an honest ad that shares the lure's surface: urgent, free visa, flight, room, chat contact |
| warning | genuine | a police, NGO or news text that quotes or describes the lure |

`type` says what the lure of the family really is. `pair` marks families whose subtle lure and twin are one text but
for the details that matter.

## How it was made

- Writers and readers are sessions of a language model, each with a persona and a brief of its own, who did not see one
  another's files, and not the behaviour set in `tests/behaviour/`. `writer` and `reader` record them. The second
  reader of each language mended unnatural wording, wrong labels and giveaways, in about a fifth of the ads.
  {unread}
- **No native speaker has read it.** The readers trust Amharic, Burmese, Khmer, Sinhala, Tamil, Kazakh, Uzbek and the
  dialects of Arabic least.
- Against the writers' habits, `make lint` proves that none of these alone tells the label (AUC within 0.40 to 0.60):
  length, channel, language, emoji, digits, exclamation marks, line breaks, phones, handles, domains, capitals, licence
  numbers, reassuring words; and that reassuring words together do not (bag of words, AUC at most 0.60).
- Phones hold 000 or X, handles end in `_ex`, domains in `.example`; companies are invented. Warnings and lures that
  impersonate may name real authorities and brands.

## Known weaknesses

- Some twins are in another country than their lure, or do a neighbouring job: nobody offers kidneys honestly.
- Surface ads are more often domestic than lures are. Honest ads still name a test or the wait for a permit a little
  more often, lures a passport or a tourist visa: partly habit, partly the mechanism itself.
- Habits of one model run through all writers. A gain on this corpus counts only where real ads do not lose by it.

## Counts
"""


def main() -> None:
    ads = pd.concat([pd.read_json(file, lines=True) for file in sorted(CORPUS.glob("*.jsonl"))])
    unread = sorted(ads.loc[ads["reader"].isna(), "writer"].unique())
    card = ABOUT.format(
        n=len(ads),
        families=ads["family"].nunique(),
        languages=ads["lang"].nunique(),
        unread=f"No second reader has read the ads of {', '.join(unread)}." if unread else "Every ad has had one.",
    )
    for column in ("lang", "channel", "kind", "type", "region", "writer"):
        card += f"\n| {column} | ads | deceptive |\n|---|---|---|\n"
        sizes = ads[column].value_counts()
        deceptive = ads.loc[ads["label"] == 1, column].value_counts()
        card += "".join(f"| {name} | {n} | {deceptive.get(name, 0)} |\n" for name, n in sizes.items())
    (CORPUS / "README.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
