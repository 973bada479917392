"""A copy of the repository in which `dvc repro` runs for real."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
COPIED = (
    "src",
    "data/sample",
    "models/README.md",
    "dvc.yaml",
    "params.yaml",
    ".dvc/config",
    ".dvcignore",
    ".gitignore",
)

# Runs at the start of every Python of the pipeline: a connection to another machine is written down and refused.
GUARD = """
import socket
def refuse(*where):
    with open({attempts!r}, "a") as file:
        file.write(repr(where) + "\\n")
    raise OSError("the pipeline works offline")
connect = socket.socket.connect
def guarded(self, address):
    return connect(self, address) if self.family == socket.AF_UNIX else refuse(address)
socket.socket.connect = guarded
socket.getaddrinfo = refuse
"""


class Repository(NamedTuple):
    """A copy of the project under git and DVC."""

    folder: Path
    first_run: str
    attempts: Path
    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """Run a command in the copy; returns what it printed."""
        return run(self.folder, self.environment, *command)

    def dvc(self, *arguments: str) -> str:
        """Run DVC in the copy."""
        return self.run(sys.executable, "-m", "dvc", *arguments)


def run(folder, environment, *command):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The project as a fresh clone has it, after its first `dvc repro`."""
    base = tmp_path_factory.mktemp("clone")
    folder = base / "adscreen"
    for name in COPIED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    attempts = base / "attempts"
    (base / "guard").mkdir()
    (base / "guard" / "sitecustomize.py").write_text(GUARD.format(attempts=str(attempts)), encoding="utf-8")
    hidden = ("GIT_", "DVC_", "MLFLOW_", "CI", "DO_NOT_TRACK", "PYTEST_")  # what would change how the tools behave
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(base / "guard"),
        "HOME": str(base),
        "DVC_SITE_CACHE_DIR": str(base / "site"),
        "DVC_GLOBAL_CONFIG_DIR": str(base / "global"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    git = ("git", "-c", "user.name=tester", "-c", "user.email=tester@adscreen.example")
    run(folder, environment, "git", "init", "--quiet")
    run(folder, environment, "git", "add", "--all")
    run(folder, environment, *git, "commit", "--quiet", "--message", "clone")
    output = run(folder, environment, sys.executable, "-m", "dvc", "repro")
    return Repository(folder, output, attempts, environment)
