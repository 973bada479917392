"""The folders are in the order an ad passes them: a later one may import an earlier one, never the other way round."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "adscreen"
ORDER = ("ads", "signals", "campaigns", "learning", "scoring", "screening", "integrations", "stages")


def imported_folders(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("adscreen.")}
    return found & set(ORDER)


@pytest.mark.parametrize("folder", ORDER)
def test_no_folder_imports_a_later_one(folder):
    later = set(ORDER[ORDER.index(folder) + 1 :])
    for file in (PACKAGE / folder).rglob("*.py"):
        assert not imported_folders(file) & later, file


def test_scoring_needs_none_of_the_training_packages():
    for name in ("ads", "signals", "scoring"):
        for file in (PACKAGE / name).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
            modules = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
            modules |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
            if file.name != "hashed_ngrams.py":  # the transformer itself is scikit-learn's
                assert not {m for m in modules if m.split(".")[0] in ("sklearn", "scipy", "mlflow", "dvc")}, file
