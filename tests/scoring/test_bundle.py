"""The model file: what it keeps, and what it proves."""

import hashlib
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from bundle_files import put_together

from adscreen.errors import BundleError
from adscreen.scoring.bundle import model_version, write_bundle
from adscreen.scoring.bundle_reader import read_bundle, read_manifest
from adscreen.scoring.scorer import shipped_model
from adscreen.scoring.verify import verify
from adscreen.signals.linear_text import score_texts
from adscreen.signals.table import SignalTable

GOLDEN_SHA256 = "4c140678e898762b874086441152d323a40297d06342572f5d8ff0d28748c4b9"


# What it keeps


def test_a_bundle_read_back_scores_as_the_one_written(bundle, bundle_file, sample_texts):
    again = read_bundle(bundle_file)
    before, after = score_texts(bundle.text, sample_texts), score_texts(again.text, sample_texts)
    for name in before._fields:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    none = SignalTable.empty(len(sample_texts))
    np.testing.assert_array_equal(bundle.risk.risk(before, none), again.risk.risk(after, none))


def test_everything_in_a_bundle_comes_back(bundle, bundle_file):
    again = read_bundle(bundle_file)
    assert again[1:] == bundle[1:]
    assert again.text.hashing == bundle.text.hashing
    assert again.text.intercept == bundle.text.intercept
    np.testing.assert_array_equal(again.text.table, bundle.text.table)
    np.testing.assert_array_equal(again.text.vocabulary, bundle.text.vocabulary)
    assert again.text.table.dtype == np.float32


def test_the_same_bundle_gives_the_same_bytes(bundle, bundle_file, candidate):
    write_bundle(bundle, candidate)
    assert candidate.read_bytes() == bundle_file.read_bytes()


def test_a_bundle_read_and_written_again_is_the_same_file(bundle_file, candidate):
    write_bundle(read_bundle(bundle_file), candidate)
    assert candidate.read_bytes() == bundle_file.read_bytes()


@pytest.mark.skipif(
    "ng" in zlib.ZLIB_RUNTIME_VERSION, reason="zlib-ng deflates to other bytes, which inflate to the same"
)
def test_the_file_format_has_not_changed(tiny_file):
    assert hashlib.sha256(tiny_file.read_bytes()).hexdigest() == GOLDEN_SHA256


def test_a_file_of_schema_1_is_still_read(tiny_bundle):
    again = read_bundle(Path(__file__).with_name("schema_1.bundle"))
    assert again[1:] == tiny_bundle[1:]
    assert again.text.hashing == tiny_bundle.text.hashing
    np.testing.assert_array_equal(again.text.table, tiny_bundle.text.table)


def test_nothing_but_the_bundle_is_left_in_the_folder(tiny_bundle, tmp_path):
    write_bundle(tiny_bundle, tmp_path / "new" / "folder" / "a.bundle")
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["a.bundle"]


def test_the_manifest_is_plain_json_that_people_can_read(tiny_file):
    manifest = read_manifest(tiny_file)
    assert manifest["schema_version"] == 1
    assert manifest["model_version"] == "tiny-00000000"
    assert manifest["notes"]["card"] == "Karte 卡 بطاقة"
    assert "Karte 卡 بطاقة".encode() in tiny_file.read_bytes()


def test_the_version_of_a_model_changes_with_its_weights(tiny_bundle):
    table = tiny_bundle.text.table.copy()
    table[3, 1] += 0.25
    name, _, digest = model_version("2026.11", tiny_bundle.text).rpartition("-")
    assert name == "2026.11"
    assert len(digest) == 8
    assert model_version("2026.11", tiny_bundle.text._replace(table=table)) != f"2026.11-{digest}"


@pytest.mark.parametrize("idf", [1.01, -1.0, 16.0, np.nan])
def test_an_idf_that_a_byte_cannot_hold_is_not_written(tiny_bundle, candidate, idf):
    table = tiny_bundle.text.table.copy()
    table[0, 0] = idf
    with pytest.raises(ValueError, match=r"^idf must be whole 1/16 from 0 to 15\.9375; compile the model first$"):
        write_bundle(tiny_bundle._replace(text=tiny_bundle.text._replace(table=table)), candidate)
    assert not candidate.exists()


@pytest.mark.parametrize("weight", [0.1, 1e6, np.nan, np.inf])
def test_a_weight_that_sixteen_bits_cannot_hold_is_not_written(tiny_bundle, candidate, weight):
    table = tiny_bundle.text.table.copy()
    table[0, 1] = weight
    with (
        np.errstate(over="ignore"),
        pytest.raises(ValueError, match=r"^weights must be finite numbers of 16 bits; compile the model first$"),
    ):
        write_bundle(tiny_bundle._replace(text=tiny_bundle.text._replace(table=table)), candidate)
    assert not candidate.exists()


# What it proves


def test_verify_says_what_was_checked(tiny_file):
    parts = read_manifest(tiny_file)["parts"]
    sizes = ", ".join(f"{name} {parts[name]['bytes']:,} bytes" for name in ("idf", "vocabulary", "weights"))
    assert verify(tiny_file) == {
        "model_version": "tiny-00000000",
        "checks": [
            f"{tiny_file}: schema 1, model tiny-00000000",
            f"the contents match the SHA-256 in the file, and each part its own ({sizes})",
            "all parts are arrays of numbers of the declared types and sizes; all weights are finite",
            "nothing is executed on load: the file is JSON and arrays, read without pickle",
            "no text of any ad: n-grams are kept as hashed buckets, words as hashed flags; "
            "the notes are the card and counts",
        ],
    }


def test_verify_refuses_text_among_the_settings(candidate, parts_of):
    manifest, data = parts_of
    manifest["model_version"] = "Free visa, free ticket, salary 3000 USD, no experience, contact me today"
    with pytest.raises(BundleError) as error:
        verify(put_together(candidate, manifest, data))
    assert str(error.value) == f"{candidate}: it holds 1 texts that are no names; a bundle keeps no text of ads."


def test_verify_refuses_text_among_the_notes_but_not_the_card(candidate, parts_of):
    manifest, data = parts_of
    ad = "诚聘柬埔寨客服,打字就行,包机票包食宿,月薪两万,老板直招,加飞机 " * 3
    manifest["notes"]["card"] = ad
    assert len(verify(put_together(candidate, manifest, data))["checks"]) == 5
    manifest["notes"]["sources"] = {ad: {"genuine": 3}}
    manifest["notes"]["training"] = {"fit": {"note": [ad]}}
    with pytest.raises(BundleError) as error:
        verify(put_together(candidate, manifest, data))
    assert str(error.value) == f"{candidate}: it holds 2 texts that are no names; a bundle keeps no text of ads."


def test_a_bundle_holds_no_text_of_its_training_ads(bundle_file, sample_texts):
    manifest = json.dumps(read_manifest(bundle_file), ensure_ascii=False)
    content = bundle_file.read_bytes()
    for text in sample_texts:
        assert text[:20] not in manifest
        assert text[:20].encode() not in content


def test_the_shipped_model_verifies_and_holds_no_text_of_the_sample(sample_texts):
    path = shipped_model()
    assert len(verify(path)["checks"]) == 5
    notes = json.dumps(read_manifest(path)["notes"], ensure_ascii=False)
    assert [text for text in sample_texts if text[:30] in notes] == []
