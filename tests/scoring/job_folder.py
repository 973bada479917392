"""What a job reads and leaves in its folders."""

from pathlib import Path

COOK = "Cook for a hotel kitchen in Doha, shift work, apply with your CV to the personnel office"
LURE = "Urgent customer service Thailand, free visa and ticket, salary 2000 USD, no experience"


def results_in(folder="out"):
    """The result files of a folder and their bytes."""
    files = (path for path in Path(folder).rglob("*") if path.is_file() and "_adscreen" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def notes_in(folder="out"):
    files = (path for path in Path(folder, "_adscreen").rglob("*") if path.is_file())
    return sorted(path.relative_to(Path(folder, "_adscreen")).as_posix() for path in files)
