"""Rows set aside."""

import json

import pytest

from adscreen.ads.rejects import Reject, RejectLog
from adscreen.errors import OutputError


def test_no_reject_leaves_no_file(tmp_path):
    path = tmp_path / "out.rejected.jsonl"
    with RejectLog(path) as log:
        pass
    assert log.count == 0
    assert not path.exists()


def test_rejects_are_counted_and_written_as_json_lines(tmp_path):
    path = tmp_path / "out.rejected.jsonl"
    with RejectLog(path) as log:
        log.add(Reject(3, "row has 5 cells, the header has 7", file="ads.csv"))
        log.add(Reject(9, "поле слишком длинное", file="ads.csv", ad_id="a9"))
    assert log.count == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {
        "row": 3,
        "reason": "row has 5 cells, the header has 7",
        "file": "ads.csv",
        "ad_id": "",
    }
    assert "поле" in lines[1]


def test_without_a_path_it_only_counts():
    log = RejectLog()
    log.add(Reject(1, "x"))
    log.close()
    assert log.count == 1


def test_the_first_three_are_kept_to_show():
    log = RejectLog()
    assert log.first == []
    rejects = [Reject(row, "строка не читается", file="ads.csv") for row in range(1, 6)]
    for reject in rejects:
        log.add(reject)
    assert log.first == rejects[:3]
    assert log.count == 5


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    path = tmp_path / "missing" / "out.jsonl"
    with pytest.raises(OutputError) as caught:
        RejectLog(path).add(Reject(1, "x"))
    assert str(caught.value) == f"cannot write the rejected rows to {path}: No such file or directory"
