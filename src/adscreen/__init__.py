"""adscreen: screen recruitment ads for deceptive overseas offers, say why, and rank them for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Scorer", "__version__"]

if TYPE_CHECKING:
    from adscreen.scoring.scorer import Scorer


def __getattr__(name: str) -> Any:
    # Importing the scorer brings numba and pandas; `adscreen --help` should not wait for them.
    if name == "Scorer":
        from adscreen.scoring.scorer import Scorer

        return Scorer
    raise AttributeError(f"module 'adscreen' has no attribute {name!r}")
