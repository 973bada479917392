"""The phrases alone: adscreen's own finder beside spaCy's PhraseMatcher on the same fixed texts.

PhraseMatcher knows neither gaps nor beginnings of words nor numbers: it gets every fixed text of the phrases, and the
finder all phrases with their gaps. Both read the same folded tokens; for PhraseMatcher the time includes its Doc.
"""

from __future__ import annotations

import time
from importlib.metadata import version
from typing import Any

from adscreen.ads.cleaning import clean
from adscreen.signals.folded import fold_text
from adscreen.signals.indicator_files import read_catalogue
from adscreen.signals.indicator_index import FOLDER, shipped_index
from adscreen.signals.phrase_finder import PhraseFinder
from adscreen.signals.phrases import spell_out


def fixed_texts() -> list[str]:
    """Every fixed text of the shipped phrases that is made of whole words, each once."""
    texts: dict[str, None] = {}
    for file in read_catalogue(FOLDER).phrases:
        for section in (file.phrases, file.cancel):
            for phrases in section.values():
                for variant in (variant for phrase in phrases for variant in spell_out(phrase)):
                    literals = (literal for slot in variant for literal in slot.literals)
                    texts |= dict.fromkeys(each.text for each in literals if each.text and not each.prefix)
    return list(texts)


def phrase_rates(ads: list[str], runs: int) -> list[dict[str, Any]]:
    """Ads a second of both, the best of `runs` after one to warm up."""
    import spacy
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

    texts = [clean(ad) for ad in ads]
    index = shipped_index()
    finder = PhraseFinder(index.chains)
    fixed = fixed_texts()
    vocab = spacy.blank("xx").vocab
    matcher = PhraseMatcher(vocab)
    matcher.add("phrase", [Doc(vocab, words=text.split(" ")) for text in fixed])
    words = [[word for word in fold_text(text).text.split(" ") if word and word != "\n"] for text in texts]

    def rate(work: Any) -> float:
        best = float("inf")
        for _ in range(runs + 1):
            started = time.perf_counter()
            work()
            best = min(best, time.perf_counter() - started)
        return len(texts) / best

    return [
        {
            "finder": "adscreen, tokens and phrases with gaps",
            "version": version("adscreen"),
            "phrases": len(index.chains.states),
            "ads_per_second": rate(lambda: [finder.find(fold_text(text)) for text in texts]),
        },
        {
            "finder": "spaCy PhraseMatcher, fixed texts only, tokens given",
            "version": version("spacy"),
            "phrases": len(fixed),
            "ads_per_second": rate(lambda: [matcher(Doc(vocab, words=each)) for each in words]),
        },
    ]
