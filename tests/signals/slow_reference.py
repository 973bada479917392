"""The tokeniser and the n-grams once more, written from their definitions in plain Python.

Slow and obvious. It shares with the code it checks only the table of plain letters (`fold`) and the list of
scripts without spaces; the hash constants are repeated here, as models depend on them.
"""

import unicodedata
from collections import Counter

from hypothesis import strategies as st

from adscreen.signals.unicode_table import SINGLE_RANGES, fold

FIELD_BOUNDARY = "\x1f"
_64_BITS = 2**64 - 1

_SCRIPTS = (
    "aZß Lương tuyển đà łódź İı",
    "работа Қазақша їжак",
    "شركة توظيف ئۇ ـ ٣٤٥ مُدَّة",
    "ภาษาไทย เงินเดือน ๑๒๓",
    "ភាសាខ្មែរ ១២",
    "မြန်မာစာ ၁၈",
    "ລາວ",
    "诚聘客服月薪〇々",
    "アルバイト募集ー",
    "구인 \u1100\u1161\u11a8\u1112\u1175",
    "हिन्दी नौकरी ৳ বাংলা தமிழ் සිංහල አማርኛ",
    "é\u0301 a\u0323\u0302 o\u031b\u0300 <\u0338 \u0958\u2adc\ufb1d \u0344",
    "😀👩‍🍳🇰🇭#️⃣",
    "½Ⅳ③² 0123456789 .,;:!?-_'\n\t",
)

text_bits = st.one_of(
    st.sampled_from(sorted({char for script in _SCRIPTS for char in script})),
    st.sampled_from(("a", "b", " ", "月", "薪", "\u0301", "\u0e31", FIELD_BOUNDARY)),
)
if unicodedata.unidata_version == "14.0.0":  # a newer Python knows characters that the frozen table does not
    text_bits = st.one_of(text_bits, text_bits, st.characters(), st.characters(categories=["Cs", "Mn", "Mc"]))

texts = st.lists(text_bits, max_size=60).map("".join)
"""Random text of many scripts, with combining marks, jamo, emoji, lone surrogates and field boundaries."""


def is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def is_token_char(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


def is_unspaced(char: str) -> bool:
    """A letter of a script without spaces between words; its digits are digits as anywhere."""
    return (
        unicodedata.category(char)[0] in "LN"
        and unicodedata.category(char) != "Nd"
        and any(low <= ord(char) <= high for low, high in SINGLE_RANGES)
    )


def slow_tokens(text: str) -> list[tuple[str, int, int]]:
    """Tokens of a text in NFC: as written, start, end."""
    found = []
    position = 0
    while position < len(text):
        if not is_token_char(text[position]):
            position += 1
            continue
        end = position + 1
        alone = is_unspaced(text[position])
        while end < len(text) and (
            is_mark(text[end]) or (not alone and is_token_char(text[end]) and not is_unspaced(text[end]))
        ):
            end += 1
        found.append((text[position:end], position, end))
        position = end
    return found


def folded(token: str) -> str:
    return "".join(chr(code) for char in token if (code := fold(char)))


def _times(value: int, factor: int) -> int:
    return value * factor & _64_BITS


def _mixed(value: int) -> int:
    value ^= value >> 32
    value = _times(value, 0xD6E8FEB86659FD93)
    return value ^ (value >> 29)


def _token_hash(token: str) -> int:
    value = 0xCBF29CE484222325
    for char in folded(token):
        value = _times(value ^ ord(char), 0x9E3779B97F4A7C15)
        value ^= value >> 31
    return value


def _gram_hash(tokens: list[str]) -> int:
    gram = 0
    for n, token in enumerate(reversed(tokens)):
        gram = _mixed((_times(gram + _token_hash(token) & _64_BITS, 0x9E3779B97F4A7C15) + n) & _64_BITS)
    return gram


def _ngrams(field: list[str], max_words: int, max_chars: int) -> list[list[str]]:
    grams = []
    for last in range(len(field)):
        for n in range(1, max(max_words, max_chars) + 1):
            gram = field[max(last + 1 - n, 0) : last + 1]
            if len(gram) == n and (n <= max_words or all(is_unspaced(token[0]) for token in gram)):
                grams.append(gram)
    return grams


def _stem_hash(token: str, stem: int) -> int:
    return _mixed(_times(_token_hash(folded(token)[:stem]) + 0x51ED270B27A1F3C5 & _64_BITS, 0x9E3779B97F4A7C15))


def slow_counts(text: str, n_buckets: int, max_words: int, max_chars: int, stem: int) -> tuple[Counter[int], int]:
    """How often each bucket occurs in `text`, and its number of tokens."""
    fields = [
        [token for token, _, _ in slow_tokens(field)]
        for field in unicodedata.normalize("NFC", text).split(FIELD_BOUNDARY)
    ]
    counts = Counter(
        (_gram_hash(gram) >> 20) % n_buckets for field in fields for gram in _ngrams(field, max_words, max_chars)
    )
    counts.update(
        (_stem_hash(token, stem) >> 20) % n_buckets
        for field in fields
        for token in field
        if 0 < stem < len(folded(token)) and not is_unspaced(token[0])
    )
    n_tokens = sum(map(len, fields))
    return counts, n_tokens


def slow_words(text: str) -> list[int]:
    """The places in the hashed vocabulary of each word, and of each pair of letters of scripts without spaces."""
    places = []
    for field in unicodedata.normalize("NFC", text).split(FIELD_BOUNDARY):
        tokens = [token for token, _, _ in slow_tokens(field)]
        for i, token in enumerate(tokens):
            if not is_unspaced(token[0]):
                places.append((_gram_hash([token]) >> 8) % 2**22)
            elif i > 0 and is_unspaced(tokens[i - 1][0]):
                places.append((_gram_hash(tokens[i - 1 : i + 1]) >> 8) % 2**22)
    return places
