"""How much of an ad is disguised: a sign of its own, beside whatever the words say.

The disguises are undone while cleaning (`adscreen.ads.cleaning`); this tells where they were.
"""

from __future__ import annotations

from adscreen.ads.cleaning import clean_and_count, clean_with_offsets


def disguised_spans(text: str) -> list[tuple[int, int]]:
    """Return where in `text`, as scraped, words stand whose letters were disguised.

    Look-alikes of other alphabets, signs and invisible characters between letters, letters spaced out, digits for
    letters, squared and framed letters and small capitals count. Letters repeated or spaced out in capitals, full-width
    ones and mathematical alphabets do not: they shout.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (int, int)
        Start and end of each word with what is stuck to it, in order, not overlapping; empty, and cheap to tell, for
        nearly every ad.

    Examples
    --------
    >>> disguised_spans("Free v1sa, pas\u200bsport")
    [(5, 10), (11, 20)]
    """
    return list(clean_with_offsets(text).disguised) if obfuscation_count(text) else []


def obfuscation_count(text: str) -> int:
    """Return the number of `disguised_spans` in `text`; `clean_and_count` gives it with the clean text."""
    return clean_and_count(text)[1]
