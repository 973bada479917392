"""The model file: what it keeps, and everything it refuses."""

import hashlib
import io
import json
import pickle
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adscreen.errors import BundleError
from adscreen.scoring.bundle import model_version, write_bundle
from adscreen.scoring.bundle_file import MAX_MANIFEST_BYTES
from adscreen.scoring.bundle_reader import read_bundle, read_manifest
from adscreen.scoring.scorer import Scorer, shipped_model
from adscreen.scoring.verify import verify
from adscreen.signals.linear_text import score_texts
from adscreen.signals.table import SignalTable

GOLDEN_SHA256 = "4c140678e898762b874086441152d323a40297d06342572f5d8ff0d28748c4b9"
CHANGED = (
    "{path}: the contents do not match the hash in the file: it was cut short or altered. "
    "It was not loaded. Fetch the file again from where you got it."
)
NOT_A_BUNDLE = (
    "{path}: this is not an adscreen bundle{what}. It was not loaded. "
    "Bundles are written by `dvc repro` and `make release`."
)
same_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def refusal(path):
    """The message with which the file is refused, whoever reads it."""
    messages = set()
    for read in (read_bundle, read_manifest, verify, Scorer.load):
        with pytest.raises(BundleError) as error:
            read(path)
        messages.add(str(error.value))
    assert len(messages) == 1
    assert error.value.exit_code == 5
    return messages.pop()


@pytest.fixture
def candidate(tmp_path):
    return tmp_path / "model.bundle"


@pytest.fixture
def parts_of(tiny_file):
    """The manifest and the data of the tiny bundle, to be changed and put together again."""
    _, _, length, rest = tiny_file.read_bytes().split(b"\n", 3)
    return json.loads(rest[: int(length)]), rest[int(length) :]


def put_together(path, manifest, data, length=None):
    """Write a file whose hash is right, whatever stands in it: what a forger would send."""
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    body = b"%d\n" % (len(text) if length is None else length) + text + data
    path.write_bytes(b"adscreen-bundle 1\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    return path


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


# What it refuses: damage


@same_file
@given(st.data())
def test_a_file_with_one_byte_changed_is_refused(tiny_file, tmp_path, data):
    content = bytearray(tiny_file.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    changed = tmp_path / "changed.bundle"
    changed.write_bytes(content)
    with pytest.raises(BundleError):
        read_bundle(changed)


def test_a_changed_weight_is_refused_with_advice(tiny_file, candidate):
    content = bytearray(tiny_file.read_bytes())
    content[-1] ^= 1
    candidate.write_bytes(content)
    assert refusal(candidate) == CHANGED.format(path=candidate)


@pytest.mark.parametrize("place", range(120))
def test_each_byte_of_the_head_is_guarded(tiny_file, candidate, place):
    content = bytearray(tiny_file.read_bytes())
    for flip in (1, 2, 3, 32, 255):
        content[place] ^= flip
        candidate.write_bytes(content)
        content[place] ^= flip
        with pytest.raises(BundleError):
            read_bundle(candidate)


@same_file
@given(st.data())
def test_a_file_cut_short_at_any_length_is_refused(tiny_file, tmp_path, data):
    content = tiny_file.read_bytes()
    cut = tmp_path / "cut.bundle"
    cut.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(BundleError):
        read_bundle(cut)


@pytest.mark.parametrize("length", [18, 50, 83, 84, 90, 1000])
def test_a_file_cut_short_after_its_first_line_is_refused_with_advice(tiny_file, candidate, length):
    candidate.write_bytes(tiny_file.read_bytes()[:length])
    assert refusal(candidate) == CHANGED.format(path=candidate)


def test_a_file_with_bytes_added_is_refused(tiny_file, candidate):
    candidate.write_bytes(tiny_file.read_bytes() + b"\0")
    assert refusal(candidate) == CHANGED.format(path=candidate)


@pytest.mark.parametrize(("version", "shown"), [(b"", "''"), (b"one", "'one'"), (b"1" * 5000, f"'{'1' * 20}'")])
def test_a_damaged_version_is_refused(candidate, version, shown):
    candidate.write_bytes(b"adscreen-bundle " + version + b"\nabc\n2\n{}")
    assert refusal(candidate) == (f"{candidate}: damaged: its schema version reads {shown}. Fetch the file again.")


# What it refuses: other files


def test_a_missing_file_is_refused(candidate):
    assert refusal(candidate) == f"{candidate}: no such model file. Give one with --model, or leave --model out."


def test_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path}: no such model file. Give one with --model, or leave --model out."


def test_a_bundle_of_a_newer_adscreen_is_refused(tiny_file, candidate):
    candidate.write_bytes(tiny_file.read_bytes().replace(b"adscreen-bundle 1\n", b"adscreen-bundle 3\n"))
    assert refusal(candidate) == (
        f"{candidate}: made for a newer adscreen (bundle schema 3; this version reads up to 2). "
        "Upgrade adscreen, or use an older model."
    )


class Trap:
    """Unpickling this makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_with_the_right_name_is_refused_and_not_run(candidate, tmp_path, protocol):
    sprung = tmp_path / "sprung"
    candidate.write_bytes(pickle.dumps(Trap(sprung), protocol))
    what = " but a Python pickle, which could run code" if protocol >= 2 else ""
    assert refusal(candidate) == NOT_A_BUNDLE.format(path=candidate, what=what)
    assert not sprung.exists()
    pickle.loads(candidate.read_bytes()).close()
    assert sprung.exists()  # the trap works


def test_a_pickled_array_inside_a_bundle_is_not_run(candidate, tmp_path, parts_of):
    manifest, _ = parts_of
    sprung = tmp_path / "sprung"
    payload = io.BytesIO()
    np.save(payload, np.array([Trap(sprung)], object), allow_pickle=True)
    data = b""
    for part in manifest["parts"].values():
        blob = zlib.compress(payload.getvalue())
        part.update(offset=len(data), bytes=len(blob), sha256=hashlib.sha256(blob).hexdigest(), dtype="object")
        data += blob
    message = refusal(put_together(candidate, manifest, data))
    assert message == (f"{candidate}: the manifest is not one of schema 2: ValueError(\"part 'idf' is object [16]\")")
    assert not sprung.exists()


def test_a_zip_is_refused(candidate):
    with zipfile.ZipFile(candidate, "w") as archive:
        archive.writestr("model.json", "{}")
    assert refusal(candidate) == NOT_A_BUNDLE.format(path=candidate, what=" but a zip archive")


@pytest.mark.parametrize("text", ['{"weights": [1, 2]}', "[]"])
def test_json_is_refused(candidate, text):
    candidate.write_text(text)
    assert refusal(candidate) == NOT_A_BUNDLE.format(path=candidate, what=" but JSON")


def test_an_empty_file_is_refused(candidate):
    candidate.touch()
    assert refusal(candidate) == NOT_A_BUNDLE.format(path=candidate, what=": it is empty")


@pytest.mark.parametrize("content", [b"\x80", b"hello", b"ADSCREEN-BUNDLE 1\n", "模型".encode(), b"\x89PNG\r\n"])
def test_any_other_file_is_refused(candidate, content):
    candidate.write_bytes(content)
    assert refusal(candidate) == NOT_A_BUNDLE.format(path=candidate, what="")


def test_a_file_too_large_for_a_bundle_is_refused_unread(candidate):
    with candidate.open("wb") as file:
        file.truncate(256 * 2**20 + 1)  # sparse: takes no room on the disk
    assert refusal(candidate) == f"{candidate}: 268,435,457 bytes; a bundle has at most 268,435,456."


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
