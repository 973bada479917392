"""One look at each character of a text tells what cleaning has to do to it, and where a disguised word may stand.

Nothing is decided here. A stretch between blanks is a suspect if it holds what disguises are made of, and most suspects
turn out to be ordinary ("part-time", "10am"): `adscreen.ads.disguises` looks at them one by one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.character_table import CharacterTable
from adscreen.ads.characters import BLANKS, BREAKS, COMMON, INVISIBLE, REMOVED, SIGN_BLANKS, is_plain
from adscreen.ads.lookalikes import BREAK, FOREIGN, LATIN, LOOK, SINGLE, TABLE_SIZE, cyrillic_twins, kinds
from adscreen.ads.search_kernels import (
    ALPHABETS,
    ANY_BLANK,
    ANY_BREAK,
    ANY_SPACED,
    ANY_UNSEEN,
    COMMON_SIGNS,
    INVISIBLE_SIGN,
    LATIN_LETTER,
    NOT_PLAIN,
    ODD_BLANK,
    OTHER_LETTER,
    REMOVED_SIGN,
    SIGN_BLANK,
    TWO_BLANKS,
    find_suspects,
    pairs,
    squeeze,
    without,
)
from adscreen.ads.suspect_flags import CYRILLIC_TEXT, LATIN_TEXT, NO_OTHER_ALPHABET, SPACED, whole_words

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_COMMON = [(char, plain, sign) for (char, plain), sign in zip(COMMON, COMMON_SIGNS, strict=False)]
_SIGNS = {char: sign for char, _, sign in _COMMON}
_ANY_COMMON = sum(_SIGNS.values())


class Seen(NamedTuple):
    """What one look at a text tells.

    Attributes
    ----------
    suspects : list of (int, int, int)
        Start, end and flags of what may be disguised, in order of start; where two begin together, the longer first.
        They may overlap.
    """

    codes: NDArray[np.uint32]
    numbers: int
    features: int
    suspects: list[tuple[int, int, int]]

    @property
    def has_removed(self) -> bool:
        """Whether there are characters that cleaning takes out."""
        return self.numbers & REMOVED_SIGN != 0

    @property
    def has_invisible(self) -> bool:
        """Whether there are any that words are hidden by."""
        return self.numbers & INVISIBLE_SIGN != 0

    @property
    def has_wide_blanks(self) -> bool:
        """Whether any blanks are not one blank or line feed on its own."""
        return self.numbers & ODD_BLANK != 0 or self.features & TWO_BLANKS != 0

    @property
    def disguise_may_be_in_blanks(self) -> bool:
        """Whether other disguises may be found once runs of blanks are one blank each."""
        return self.numbers & SIGN_BLANK != 0 or self.features & ANY_SPACED != 0

    @property
    def is_composed(self) -> bool:
        """Whether the text is surely in NFKC."""
        return self.numbers & (NOT_PLAIN | _ANY_COMMON) == 0

    def with_common_replaced(self, text: str) -> tuple[str, bool]:
        """Return the text with the most common characters not in NFKC replaced, and whether that surely is in NFKC."""
        for char, plain, sign in _COMMON:
            if self.numbers & sign:
                text = text.replace(char, plain)
        return text, self.numbers & NOT_PLAIN == 0

    def without_removed(self) -> str:
        """Return the text without the characters that cleaning takes out."""
        return _as_text(without(self.codes[:-1], _table().of, REMOVED_SIGN))

    def squeezed(self) -> str:
        """Return the text with each run of blanks made one."""
        return _as_text(squeeze(self.codes[:-1], _table().of))


def _as_text(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def look(text: str) -> Seen:
    """Look at each character of `text`.

    One look finds what searching for classes of scattered characters takes ten times as long to.
    """
    codes = np.frombuffer((text + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _table()
    rows = find_suspects(codes, table.of, pairs())
    found = rows.tolist()
    numbers, features, _ = found.pop(0)
    if features & ANY_UNSEEN:
        table.learn(codes)
        found = find_suspects(codes, table.of, pairs()).tolist()
        numbers, features, _ = found.pop(0)
    if features & ALPHABETS:
        (n_latin, n_look, n_foreign), *words = whole_words(codes, table.of, cyrillic_twins()).tolist()
        alone = NO_OTHER_ALPHABET * (n_foreign == 0)
        context = alone | (LATIN_TEXT if n_latin > n_look + n_foreign else CYRILLIC_TEXT)
        found = [(start, end, flag | context) for start, end, flag in found]
        found += [(start, end, flag | alone) for start, end, flag in words]
        found.sort(key=_by_start)
    elif features & ANY_SPACED:  # others are found in order
        found.sort(key=_by_start)
    return Seen(codes, numbers, features, found)


def _by_start(suspect: tuple[int, int, int]) -> tuple[int, int, int]:
    start, end, flags = suspect
    return start, -end, -(flags & SPACED)


@cache
def _table() -> CharacterTable:
    table = CharacterTable(np.uint64, _number_of)
    table.learn(np.arange(0x20, 0x7F, dtype=np.uint32))
    return table


def _number_of(char: str) -> int:
    code = ord(char)
    kind = int(kinds()[code]) if code < TABLE_SIZE else SINGLE if code < 0x40000 else BREAK
    number = kind
    number |= _SIGNS.get(char, 0)
    for sign, is_so in (
        (REMOVED_SIGN, REMOVED.match(char) is not None),
        (INVISIBLE_SIGN, _INVISIBLE.match(char) is not None),
        (LATIN_LETTER, kind == LATIN),
        (OTHER_LETTER, kind in (LOOK, FOREIGN)),
        (ANY_BLANK, char in BLANKS),
        (ANY_BREAK, char in BREAKS),
        (ODD_BLANK, char in BLANKS and char not in " \n"),
        (SIGN_BLANK, char in SIGN_BLANKS),
        (NOT_PLAIN, char not in _SIGNS and not is_plain(char)),
    ):
        number |= sign * is_so
    return number
