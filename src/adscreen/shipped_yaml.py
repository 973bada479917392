"""Word lists and tables that ship with adscreen as YAML.

To parse YAML takes a hundred times as long as JSON, and a tenth of the time of start-up. So the content of the files
that scoring needs ships once more in ``parsed_yaml.tsv``, which ``python -m adscreen.shipped_yaml`` writes. Each row
is the name of a file, a hash of what it held, and that as JSON; where the hash does not fit, the YAML is read.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
PARSED_FILE = ROOT / "parsed_yaml.tsv"
PARSED = (
    "ads/*.yaml",
    "signals/*.yaml",
    "signals/contacts/*.yaml",
    "signals/gazetteer/contexts.yaml",
    "signals/pay_data/*.yaml",
)


def load_yaml(package: str, *path: str) -> Any:
    """Return the content of a YAML file in a package.

    Parameters
    ----------
    package : str
        Its dotted name.
    *path : str
        Where in it the file is: folders and its name.
    """
    content = files(package).joinpath(*path).read_bytes()
    name = "/".join((*package.split(".")[1:], *path))
    made_from, parsed = _parsed_files().get(name, ("", ""))
    return json.loads(parsed) if made_from == _hash(content) else _parse(content)


@cache
def _parsed_files() -> dict[str, tuple[str, str]]:
    """Return by name of a YAML file the hash of what it held, and that as JSON."""
    if not PARSED_FILE.exists():
        return {}
    rows = (line.split("\t", 2) for line in PARSED_FILE.read_text(encoding="utf-8").split("\n")[:-1])
    return {name: (made_from, parsed) for name, made_from, parsed in rows}


def write_parsed() -> int:
    """Write the file of what was parsed; return how many YAML files are in it.

    Raises
    ------
    ValueError
        If JSON cannot hold a file as it is: it has keys that are no texts, or dates.
    """
    lines = []
    for file in sorted(file for pattern in PARSED for file in ROOT.glob(pattern)):
        content = file.read_bytes()
        parsed = _parse(content)
        as_json = json.dumps(parsed, ensure_ascii=False, separators=(",", ":"), default=str)
        name = file.relative_to(ROOT).as_posix()
        if json.loads(as_json) != parsed:
            raise ValueError(f"{name}: JSON cannot hold it; put its keys and dates in quotes")
        lines.append(f"{name}\t{_hash(content)}\t{as_json}\n")
    PARSED_FILE.write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(lines)


def _parse(content: bytes) -> Any:
    import yaml  # only those who need it pay for it

    # The loader in C is as safe as SafeLoader and ten times as fast, but not everywhere compiled in.
    return yaml.load(content.decode("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _hash(content: bytes) -> str:
    # Without what a checkout may do to the ends of lines.
    return hashlib.blake2b(content.replace(b"\r\n", b"\n"), digest_size=16).hexdigest()


if __name__ == "__main__":
    print(f"{PARSED_FILE.name}: {write_parsed()} files")
