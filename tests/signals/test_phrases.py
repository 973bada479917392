"""The notation of phrases, and finding many thousands of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.signals.folded import fold_text
from adscreen.signals.phrase_chains import make_chains, variants_of
from adscreen.signals.phrase_finder import PhraseFinder
from adscreen.signals.phrases import PhraseError, spell_out


def quotes(phrase, text):
    """What the phrase finds in the text."""
    folded = fold_text(text)
    hits = PhraseFinder(make_chains(variants_of([phrase], 7))).find(folded)
    assert {hit.owner for hit in hits} <= {7}
    return [text[slice(*folded.span(hit.first, hit.last))] for hit in hits]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("tourist visa", "Enter on TOURIST-visa today", ["TOURIST-visa"]),
        ("lương cao", "LUONG CAO lắm", ["LUONG CAO"]),
        ("passport* kept", "All passports kept by HR", ["passports kept"]),
        ("безвиз*", "Работа по безвизу, еду завтра", ["безвизу"]),
        ("(tourist|visit) visa", "visit visa or tourist visa", ["visit visa", "tourist visa"]),
        (
            "work (on|with a)? tourist visa",
            "work tourist visa. Work with a tourist visa",
            ["work tourist visa", "Work with a tourist visa"],
        ),
        ("passport .. agent", "your passport stays with the agent", ["passport stays with the agent"]),
        ("护照..保管", "护照由公司统一保管", ["护照由公司统一保管"]),
        ("พาสปอร์ต..เก็บ", "พาสปอร์ตบริษัทเก็บไว้", ["พาสปอร์ตบริษัทเก็บ"]),
        ("# hours a day", "Work 12-14 hours a day", ["12-14 hours a day"]),
        ("18 (lat|лет)", "od 18 lat, od 40 lat", ["18 lat"]),
        ("16 বছর", "১৬ বছর, ১৮ বছর", ["১৬ বছর"]),
        ("여권은 회사* 보관", "여권은 회사에서 보관합니다", []),
        ("여권* 회사* 보관*", "여권은 회사에서 보관합니다", ["여권은 회사에서 보관합니다"]),
        ("جواز السفر عند الشركة", "جواز السفر عند الشركه دائما", ["جواز السفر عند الشركه"]),
        ("पासपोर्ट .. पास रहेगा", "पासपोर्ट कंपनी के पास रहेगा", ["पासपोर्ट कंपनी के पास रहेगा"]),
    ],
)
def test_a_phrase_finds_what_it_says_in_any_script(phrase, text, found):
    assert quotes(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("tourist visa", "tourists visa"),
        ("tourist visa", "I am a tourist. Visa on request"),
        ("tourist visa", "tourist\nvisa"),
        ("passport .. agent", "passport one two three four five agent"),
        ("passport .. agent", "a passport. The agent"),
        ("visa*  free", "avisa free"),
    ],
)
def test_a_phrase_finds_nothing_across_words_sentences_and_long_gaps(phrase, text):
    assert quotes(phrase, text) == []


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("(a|b", "a '(' without its ')'. Write (a|b) for a choice"),
        ("a) b", "a ')' without its '('. Write (a|b) for a choice"),
        ("* visa", "'*' stands right after the beginning of a word, as in visa*"),
        ("visa?", "'?' stands after a bracket only: write (word)? for a word that may be missing"),
        ("..", "it would match nearly everything. Add words, as in 'visit visa' for 'visa'"),
        ("a*", "it would match nearly everything. Add words, as in 'visit visa' for 'visa'"),
        ("#", "it would match nearly everything. Add words, as in 'visit visa' for 'visa'"),
        ("visa", "one word of 4 letters would match in other languages too. Add a word, as in 'visit visa' for 'visa'"),
        ("(a)? " * 8 + "visa", "more than 200 variants. Write several phrases with fewer choices"),
    ],
)
def test_a_phrase_that_breaks_the_notation_or_matches_everything_is_refused(phrase, problem):
    with pytest.raises(PhraseError) as error:
        spell_out(phrase)
    assert str(error.value) == problem


WORDS = st.lists(
    st.sampled_from(["visa", "tourist", "passport", "护", "照", "паспорт", "agent", "12"]), min_size=2, max_size=6
)


@given(WORDS, WORDS, WORDS)
def test_a_plain_phrase_is_found_wherever_its_words_stand_in_a_row(before, words, after):
    text = " ".join([*before, *words, *after])
    try:
        found = quotes(" ".join(words), text)
    except PhraseError:
        return
    assert " ".join(words) in found


@given(st.text(max_size=200))
def test_no_text_breaks_the_finder(text):
    assert isinstance(quotes("passport .. (agent|company)", text), list)


def test_a_line_of_a_hundred_thousand_anchors_takes_no_longer_than_its_length():
    folded = fold_text("passport " * 100_000)
    assert PhraseFinder(make_chains(variants_of(["passport .. company"], 0))).find(folded) == []
