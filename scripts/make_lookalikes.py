"""Cut Unicode's confusables to the letters that stand in for Latin ones: python scripts/make_lookalikes.py

Reads the table that the package `confusable-homoglyphs` ships (Unicode Technical Standard 39) and Python's own names of
small capitals; writes src/adscreen/ads/lookalikes.yaml. Letters that a living language writes with are left out where
they would turn real words: Latin ones of the alphabets of Europe and Africa, and scripts with ads of their own.
"""

from __future__ import annotations

import json
import unicodedata
from importlib import resources
from pathlib import Path

TARGET = Path("src/adscreen/ads/lookalikes.yaml")
# Written between people: Turkish dotless i, Hausa, Ewe and Pan-Nigerian letters.
KEPT_LATIN = "ıƴɣʋƄƍƖƦƽẝỿ"
SCRIPTS = (
    "LATIN CYRILLIC GREEK ARMENIAN CHEROKEE COPTIC LISU CANADIAN TIFINAGH RUNIC DESERET OSAGE ELBASAN CARIAN LYCIAN "
    "LYDIAN OLD MIAO WARANG"
)
# What people read for a Latin letter although Unicode does not list it. Only believed if the word is known.
LOOSE = {
    "b": "вьβБ", "e": "εэ", "h": "н", "k": "кκ", "m": "м", "n": "пηи", "r": "гя", "t": "тτ", "u": "иμц", "w": "шωщ",
    "y": "ч", "v": "ν", "x": "χж", "A": "ΛΔД", "E": "ΣΞЭ", "N": "ИП", "R": "ЯГ", "U": "ЦИ", "W": "ШЩ", "B": "Б",
    "O": "ΘФ",
}  # fmt: skip
# Latin letters and digits within a Cyrillic word.
CYRILLIC = {
    "a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "y": "у", "i": "і", "j": "ј", "s": "ѕ", "A": "А",
    "B": "В", "C": "С", "E": "Е", "H": "Н", "I": "І", "J": "Ј", "K": "К", "M": "М", "O": "О", "P": "Р", "T": "Т",
    "X": "Х", "Y": "У",
}  # fmt: skip
CYRILLIC_LOOSE = {
    "k": "к", "m": "м", "t": "т", "h": "н", "b": "ь", "n": "п", "u": "и", "r": "г", "w": "ш", "g": "д", "R": "Я",
    "N": "И", "W": "Ш", "B": "В",
}  # fmt: skip
HEADER = """\
# Letters that look like Latin ones: `strict` in Unicode's confusables.txt (UTS 39; taken from the package
# confusable-homoglyphs, MIT) and its small capitals, `loose` only to a reader in a hurry, so believed less.
# `cyrillic` and `cyrillic_loose`: Latin letters within a Cyrillic word. Made by scripts/make_lookalikes.py.
# Data: Copyright (c) 1991-2024 Unicode, Inc., under the Unicode License V3 (https://www.unicode.org/license.txt).
"""


def strict() -> dict[str, str]:
    """Return for each Latin letter those that look like it."""
    table = json.loads(resources.files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for char, entries in table.items():
        for entry in entries:
            if len(char) == 1 and len(entry["c"]) == 1 and entry["c"].isascii() and entry["c"].isalpha():
                found.setdefault(entry["c"], set()).add(char)
    # Both shapes are read as an l first; NFKC makes of the lunate sigma, which is a c, a final one.
    found["i"] -= {"\u04cf"}
    found["l"].add("\u04cf")
    found["c"].add("ς")
    # The table compares lower-case l with capital I of other scripts: to a reader they are an I.
    for char in list(found["l"]):
        if char.isupper():
            found["l"].remove(char)
            found.setdefault("I", set()).add(char)
    for code in range(0x250, 0xAB70):
        name = unicodedata.name(chr(code), "")
        letter = name.removeprefix("LATIN LETTER SMALL CAPITAL ")
        if letter != name and len(letter) == 1:
            found.setdefault(letter.lower(), set()).add(chr(code))
    return {letter: "".join(sorted(filter(_wanted, chars))) for letter, chars in sorted(found.items())}


def _wanted(char: str) -> bool:
    if char.isascii() or not char.isalpha() or char in KEPT_LATIN or unicodedata.normalize("NFKC", char) != char:
        return False
    return unicodedata.name(char).split()[0] in SCRIPTS.split()


def main() -> None:
    parts = {"strict": strict(), "loose": LOOSE, "cyrillic": CYRILLIC, "cyrillic_loose": CYRILLIC_LOOSE}
    lines = []
    for name, table in parts.items():
        lines += [f"{name}:", *(f'  "{letter}": "{chars}"' for letter, chars in table.items() if chars)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
