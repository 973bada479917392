"""Names of campaigns that stay: derived from the content, and kept when ads are added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import blake2b
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Change(NamedTuple):
    """A campaign that is no longer what it was.

    Attributes
    ----------
    kind : str
        ``merged``: `campaign_id` is now part of `other`. ``split``: `ads` ads of `campaign_id` are now in `other`, or
        on their own where that is empty.
    campaign_id, other : str
    ads : int
    """

    kind: str
    campaign_id: str
    other: str
    ads: int


class Named(NamedTuple):
    """The campaign of each ad (None for an ad on its own), and what became of the old ones."""

    ids: list[str | None]
    changes: list[Change]


def content_digest(text: str) -> str:
    """Return 16 hexadecimal digits for one text, which should be masked: nobody should guess a number by trying."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def name_campaigns(
    labels: NDArray[np.int64],
    digests: Sequence[str],
    before: Sequence[str | None] | None = None,
    used: Collection[str] = (),
    ad_ids: Sequence[str] | None = None,
) -> Named:
    """Name groups of ads.

    A new campaign is named after the smallest digest of its texts: the order of the ads decides nothing. One that was
    known keeps its name. Of several that became one, the name with the most ads is kept (of as many, the first in the
    alphabet); of one that fell apart, the part with the most of its ads keeps the name.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_ads,)
        -1 for an ad on its own.
    digests : sequence of str
        `content_digest` of each ad.
    before : sequence of str or None, optional
        Campaign of each ad until now.
    used : collection of str
        Names that were given once and must not be given to anything else.
    ad_ids : sequence of str, optional
        Decides, where new campaigns have the same smallest digest, which of them is named first: the one with the
        smallest id. Without it the one whose ad comes first.

    Returns
    -------
    Named
    """
    old: list[str | None] = [None] * len(labels) if before is None else list(before)
    members: dict[int, list[int]] = {}
    for ad, label in enumerate(labels.tolist()):
        if label >= 0:
            members.setdefault(label, []).append(ad)
    held = {label: Counter(name for ad in ads if (name := old[ad])) for label, ads in members.items()}
    claims = sorted((-number, name, label) for label, names in held.items() for name, number in names.items())
    name_of: dict[int, str] = {}
    given: set[str] = set()
    for _, name, label in claims:
        if label not in name_of and name not in given:
            name_of[label] = name
            given.add(name)
    taken = given | set(used) | {name for name in old if name}
    fresh = sorted(
        (min(digests[ad] for ad in ads), min(ad_ids[ad] for ad in ads) if ad_ids else "", ads[0], label)
        for label, ads in members.items()
    )
    for digest, _, _, label in fresh:
        if label not in name_of:
            name_of[label] = _unused(digest, taken)
            taken.add(name_of[label])
    ids = [name_of[label] if label >= 0 else None for label in labels.tolist()]
    return Named(ids, _changes(ids, old, given))


def new_name(digest: str, attempt: int = 0) -> str:
    """Return the name of a campaign; the first attempt is 0, others are for names that are taken."""
    return f"c-{content_digest(f'{digest} {attempt}') if attempt else digest}"


def _unused(digest: str, taken: set[str]) -> str:
    return next(name for attempt in count() if (name := new_name(digest, attempt)) not in taken)


def _changes(ids: list[str | None], old: list[str | None], kept: set[str]) -> list[Change]:
    """Return what became of each old campaign whose ads are not all where they were."""
    moved = Counter((was, now or "") for was, now in zip(old, ids, strict=True) if was and was != now)
    changes = []
    places = Counter(was for was, _ in moved)
    for (was, now), ads in sorted(moved.items()):
        whole = was not in kept and places[was] == 1 and now
        changes.append(Change("merged" if whole else "split", was, now, ads))
    return changes
