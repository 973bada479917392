"""A model's arrays in files that processes map into their memory: all see the same pages, none has a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.scoring.bundle import Bundle


class SharedBundle(NamedTuple):
    """A bundle whose arrays lie in files.

    Attributes
    ----------
    bundle : Bundle
        All of it but the arrays, which are empty.
    table, vocabulary : str
        Files of the arrays, in numpy's format.
    warning_table : str
        The same of the model of warnings, '' if there is none.
    """

    bundle: Bundle
    table: str
    vocabulary: str
    warning_table: str

    def open(self) -> Bundle:
        """Return the bundle, its arrays mapped from the files."""
        # The kernel is compiled for a table that may be written and a vocabulary that may not ("c" is private to the
        # process, and copies a page only if somebody writes on it); other modes would have it compiled once more.
        text = self.bundle.text._replace(table=_mapped(self.table, "c"), vocabulary=_mapped(self.vocabulary, "r"))
        warning = self.bundle.warning
        if warning is not None:
            warning = warning._replace(table=_mapped(self.warning_table, "c"), vocabulary=text.vocabulary)
        return self.bundle._replace(text=text, warning=warning)


def share_bundle(bundle: Bundle, folder: Path) -> SharedBundle:
    """Write the arrays of `bundle` to `folder`; see `SharedBundle`."""
    table, vocabulary, warning_table = (folder / f"{name}.npy" for name in ("table", "vocabulary", "warning_table"))
    np.save(table, bundle.text.table)
    np.save(vocabulary, bundle.text.vocabulary)
    table_left, vocabulary_left = np.empty((0, 2), np.float32), np.empty(0, np.uint8)
    warning = bundle.warning
    if warning is not None:
        np.save(warning_table, warning.table)
        warning = warning._replace(table=table_left, vocabulary=vocabulary_left)
    text = bundle.text._replace(table=table_left, vocabulary=vocabulary_left)
    return SharedBundle(
        bundle._replace(text=text, warning=warning),
        str(table),
        str(vocabulary),
        "" if warning is None else str(warning_table),
    )


def _mapped(path: str, mode: Any) -> NDArray[Any]:
    mapped: NDArray[Any] = np.load(path, mmap_mode=mode).view(np.ndarray)
    return mapped
