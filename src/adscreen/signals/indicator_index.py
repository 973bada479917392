"""The phrases of all indicators, laid out for the finder, and the file they are kept in.

To read the YAML of every language takes seconds; ``indicators/index.npz`` holds what comes of it, with a hash of the
files it was made from. ``python -m adscreen.signals.indicator_index`` writes it again after a change of phrases; until
then adscreen reads the YAML. Like every file adscreen reads, it holds arrays and JSON, and nothing that is executed.
"""

from __future__ import annotations

import hashlib
import io
import json
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np

from adscreen.signals.indicator_files import Catalogue, read_catalogue
from adscreen.signals.phrase_chains import Chains, make_chains, variants_of
from adscreen.signals.phrases import Variant

FOLDER = Path(str(resources.files("adscreen.signals") / "indicators"))
INDEX_FILE = FOLDER / "index.npz"
CODE_THAT_LAYS_OUT = ("phrases.py", "phrase_chains.py", "phrase_kernel.py", "unicode_table.npz")
"""A change of these makes the index that ships stale: write it again."""


class Owner(NamedTuple):
    """Whose a phrase is: an indicator in a language, or, with `cancels`, what makes its hits void."""

    code: str
    language: str
    cancels: bool


class Index(NamedTuple):
    """All phrases, ready to be found.

    Attributes
    ----------
    owners : list of Owner
        By the number of the owner in `chains`.
    negations : dict of str to pair of list of str
        By language the words that negate before and after a phrase.
    chains : Chains
    """

    owners: list[Owner]
    negations: dict[str, tuple[list[str], list[str]]]
    chains: Chains


def build_index(catalogue: Catalogue) -> Index:
    """Lay out the phrases of `catalogue`."""
    owners: list[Owner] = []
    negations: dict[str, tuple[list[str], list[str]]] = {}
    variants: list[tuple[Variant, int]] = []
    for file in catalogue.phrases:
        before, after = negations.setdefault(file.language, ([], []))
        before += file.negation.before
        after += file.negation.after
        for cancels, section in ((False, file.phrases), (True, file.cancel)):
            for code, phrases in section.items():
                variants += variants_of(phrases, len(owners))
                owners.append(Owner(code, file.language, cancels))
    return Index(owners, negations, make_chains(variants))


def shipped_index() -> Index:
    """Return the index of the indicators that ship, from its file if that is of today's phrases."""
    index = _read(INDEX_FILE) if INDEX_FILE.exists() else None
    return build_index(read_catalogue(FOLDER)) if index is None else index


def write_index() -> int:
    """Write the index of the indicators that ship; return its size in bytes."""
    index = build_index(read_catalogue(FOLDER))
    notes = {
        "made_from": _hash_of_sources(),
        "owners": index.owners,
        "negations": index.negations,
    }
    arrays = index.chains._asdict()
    buffer = io.BytesIO()
    np.savez_compressed(buffer, notes=np.frombuffer(json.dumps(notes, ensure_ascii=False).encode(), np.uint8), **arrays)
    INDEX_FILE.write_bytes(buffer.getvalue())
    return len(buffer.getvalue())


def _read(path: Path) -> Index | None:
    with np.load(path, allow_pickle=False) as parts:
        notes = json.loads(parts["notes"].tobytes())
        if notes["made_from"] != _hash_of_sources():
            return None
        arrays = {name: parts[name] for name in Chains._fields}
    return Index(
        [Owner(*owner) for owner in notes["owners"]],
        {language: (before, after) for language, (before, after) in notes["negations"].items()},
        Chains(**arrays),
    )


def _hash_of_sources() -> str:
    """Return a hash of the phrases and of the code that lays them out."""
    files = sorted((FOLDER / "phrases").glob("*.yaml"))
    files += [Path(__file__).with_name(name) for name in CODE_THAT_LAYS_OUT]
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    print(f"{INDEX_FILE.name}: {write_index():,} bytes")
