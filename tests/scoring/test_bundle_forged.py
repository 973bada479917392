"""Bundles that somebody put together, with a hash that is right, are refused where anything else is not."""

import hashlib
import json
import tracemalloc
import zlib

import numpy as np
import pytest
from bundle_files import put_together, refusal

from adscreen.errors import BundleError
from adscreen.scoring.bundle_file import MAX_MANIFEST_BYTES
from adscreen.scoring.bundle_reader import read_bundle

# What it refuses: forgeries whose hash is right


def test_what_is_put_together_unchanged_is_read(candidate, parts_of):
    assert read_bundle(put_together(candidate, *parts_of)).version == "tiny-00000000"


def test_a_manifest_too_large_is_refused(candidate, parts_of):
    manifest, data = parts_of
    manifest["notes"]["card"] = "x" * MAX_MANIFEST_BYTES
    size = len(json.dumps(manifest))
    assert refusal(put_together(candidate, manifest, data)) == (
        f"{candidate}: the manifest has {size:,} bytes; at most 4,194,304 are read."
    )


@pytest.mark.parametrize(("inflated", "shown"), [(16 + 1, "more"), (50_000_000, "more"), (15, "15"), (0, "0")])
def test_a_part_that_inflates_to_another_size_is_refused(candidate, parts_of, inflated, shown):
    manifest, data = parts_of
    data = replace_part(manifest, data, "idf", zlib.compress(b"\x10" * inflated))
    assert refusal(put_together(candidate, manifest, data)) == (
        f"{candidate}: the manifest is not one of schema 2: ValueError('a part inflates to {shown} bytes, not 16')"
    )


def test_a_part_that_would_fill_the_memory_is_refused_before_it_does(candidate, parts_of):
    manifest, data = parts_of
    bomb = zlib.compress(bytes(100_000_000), 1)
    path = put_together(candidate, manifest, replace_part(manifest, data, "idf", bomb))
    tracemalloc.start()
    try:
        with pytest.raises(BundleError):
            read_bundle(path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000  # bytes; inflated it has ten times as many
    finally:
        tracemalloc.stop()


def replace_part(manifest, data, name, blob):
    """Put another blob in the place of a part, with its hash and all offsets right."""
    new, parts = b"", manifest["parts"]
    for each in sorted(parts, key=lambda key: parts[key]["offset"]):
        part = parts[each]
        its_blob = blob if each == name else data[part["offset"] : part["offset"] + part["bytes"]]
        part.update(offset=len(new), bytes=len(its_blob), sha256=hashlib.sha256(its_blob).hexdigest())
        new += its_blob
    return new


@pytest.mark.parametrize(
    ("blob", "error"),
    [
        (b"not deflated", "error('Error -3 while decompressing data: incorrect header check')"),
        (zlib.compress(b"\x10" * 16) + b"hidden", "ValueError('a part does not end where its data end')"),
        (zlib.compress(b"\x10" * 16)[:-1], "ValueError('a part does not end where its data end')"),
    ],
)
def test_a_part_that_is_not_one_whole_deflated_array_is_refused(candidate, parts_of, blob, error):
    manifest, data = parts_of
    data = replace_part(manifest, data, "idf", blob)
    assert refusal(put_together(candidate, manifest, data)) == (
        f"{candidate}: the manifest is not one of schema 2: {error}"
    )


def test_a_part_that_does_not_match_its_hash_is_refused(candidate, parts_of):
    manifest, data = parts_of
    manifest["parts"]["idf"]["sha256"] = "0" * 64
    assert refusal(put_together(candidate, manifest, data)) == (
        f"{candidate}: part 'idf' does not match its hash. Fetch the file again."
    )


def test_a_part_that_a_bundle_does_not_have_is_refused(candidate, parts_of):
    manifest, data = parts_of
    manifest["parts"]["texts"] = {"offset": len(data), "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    assert refusal(put_together(candidate, manifest, data)) == (
        f"{candidate}: holds the parts ['idf', 'texts', 'vocabulary', 'weights']; "
        "a bundle has ['idf', 'vocabulary', 'weights']."
    )


def test_data_after_the_parts_are_refused(candidate, parts_of):
    manifest, data = parts_of
    assert refusal(put_together(candidate, manifest, data + b"texts of ads")) == (
        f"{candidate}: holds {len(data) + 12:,} bytes of parts, its manifest lists {len(data):,}."
    )


def test_data_between_the_parts_are_refused(candidate, parts_of):
    manifest, data = parts_of
    for part in manifest["parts"].values():
        part["offset"] += 5
    first = min(manifest["parts"], key=lambda name: manifest["parts"][name]["offset"])
    assert refusal(put_together(candidate, manifest, b"texts" + data)) == (
        f"{candidate}: the manifest is not one of schema 2: ValueError(\"part '{first}' begins at 5, not at 0\")"
    )


def test_non_finite_weights_are_refused(candidate, parts_of):
    manifest, data = parts_of
    data = replace_part(manifest, data, "weights", zlib.compress(np.full(16, np.inf, np.float16).tobytes()))
    assert refusal(put_together(candidate, manifest, data)) == (
        f"{candidate}: the manifest is not one of schema 2: ValueError('weights are not finite')"
    )


@pytest.mark.parametrize(
    ("entry", "value", "error"),
    [
        (("hashing", "n_buckets"), 0, "hashing is out of range"),
        (("hashing", "n_buckets"), 24, "hashing is out of range"),
        (("hashing", "n_buckets"), 2**40, "hashing is out of range"),
        (("hashing", "max_words"), 0, "hashing is out of range"),
        (("hashing", "max_words"), 9, "hashing is out of range"),
        (("hashing", "max_chars"), 1, "hashing is out of range"),
        (("hashing", "max_chars"), 10**9, "hashing is out of range"),
        (("hashing", "stem"), -1, "hashing is out of range"),
        (("hashing", "max_words"), 2.5, "hashing is not in whole numbers"),
        (("hashing", "max_words"), True, "hashing is not in whole numbers"),
        (("hashing", "feature_version"), 2, "tokens of version 2, this adscreen makes 1"),
        (("hashing", "code"), "import os", "unexpected keyword argument 'code'"),
        (("intercept",), float("nan"), "nan is not a finite number"),
        (("intercept",), "0", "'0' is not a finite number"),
        (("risk", "weights"), [1.0], "with 1 weights"),
        (("risk", "weights"), [1.0, float("inf")], "inf is not a finite number"),
        (("risk", "features"), ["margin"], "the calibrator reads ['margin']"),
        (("thresholds", "review"), float("nan"), "nan is not a finite number"),
        (("thresholds", "clear"), 0.1, "unexpected keyword argument 'clear'"),
        (("thresholds",), {}, "missing 2 required positional arguments"),
        (("thresholds", "review"), 0, "the thresholds are Thresholds(review=0.0, urgent=0.75)"),
        (("thresholds", "review"), -0.5, "the thresholds are Thresholds(review=-0.5, urgent=0.75)"),
        (("thresholds", "review"), 0.75, "the thresholds are Thresholds(review=0.75, urgent=0.75)"),
        (("thresholds", "review"), 0.9, "the thresholds are Thresholds(review=0.9, urgent=0.75)"),
        (("thresholds", "urgent"), 1.01, "the thresholds are Thresholds(review=0.25, urgent=1.01)"),
        (
            ("risk", "threshold"),
            0.5,
            "risk has the entries ['features', 'intercept', 'prevalence', 'signals', 'threshold'",
        ),
        (("risk", "weights"), [1.0, -0.5], "a higher margin would lower the risk"),
        (("risk", "signals"), {"Visa": 1.0}, "'Visa' is no code of an indicator"),
        (("risk", "signals"), {"visit_visa": float("nan")}, "nan is not a finite number"),
        (("risk",), {}, "KeyError('features')"),
        (("abstain",), {}, "abstain has the entries []"),
        (("abstain", "never"), 1, "abstain has the entries ['min_known', 'min_known_new_language', 'min_tokens'"),
        (("abstain", "min_known"), "0.2", "'0.2' is not a finite number"),
        (("model_version",), 7, "the model version is int"),
        (("notes",), [], "AttributeError"),
        (("notes",), None, "TypeError"),
        (("notes", "examples"), {}, "the notes have the entries ['card', 'examples', 'languages']"),
        (("notes", "card"), {}, "the note 'card' is dict"),
        (("notes", "card"), None, "the note 'card' is NoneType"),
        (("notes", "languages"), ["en"], "the note 'languages' is list"),
        (("notes", "sources"), "emscad", "the note 'sources' is str"),
        (("notes", "metrics"), 0.7, "the note 'metrics' is float"),
        (("notes", "training"), None, "the note 'training' is NoneType"),
        (("notes", "languages"), {"en": 2.5}, "the languages are not counted in whole numbers"),
        (("notes", "languages"), {"en": "2"}, "the languages are not counted in whole numbers"),
        (("notes", "languages"), {"en": True}, "the languages are not counted in whole numbers"),
        (("notes", "sources"), {"emscad": 2}, "AttributeError"),
        (("notes", "sources"), {"emscad": {"genuine": "2"}}, "the sources are not counted in whole numbers"),
        (("notes", "metrics"), {"roc_auc": "high"}, "'high' is not a finite number"),
        (("notes", "metrics"), {"roc_auc": {"value": 0.7}}, "the metric 'roc_auc' has the entries ['value']"),
        (("notes", "metrics"), {"roc_auc": {"value": "0.7", "low": 0, "high": 1}}, "'0.7' is not a finite number"),
        (("parts",), [], "holds the parts []"),
        (("parts", "idf"), None, "TypeError"),
        (("parts", "idf", "offset"), "0", "part 'idf' begins at 0, not at 0"),
        (("parts", "idf", "shape"), [17], "part 'idf' is uint8 [17]"),
        (("parts", "idf", "dtype"), "float64", "part 'idf' is float64 [16]"),
        (("code",), "import os", "it has the entries"),
    ],
)
def test_a_manifest_with_a_wrong_entry_is_refused(candidate, parts_of, entry, value, error):
    manifest, data = parts_of
    place = manifest
    for key in entry[:-1]:
        place = place[key]
    place[entry[-1]] = value
    message = refusal(put_together(candidate, manifest, data))
    assert message.startswith(f"{candidate}: ")
    assert error in message


@pytest.mark.parametrize("entry", [("abstain", "min_known"), ("risk", "prevalence"), ("thresholds", "urgent")])
def test_a_manifest_without_a_part_of_an_entry_is_refused(candidate, parts_of, entry):
    manifest, data = parts_of
    del manifest[entry[0]][entry[1]]
    assert refusal(put_together(candidate, manifest, data)).startswith(
        f"{candidate}: the manifest is not one of schema 2: "
    )


@pytest.mark.parametrize("entry", ["abstain", "hashing", "intercept", "notes", "parts", "risk", "thresholds"])
def test_a_manifest_without_an_entry_is_refused(candidate, parts_of, entry):
    manifest, data = parts_of
    del manifest[entry]
    assert refusal(put_together(candidate, manifest, data)).startswith(
        f'{candidate}: the manifest is not one of schema 2: ValueError("it has the entries '
    )


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe", b"[" * 100_000])
def test_a_manifest_that_is_no_json_object_is_refused(candidate, manifest):
    assert refusal(put_together(candidate, manifest, b"")).startswith(
        f"{candidate}: the manifest is not one of schema 2: "
    )


@pytest.mark.parametrize("length", [b"", b"-1", b"ten", b"9" * 5000])
def test_a_manifest_of_no_length_is_refused(candidate, length):
    body = length + b"\n{}"
    candidate.write_bytes(b"adscreen-bundle 1\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    assert refusal(candidate).startswith(f"{candidate}: ")
