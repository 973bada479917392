"""What makes the command start sooner; for a process of our own only, as it changes settings of the interpreter."""

from __future__ import annotations

import gc
import sys

_ASKED_FOR = "scipy.linalg.cython_blas"


def collect_rarely() -> None:
    """Look for garbage less often: start-up makes half a million objects that stay, which is a tenth of its time."""
    gc.set_threshold(50_000, 50, 1000)


def import_numba() -> None:
    """Import numba without scipy.

    On its first function numba asks whether there is a BLAS by importing all of `scipy.linalg`, which takes a twentieth
    of the time of start-up. Nothing of adscreen that is compiled multiplies matrices. Where something else does, numba
    imports it then.
    """
    import numba  # noqa: F401

    if "scipy.linalg" in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules[_ASKED_FOR] = None  # type: ignore[assignment]  # makes the import fail
    try:
        from numba.np import arraymath
    finally:
        del sys.modules[_ASKED_FOR]
    if hasattr(arraymath, "_HAVE_BLAS"):
        arraymath._HAVE_BLAS = True
