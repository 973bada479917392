"""Word lists and tables that ship with adscreen as YAML."""

from __future__ import annotations

from importlib.resources import files
from typing import Any


def load_yaml(package: str, *path: str) -> Any:
    """Return the content of a YAML file in a package.

    Parameters
    ----------
    package : str
        Its dotted name.
    *path : str
        Where in it the file is: folders and its name.
    """
    import yaml  # only those who need a list pay for it

    text = files(package).joinpath(*path).read_text(encoding="utf-8")
    # The loader in C is as safe as SafeLoader and ten times as fast, but not everywhere compiled in.
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
