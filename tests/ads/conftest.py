"""What the tests of the readers share."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from adscreen.ads.readers import read_ads
from adscreen.ads.rejects import RejectLog

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


class KeptRejects(RejectLog):
    """Keeps the rejects for a test to look at."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def add(self, reject):
        super().add(reject)
        self.kept.append(reject)

    @property
    def reasons(self):
        return [(reject.row, reject.reason) for reject in self.kept]


@pytest.fixture
def rejects():
    return KeptRejects()


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write_file(name, data):
        data = data.encode() if isinstance(data, str) else data
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write_file


@pytest.fixture
def read(rejects):
    """Return a function that reads all frames into one."""

    def read_all(source, **options):
        frames = list(read_ads(source, rejects=rejects, **options))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    return read_all


@pytest.fixture
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"the real data is not here: no folder {SHARED}")
    return SHARED
