"""When two names are one employer's."""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"\W+|\b(?:ltd|limited|inc|llc|llp|co|corp|company|gmbh|pt|cv|tbk|sdn|bhd|pvt|plc|sa|sas|srl)\b")


def company_key(name: str) -> str:
    """Return `name` without case, punctuation and legal form, or '' where that leaves under 3 letters."""
    # NFKC: full-width letters, and accents written as characters of their own, are the same name.
    key = " ".join(_NOISE.sub(" ", unicodedata.normalize("NFKC", name).casefold()).split())
    return key if len(key) >= 3 else ""
