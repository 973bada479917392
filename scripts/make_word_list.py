"""Write the words that a disguise can hide: python scripts/make_word_list.py

Words of the authored corpus in Latin or Cyrillic letters, seen in at least `FAMILIES` families, so that neither a slip
nor a disguise of one author counts; compounds with a hyphen seen anywhere. Writes src/adscreen/ads/known_words.txt.xz,
one word a line, the same bytes from the same corpus.
"""

from __future__ import annotations

import json
import lzma
import re
from collections import defaultdict
from pathlib import Path

CORPUS, TARGET = Path("data/authored"), Path("src/adscreen/ads/known_words.txt.xz")
FAMILIES = 3
_LETTER = "a-zß-öø-ɏḁ-ỹѐ-ԯа-я"
_WORD = re.compile(f"[{_LETTER}]+")
_COMPOUND = re.compile(f"(?<![-\\w])[{_LETTER}]+(?:-[{_LETTER}]+){{1,3}}(?![-\\w])")


def word_list(texts: list[tuple[str, str]]) -> list[str]:
    """Return the known words of (family, text) pairs, sorted."""
    families: dict[str, set[str]] = defaultdict(set)
    compounds: set[str] = set()
    for family, text in texts:
        folded = text.casefold()
        for word in set(_WORD.findall(folded)):
            families[word].add(family)
        compounds |= {word for word in _COMPOUND.findall(folded) if max(map(len, word.split("-"))) > 1}
    words = {word for word, seen in families.items() if len(seen) >= FAMILIES and len(word) > 1}
    return sorted(words | compounds)


def main() -> None:
    texts = []
    for file in sorted(CORPUS.glob("*.jsonl")):
        ads = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        texts += [(ad["family"], ad["text"]) for ad in ads]
    TARGET.write_bytes(lzma.compress("\n".join(word_list(texts)).encode(), preset=9))


if __name__ == "__main__":
    main()
