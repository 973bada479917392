"""A bundle that carries a model of warnings."""

import numpy as np
import pandas as pd
import pytest

from adscreen.errors import BundleError
from adscreen.scoring.bundle import model_version, write_bundle
from adscreen.scoring.bundle_file import read_checked
from adscreen.scoring.bundle_reader import build_bundle, read_bundle, read_manifest
from adscreen.scoring.scorer import WARNING_REASON, Scorer
from adscreen.scoring.shared_model import share_bundle
from adscreen.signals.linear_text import LinearText
from adscreen.signals.ngrams import Hashing


@pytest.fixture(scope="module")
def with_warning(bundle):
    """A model of warnings of 32 buckets that takes every text for one."""
    table = np.stack([np.ones(32), np.zeros(32)], axis=1).astype(np.float32)
    return bundle._replace(warning=LinearText(Hashing(32, 1, 3, 4), table, 0.5, bundle.text.vocabulary))


@pytest.fixture
def file(with_warning, tmp_path):
    write_bundle(with_warning, tmp_path / "model.bundle")
    return tmp_path / "model.bundle"


def test_it_comes_back_from_the_file(with_warning, file):
    again = read_bundle(file)
    assert again.warning.hashing == with_warning.warning.hashing
    assert again.warning.intercept == 0.5
    np.testing.assert_array_equal(again.warning.table, with_warning.warning.table)
    assert again.warning.vocabulary is again.text.vocabulary


def test_such_a_file_is_of_schema_2_and_one_without_of_schema_1(with_warning, file, tmp_path):
    assert read_manifest(file)["schema_version"] == 2
    write_bundle(with_warning._replace(warning=None), tmp_path / "old.bundle")
    assert read_manifest(tmp_path / "old.bundle")["schema_version"] == 1


def test_it_is_shared_between_processes(with_warning, tmp_path):
    shared = share_bundle(with_warning, tmp_path)
    assert shared.bundle.warning.table.shape == (0, 2)
    np.testing.assert_array_equal(shared.open().warning.table, with_warning.warning.table)


def test_the_version_of_the_model_changes_with_it(with_warning):
    alone = model_version("x", with_warning.text)
    assert model_version("x", with_warning.text, with_warning.warning) != alone


def test_a_text_that_it_takes_for_a_warning_is_not_judged(with_warning, sample_texts):
    ads = pd.DataFrame({"description": sample_texts[:5]})
    results = Scorer(with_warning).score(ads)
    assert set(results["band"]) == {"unscorable"}
    assert set(results["reason"]) == {WARNING_REASON}
    assert results["risk"].isna().all()


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"hashing": None}, "warning has the entries ['hashing']"),
        ({"hashing": None, "intercept": 0.5, "cut": 1}, "warning has the entries ['cut', 'hashing', 'intercept']"),
        ({"hashing": None, "intercept": float("nan")}, "nan is not a finite number"),
    ],
)
def test_a_forged_entry_is_refused(file, entry, error):
    manifest, blobs = read_checked(file)
    manifest["warning"] = entry | {"hashing": manifest["warning"]["hashing"]}
    with pytest.raises(BundleError) as refused:
        build_bundle(file, manifest, blobs)
    assert error in str(refused.value)


def test_a_table_of_another_size_than_the_hashing_says_is_refused(file):
    manifest, blobs = read_checked(file)
    manifest["warning"]["hashing"]["n_buckets"] = 64
    with pytest.raises(BundleError, match="part 'warning_idf' is uint8"):
        build_bundle(file, manifest, blobs)
