"""What makes the command start sooner; for a process of our own only, as it changes settings of the interpreter."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import sys
from collections.abc import Iterator


def collect_rarely() -> None:
    """Look for garbage less often, and not at the end.

    Start-up makes half a million objects that stay: to look through them takes a tenth of its time, and the interpreter
    does so several times more before it ends, which took a sixth of the time of a short run. What is frozen is not
    looked through; all else that happens at the end still does, and so do the functions of `atexit`, of which this is
    the last.
    """
    gc.set_threshold(50_000, 50, 1000)
    atexit.register(gc.freeze)


def import_numba() -> None:
    """Import numba without scipy and cffi.

    On its first function numba asks whether there is a BLAS by importing all of `scipy.linalg`, and whether C functions
    may be called by importing `cffi`, which brings a parser of C: a tenth of the time of start-up. Nothing of adscreen
    that is compiled multiplies matrices or calls C by `cffi`. Where something else multiplies matrices, numba imports
    scipy then.
    """
    import numba  # noqa: F401

    if "scipy.linalg" not in sys.modules and "numba.np.arraymath" not in sys.modules:
        with _as_if_missing("scipy.linalg.cython_blas"):
            from numba.np import arraymath
        if hasattr(arraymath, "_HAVE_BLAS"):
            arraymath._HAVE_BLAS = True
    if "cffi" not in sys.modules and "numba.core.typing.cffi_utils" not in sys.modules:
        with _as_if_missing("cffi"):
            importlib.import_module("numba.core.typing.cffi_utils")


@contextlib.contextmanager
def _as_if_missing(module: str) -> Iterator[None]:
    sys.modules[module] = None  # type: ignore[assignment]  # makes the import fail
    try:
        yield
    finally:
        del sys.modules[module]
