"""Which encoding a file of text is in, told from its first bytes."""

from __future__ import annotations

import codecs
import re

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_NEVER_IN_UTF8 = re.compile(rb"[\xc0\xc1\xf5-\xff]")
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1f]")

# What ads come in. Windows' own supersets stand for Big5, Shift JIS and EUC-KR: files use their additions.
_EAST_ASIAN = ("gb18030", "cp950", "cp932", "cp949")
_SAMPLE_BYTES = 32_768  # beyond it the guess gets slower, not better

# charset-normalizer mixes up the code pages of languages in Latin letters. The right one turns all letters
# beyond ASCII into letters of one language; in the wrong one French has "č" beside "ŕ". The first that is
# best wins, so the order is that of likelihood.
_LATIN_LETTERS: dict[str, tuple[str, ...]] = {
    "cp1252": ("àâäçèéêëîïôœùûüÿ", "äöüß", "áéíñóúü", "àáâãçéêíóôõú", "àèéìòù", "åäöøæé", "éëïóü"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "âăîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    "cp1258": ("àáâãèéêìíòóôõùúýăđơư\u0300\u0301\u0303\u0309\u0323",),
}


def detect_encoding(head: bytes) -> str:
    """Return the name of the codec that reads text beginning with `head`.

    Parameters
    ----------
    head : bytes
        The beginning of the file; may end within a character.

    Returns
    -------
    str
        ``utf-8`` (also for ASCII), ``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``utf-16-be``, ``utf-32``,
        ``gb18030``, ``cp950`` (Big5), ``cp932`` (Shift JIS), ``cp949`` (EUC-KR) or ``windows-1250`` to
        ``windows-1258``.

    Notes
    -----
    A few broken bytes in what is otherwise UTF-8 do not change the answer, so that only their rows are
    set aside and not the whole file is misread.

    Examples
    --------
    >>> detect_encoding("Требуются рабочие на стройку".encode("windows-1251"))
    'windows-1251'
    """
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if head.isascii() and b"\0" not in head:
        return "utf-8"
    return _utf16_without_bom(head) or ("utf-8" if _is_mostly_utf8(head) else _code_page(head))


def _utf16_without_bom(head: bytes) -> str | None:
    half = len(head) // 2
    if half < 2:
        return None
    even, odd = head[0 : 2 * half : 2], head[1 : 2 * half : 2]
    for high, low, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        small = len(_CONTROL_BYTE.findall(high)) / half
        # The high byte is 0 in Latin letters and below 32 in all alphabets; ideographs leave only the
        # blanks and separators to tell, and are not UTF-8.
        alphabetic = small > 0.6 and len(_CONTROL_BYTE.findall(low)) / half < 0.2
        more_zeros = high.count(0) > max(half * 0.01, low.count(0))
        ideographic = more_zeros and not _is_mostly_utf8(head)
        if alphabetic or (ideographic and half > 20):
            try:
                codecs.getincrementaldecoder(name)().decode(head)
            except UnicodeDecodeError:
                continue
            return name
    return None


def _is_mostly_utf8(head: bytes) -> bool:
    sequences = _UTF8_SEQUENCE.findall(head)
    # A character cut off at the end of the head is no error.
    stray = len(_HIGH_BYTE.findall(head[:-3])) - sum(map(len, sequences))
    if stray <= 0:
        return True
    # Two to one, as pairs of letters in a code page can look like UTF-8 now and then.
    if len(sequences) >= 2 * stray:
        return True
    # Broken bytes in ASCII: "caf\xe9" is a code page, "\xff\xfe" in the middle of a file is damage.
    return stray <= 8 and not sequences and len(_NEVER_IN_UTF8.findall(head)) == len(_HIGH_BYTE.findall(head))


def _code_page(head: bytes) -> str:
    from charset_normalizer import from_bytes

    windows = [f"cp{number}" for number in range(1250, 1259)]
    first = _HIGH_BYTE.search(head)
    begin = max(0, (first.start() if first else 0) - 256)
    sample = _without_cut_end(head[begin : begin + _SAMPLE_BYTES])
    best = from_bytes(sample, cp_isolation=[*_EAST_ASIAN, *windows]).best()
    name = "cp1252" if best is None else best.encoding
    if name in _LATIN_LETTERS:
        name = max(_LATIN_LETTERS, key=lambda page: _fit(sample, page))
    return name.replace("cp125", "windows-125")


def _fit(sample: bytes, page: str) -> float:
    """Return the share of letters beyond ASCII that belong to the one language of `page` that fits best."""
    letters = [char for char in sample.decode(page, "replace").lower() if ord(char) > 127 and not char.isspace()]
    letters = [char for char in letters if char.isalpha() or "\u0300" <= char <= "\u036f" or char == "\ufffd"]
    if not letters:
        return 0.0
    return max(sum(char in alphabet for char in letters) for alphabet in _LATIN_LETTERS[page]) / len(letters)


def _without_cut_end(sample: bytes) -> bytes:
    """Return `sample` up to its last line break, where no character is cut, unless that leaves only ASCII."""
    lines = sample[: sample.rfind(b"\n") + 1]
    return sample if lines.isascii() else lines
