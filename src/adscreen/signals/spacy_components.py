"""adscreen's signals as a spaCy pipeline: the same tokens, the same finders, spans to look at in displaCy.

Examples
--------
>>> import spacy
>>> nlp = spacy.blank("xx", config=TOKENIZER)
>>> _ = nlp.add_pipe("adscreen_indicators")
>>> doc = nlp("Data entry in Bangkok, enter on tourist visa")
>>> [(span.label_, span.text) for span in doc.spans["adscreen_indicators"]]
[('visit_visa', 'enter on tourist visa')]

Components and tokeniser are registered as entry points, so spaCy finds them wherever adscreen is installed. Batch
scoring does not build a Doc: it calls the same finders on the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from adscreen.signals.contacts import find_contacts
from adscreen.signals.indicators import shipped_finder
from adscreen.signals.pay import find_pay
from adscreen.signals.places import find_places
from adscreen.signals.tokens import tokenize

Component = Callable[[Doc], Doc]


TOKENIZER = {"nlp": {"tokenizer": {"@tokenizers": "adscreen_tokenizer"}}}
"""The part of a spaCy configuration that chooses adscreen's tokeniser."""


def make_tokenizer() -> Callable[[Language], AdTokenizer]:
    """Return what makes the tokeniser of a pipeline; registered as ``adscreen_tokenizer``."""
    return lambda nlp: AdTokenizer(nlp.vocab)


class AdTokenizer:
    """adscreen's tokeniser for a spaCy pipeline; see `TOKENIZER`.

    Every token of `adscreen.signals.tokens.tokenize` is one token of the Doc; what stands between them is kept in
    tokens of its own, so that ``doc.text`` is the text given.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the Doc of `text`."""
        words: list[str] = []
        spaces: list[bool] = []
        place = 0
        for token in [*tokenize(text), None]:
            start, end = (token.start, token.end) if token else (len(text), len(text))
            between = text[place:start]
            if between.startswith(" ") and words:
                spaces[-1] = True
                between = between[1:]
            if between:
                # A blank before the next token belongs to the token before it.
                blank = between.endswith(" ") and between != " "
                words.append(between[:-1] if blank else between)
                spaces.append(blank)
            if token:
                words.append(text[start:end])
                spaces.append(False)
            place = end
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing to store: the tokeniser has no settings."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> AdTokenizer:
        """Return the tokeniser: it has no settings."""
        return self

    def to_disk(self, *_: Any, **__: Any) -> None:
        """Store nothing: the tokeniser has no settings."""

    def from_disk(self, *_: Any, **__: Any) -> AdTokenizer:
        """Return the tokeniser: it has no settings."""
        return self


def _mark(doc: Doc, key: str, found: Iterable[tuple[int, int, str]]) -> Doc:
    spans = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in found]
    doc.spans[key] = [span for span in spans if span is not None]
    return doc


@Language.factory("adscreen_indicators")
def make_indicators(nlp: Language, name: str) -> Component:
    """Return a component that marks the indicators in ``doc.spans["adscreen_indicators"]``, labelled by their codes."""
    finder = shipped_finder()
    return lambda doc: _mark(doc, name, ((each.start, each.end, each.code) for each in finder.find(doc.text)))


@Language.factory("adscreen_pay")
def make_pay(nlp: Language, name: str) -> Component:
    """Return a component that marks pay in ``doc.spans["adscreen_pay"]``, labelled as in "THB/month"."""
    return lambda doc: _mark(
        doc, name, ((each.start, each.end, f"{each.currency}/{each.period}") for each in find_pay(doc.text))
    )


@Language.factory("adscreen_contacts")
def make_contacts(nlp: Language, name: str) -> Component:
    """Return a component that marks contacts in ``doc.spans["adscreen_contacts"]``, labelled by their kind."""
    return lambda doc: _mark(doc, name, ((each.start, each.end, each.kind) for each in find_contacts(doc.text)))


@Language.factory("adscreen_places")
def make_places(nlp: Language, name: str) -> Component:
    """Return a component that marks places in ``doc.spans["adscreen_places"]``, labelled by their kind."""
    return lambda doc: _mark(doc, name, ((each.start, each.end, each.kind) for each in find_places(doc.text)))
