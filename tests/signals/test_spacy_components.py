"""The spaCy pipeline: adscreen's tokens and spans, found under their names wherever adscreen is installed."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from adscreen.signals.indicators import shipped_finder
from adscreen.signals.spacy_components import TOKENIZER, AdTokenizer
from adscreen.signals.tokens import tokenize

COMPONENTS = ("adscreen_indicators", "adscreen_pay", "adscreen_contacts", "adscreen_places")


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("xx", config=TOKENIZER)
    for name in COMPONENTS:
        pipeline.add_pipe(name)
    return pipeline


TOKENIZE = AdTokenizer(spacy.blank("xx").vocab)


@given(st.text(max_size=60))
def test_the_text_of_a_doc_is_the_text_given(text):
    assert TOKENIZE(text).text == text


@given(st.text(alphabet=st.sampled_from("ab 12,.-护照ก็ \n"), max_size=40))
def test_every_token_of_adscreen_is_a_token_of_the_doc(text):
    spans = {(token.idx, token.idx + len(token)) for token in TOKENIZE(text)}
    assert {(token.start, token.end) for token in tokenize(text)} <= spans


def test_the_components_mark_indicators_pay_contacts_and_places(nlp):
    doc = nlp("Data entry in Cambodia, 2,000 USD per month, enter on tourist visa. Telegram @hr_fast_ex")
    assert ("visit_visa", "enter on tourist visa") in [
        (span.label_, span.text) for span in doc.spans["adscreen_indicators"]
    ]
    assert [(span.label_, span.text) for span in doc.spans["adscreen_places"]] == [("country", "Cambodia")]
    assert [span.label_ for span in doc.spans["adscreen_pay"]] == ["USD/month"]
    assert "telegram" in [span.label_ for span in doc.spans["adscreen_contacts"]]


@pytest.mark.parametrize(
    "text", ["护照由公司统一保管，包机票食宿", "Паспорт хранится у работодателя", "જwork visa 🙂", ""]
)
def test_the_spans_are_those_of_the_finder_in_any_script(nlp, text):
    found = [(each.code, text[each.start : each.end]) for each in shipped_finder().find(text)]
    doc = nlp(text)
    assert [(span.label_, span.text) for span in doc.spans["adscreen_indicators"]] == found


def test_displacy_shows_the_spans(nlp):
    html = spacy.displacy.render(
        nlp("Enter on tourist visa"), style="span", options={"spans_key": "adscreen_indicators"}, jupyter=False
    )
    assert "visit_visa" in html


def test_a_pipeline_can_be_stored_and_loaded(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert isinstance(again.tokenizer, AdTokenizer)
    doc = again("Enter on tourist visa")
    assert [span.label_ for span in doc.spans["adscreen_indicators"]] == ["visit_visa"]
