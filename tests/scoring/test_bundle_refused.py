"""Files that are no whole bundle are refused: damaged ones, and others under its name."""

import hashlib
import io
import pickle
import zipfile
import zlib

import numpy as np
import pytest
from bundle_files import CHANGED, NOT_A_BUNDLE, put_together, refusal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adscreen.errors import BundleError
from adscreen.scoring.bundle_reader import read_bundle

same_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


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
