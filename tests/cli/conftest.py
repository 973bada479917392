from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from adscreen.scoring.scorer import shipped_model

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "data" / "sample" / "ads.csv"


class Run(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def adscreen(tmp_path: Path) -> Callable[..., Run]:
    """The real command, in a process of its own, started in an empty folder."""

    def run(*arguments: object, stdin: bytes | None = None) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "adscreen.cli", *map(str, arguments)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            timeout=120,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def ads_csv(tmp_path: Path) -> Path:
    """Three ads in three languages."""
    path = tmp_path / "ads.csv"
    rows = [
        ("a1", "Cook for a hotel kitchen in Doha, shift work, apply with your CV to the personnel office"),
        ("a2", "诚聘柬埔寨客服,打字就行,包机票包食宿,月薪两万,老板直招,加飞机 @boss_ex"),
        ("a3", "Tuyển nhân viên phục vụ nhà hàng tại Đà Nẵng, ca tối, lương tháng 7 triệu, liên hệ quản lý"),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("ad_id", "text"), *rows])
    return path


@pytest.fixture
def broken_csv(tmp_path: Path) -> Path:
    """Twelve labelled ads, and five rows with a cell too many: 2, 4, 6, 8 and 10."""
    ads = [f"Cook number {i} for a restaurant in Lisbon with evening shifts and a day off,{i % 2}" for i in range(12)]
    for row in (2, 4, 6, 8, 10):
        ads.insert(row - 1, f"строка {row},1,лишняя")
    path = tmp_path / "broken.csv"
    path.write_text("text,label\n" + "\n".join(ads) + "\n", encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def altered_model(path: Path, **entries: object) -> Path:
    """Write the shipped model with other entries in its manifest, its hash made right: what a forger would send."""
    magic, _, length, rest = shipped_model().read_bytes().split(b"\n", 3)
    manifest = {**json.loads(rest[: int(length)]), **entries}
    text = json.dumps(manifest).encode()
    body = b"%d\n" % len(text) + text + rest[int(length) :]
    path.write_bytes(magic + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    return path
