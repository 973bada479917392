"""A test with the truth known: campaigns made from real ads, among look-alikes of other origin.

Each campaign is one real ad in 3 to 30 variants, each changed in 1 to 3 of the eleven ways of `CHANGES`. Three ads in
ten are look-alikes, each of an origin of its own: half are the real ads most like a campaign's (TF-IDF of words and
parts of words, same language) that are not the same ad; half are made by another employer from the campaign's
template: sentences that make up to 40 % of its characters, in which each eighth word differs, the rest from another
real ad of that language, with other pay, place and telephone.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

sys.path.insert(0, str(Path(__file__).parents[1] / "attacks"))
from attacks import ATTACKS

from adscreen.ads.cleaning import clean
from adscreen.signals.contacts import find_contacts
from adscreen.signals.places import find_places

CAMPAIGNS = 300
LOOKALIKE_SHARE = 0.3
TEMPLATE_SHARE = 0.4
REWRITTEN = 0.35
SAME_AD = 0.45
"""Jaccard similarity of 5-letter pieces from which two real ads may be one ad posted twice: nobody knows the truth."""
MIN_CHARS = 200
MAX_CHARS = 6_000

SHORT, LONG = 20, 250
_SENTENCE = re.compile(r"(?<=[。！？；။។।])|(?<=[.!?])\s+(?=[^a-z])|(?<=;)\s|\n|(?=[•➢✓])")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d[\d.,]*")
_EMOJI = "🔥💰⭐✨💎✅❤🍀➡📞🏢✈🎉👉"
_UNSPACED = ("zh", "th", "ja", "km", "my", "lo")
_WORDS_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_DIGITS_ZH = "零一二三四五六七八九"


class Generated(NamedTuple):
    texts: list[str]
    truth: np.ndarray
    lookalike: np.ndarray
    lang: list[str]


class Material(NamedTuple):
    """What variants are made of: sentences, words and places of each language, taken from other ads."""

    sentences: dict[str, list[str]]
    words: dict[str, list[str]]
    places: dict[str, list[str]]


def sentences_of(text: str) -> list[str]:
    """Split into sentences of 20 to 250 characters: shorter ones stay with the next, longer ones are cut at a blank."""
    pieces: list[str] = []
    for piece in (piece.strip() for piece in _SENTENCE.split(text)):
        if pieces and len(pieces[-1]) < SHORT:
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
    out = []
    for piece in pieces:
        while len(piece) > LONG:
            at = piece.find(" ", LONG // 2, LONG)
            at = LONG // 2 if at < 0 else at
            out.append(piece[:at].strip())
            piece = piece[at:].strip()
        out.append(piece)
    return [piece for piece in out if piece]


def joined(pieces: list[str], lang: str) -> str:
    return "\n".join(pieces)


def phone(rng: random.Random) -> str:
    code, length = rng.choice([("855", 8), ("95", 9), ("66", 9), ("971", 9), ("63", 10), ("84", 9), ("62", 10)])
    number = "".join(str(rng.randrange(10)) for _ in range(length))
    return f"+{code} {number[:2]} {number[2:5]} {number[5:]}"


def contact(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return f"{rng.choice(['WhatsApp', 'Tel', 'Viber', 'Call'])}: {phone(rng)}"
    name = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(7))
    return f"Telegram: @{name}_{rng.choice(['hr', 'job', 'work'])}{rng.randrange(100)}"


def change_phone(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    return f"{text}\n{rng.choice(own)}"


def change_pay(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    other = _NUMBER.sub(lambda match: f"{rng.randrange(1, 90) * 100}" if len(match[0]) > 2 else match[0], text)
    return f"{other}\n{rng.randrange(8, 60) * 100} {rng.choice(['USD', 'US$', '$', 'AED', 'THB'])}"


def change_place(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    places = material.places[lang]
    for place in reversed(find_places(text)):
        text = text[: place.start] + rng.choice(places) + text[place.end :]
    return f"{rng.choice(places)}\n{text}"


def reorder(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    pieces = sentences_of(text)
    rng.shuffle(pieces)
    return joined(pieces, lang)


def add_emoji(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    pieces = sentences_of(text)
    return joined([f"{rng.choice(_EMOJI) * rng.randint(1, 3)} {piece}" for piece in pieces], lang)


def obfuscate(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    names = ["zero_width", "homoglyphs", "leet", "dots_in_words", "full_width_or_stylised", "bidi_and_combining"]
    return ATTACKS[rng.choice(names)](text, rng)


def rewrite(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    """Rewrite sentences that hold up to 35 % of the characters: half of their words, or dropped, or another ad's."""
    pieces = sentences_of(text)
    budget = REWRITTEN * len(text)
    if len(pieces) < 3:
        return reworded(text, lang, rng, material, share=REWRITTEN / 2)
    for i in rng.sample(range(len(pieces)), len(pieces)):
        if len(pieces[i]) > budget:
            continue
        budget -= len(pieces[i])
        draw = rng.random()
        if draw < 0.2:
            pieces[i] = ""
        elif draw < 0.4:
            pieces[i] = rng.choice(material.sentences[lang])[: len(pieces[i]) + SHORT]
        else:
            pieces[i] = reworded(pieces[i], lang, rng, material)
    return joined([piece for piece in pieces if piece], lang)


def reworded(piece: str, lang: str, rng: random.Random, material: Material, share: float = 0.5) -> str:
    """Replace a share of the words; in scripts without spaces one stretch of that share of the letters."""
    if lang in _UNSPACED:
        spare = rng.choice(material.sentences[lang])
        width = round(len(piece) * share)
        at = rng.randrange(max(len(piece) - width, 1))
        return piece[:at] + spare[:width] + piece[at + width :]
    words = material.words[lang]
    return _WORD.sub(lambda match: rng.choice(words) if rng.random() < share else match[0], piece)


def crop(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    """Keep the first 55 to 85 % of the characters, as sites cut ads, or the last."""
    keep = round(len(text) * rng.uniform(0.55, 0.85))
    return text[:keep] if rng.random() < 0.7 else text[-keep:]


def retype(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    text = re.sub(r"[.,;:!?()\-–•*。，；：！？、（）]+", lambda _: rng.choice([" ", " - ", ", ", "\n"]), text)
    return rng.choice([text.upper, text.lower, text.title, lambda: text.replace("\n", " ")])()


def introduce(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    """Put one to three sentences of other ads, at most half of the text's length, before it or behind it."""
    room = len(text) // 2
    extra = []
    for _ in range(rng.randint(1, 3)):
        sentence = rng.choice(material.sentences[lang])[:room]
        room -= len(sentence)
        extra.append(sentence)
    return joined([*extra, text] if rng.random() < 0.7 else [text, *extra], lang)


def translate_numbers(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    table = _DIGITS_ZH if lang == "zh" else _WORDS_EN if rng.random() < 0.5 else "٠١٢٣٤٥٦٧٨٩"
    between = " " if table is _WORDS_EN else ""
    return _NUMBER.sub(lambda match: between.join(table[int(c)] if c.isdecimal() else "" for c in match[0]), text)


CHANGES = {
    "phone": change_phone,
    "pay": change_pay,
    "place": change_place,
    "order of lines": reorder,
    "emoji": add_emoji,
    "obfuscation": obfuscate,
    "partial rewriting": rewrite,
    "cropped": crop,
    "re-typed": retype,
    "introduction": introduce,
    "numbers in words": translate_numbers,
}


def same_letters(texts: list[str], others: list[str]) -> np.ndarray:
    """Jaccard similarity of the sets of 5-letter pieces, shape (len(texts), len(others))."""
    vectorizer = CountVectorizer(analyzer="char_wb", ngram_range=(5, 5), binary=True, dtype=np.float32)
    a = vectorizer.fit_transform(texts + others)
    left, right = a[: len(texts)], a[len(texts) :]
    shared = (left @ right.T).toarray()
    sizes = np.asarray(left.sum(axis=1)) + np.asarray(right.sum(axis=1)).T
    return shared / np.maximum(sizes - shared, 1)


def origins_of(known: str, employer: str, text: str) -> set[str]:
    """What says who an ad is from: the group or employer its source states, and personal contacts (no domains)."""
    contacts = {each.value for each in find_contacts(text) if each.kind != "link" and "masked" not in each.flags}
    return {known or employer, *contacts} - {""}


def choose_distinct(ads: pd.DataFrame, order: list[int], n: int, taken: list[int]) -> list[int]:
    """Take `n` of the ads in `order`: no two of them or of `taken` are the same ad or known to be of one origin."""
    chosen: list[int] = []
    block = 200
    origins = ads["origin"].tolist()
    seen = set().union(*(origins[row] for row in taken))
    for first in range(0, len(order), block):
        some = order[first : first + block]
        texts = ads["text"].iloc[some].tolist()
        alike = same_letters(texts, ads["text"].iloc[taken + chosen + some].tolist())
        known = len(taken) + len(chosen)
        fresh: list[int] = []
        for i, row in enumerate(some):
            if origins[row] & seen:
                continue
            if (alike[i, :known] < SAME_AD).all() and all(alike[i, known + j] < SAME_AD for j in fresh):
                fresh.append(i)
                chosen.append(row)
                seen |= origins[row]
                if len(chosen) == n:
                    return chosen
    return chosen


def generate(ads: pd.DataFrame, seed: int) -> Generated:
    """Make the test; `ads` as `real_ads.load` returns them."""
    rng = random.Random(seed)
    long_enough = ads["text"].str.len().between(MIN_CHARS, MAX_CHARS)
    ads = ads[long_enough & (ads.groupby("lang")["text"].transform("size") >= 40)].reset_index(drop=True)
    ads["origin"] = [origins_of(*row) for row in zip(ads["known"], ads["employer"], ads["text"], strict=True)]
    material = _material(ads, rng)
    # Sources by the root of their size: no language drowns the others.
    weight = ads.groupby(["source", "lang"])["text"].transform("size") ** -0.5
    keys = np.array([rng.random() for _ in range(len(ads))]) ** (1 / weight.to_numpy())
    order = np.argsort(-keys).tolist()
    origins = choose_distinct(ads, order[:2000], CAMPAIGNS, [])
    texts, truth, langs = [], [], []
    for campaign, row in enumerate(origins):
        own = [contact(rng) for _ in range(rng.randint(1, 4))]
        text, lang = ads["text"].iat[row], ads["lang"].iat[row]
        for _ in range(rng.randint(3, 30)):
            texts.append(_variant(text, lang, rng, material, own))
            truth.append(campaign)
            langs.append(lang)
    n_like = round(len(texts) * LOOKALIKE_SHARE / (1 - LOOKALIKE_SHARE))
    real = _neighbours(ads, origins, n_like // 2)
    like = [(ads["text"].iat[row], ads["lang"].iat[row]) for row in real]
    while len(like) < n_like:
        row = rng.choice(origins)
        like.append((_other_employer(ads, row, rng, material), ads["lang"].iat[row]))
    for text, lang in like:
        texts.append(f"{text}\n{contact(rng)}" if rng.random() < 0.5 else text)
        truth.append(len(truth) + CAMPAIGNS)
        langs.append(lang)
    mixed = list(range(len(texts)))
    rng.shuffle(mixed)
    lookalike = np.array([truth[i] >= CAMPAIGNS for i in mixed])
    return Generated([clean(texts[i]) for i in mixed], np.array(truth)[mixed], lookalike, [langs[i] for i in mixed])


def _variant(text: str, lang: str, rng: random.Random, material: Material, own: list[str]) -> str:
    names = rng.sample(sorted(CHANGES), rng.randint(1, 3))
    # Letters are disguised last: the other changes read words.
    for name in sorted(names, key=lambda name: name == "obfuscation"):
        text = CHANGES[name](text, lang, rng, material, own)
    return text


def _material(ads: pd.DataFrame, rng: random.Random) -> Material:
    sentences: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    places: dict[str, list[str]] = {}
    for lang, some in ads.groupby("lang"):
        texts = some["text"].sample(min(400, len(some)), random_state=rng.randrange(2**31)).tolist()
        pieces = [piece for text in texts for piece in sentences_of(text) if 15 < len(piece) < 300]
        # Another ad's contact would be a link to it.
        pieces = [piece for piece in pieces if not find_contacts(piece)]
        sentences[lang] = pieces
        words[lang] = [word for piece in rng.sample(pieces, min(2000, len(pieces))) for word in _WORD.findall(piece)]
        named = [text[place.start : place.end] for text in texts for place in find_places(text)]
        places[lang] = named or ["Dubai", "Phnom Penh"]
    return Material(sentences, words, places)


def _neighbours(ads: pd.DataFrame, origins: list[int], n: int) -> list[int]:
    """The real ads most like an origin, of its language, in rounds: first the nearest of each, then the second."""
    # The same ad from another place, or another's near-copy, has a truth nobody knows: it is left out.
    taken = set(origins)
    ranked: list[list[int]] = []
    for lang, members in pd.Series(origins).groupby(ads["lang"].iloc[origins].to_numpy()):
        pool = np.flatnonzero((ads["lang"] == lang).to_numpy())
        analyzer = "char" if lang in _UNSPACED else "word"
        spans = (1, 3) if lang in _UNSPACED else (1, 2)
        vectors = TfidfVectorizer(analyzer=analyzer, ngram_range=spans, sublinear_tf=True).fit_transform(
            ads["text"].iloc[pool]
        )
        place = {row: i for i, row in enumerate(pool.tolist())}
        scores = (vectors[[place[row] for row in members]] @ vectors.T).toarray()
        ranked += [[int(pool[j]) for j in np.argsort(-row)[:30] if int(pool[j]) not in taken] for row in scores]
    rounds = [row for step in range(30) for near in ranked for row in near[step : step + 1]]
    return choose_distinct(ads, list(dict.fromkeys(rounds)), n, origins)


def _other_employer(ads: pd.DataFrame, row: int, rng: random.Random, material: Material) -> str:
    lang, text = ads["lang"].iat[row], ads["text"].iat[row]
    template = sentences_of(text)
    budget = TEMPLATE_SHARE * len(text)
    kept: dict[int, str] = {}
    for i in rng.sample(range(len(template)), len(template)):
        if len(template[i]) <= budget:
            budget -= len(template[i])
            kept[i] = reworded(template[i], lang, rng, material, share=1 / 8)
    if not kept:
        kept[0] = reworded(text[: round(budget)], lang, rng, material, share=1 / 8)
    pieces = [kept[i] for i in sorted(kept)]
    pool = ads.index[ads["lang"] == lang]
    size = 0
    while size < (1 - TEMPLATE_SHARE) * len(text):
        for piece in sentences_of(ads["text"].iat[rng.choice(pool)]):
            pieces.insert(rng.randrange(len(pieces) + 1), piece)
            size += len(piece)
            if size >= (1 - TEMPLATE_SHARE) * len(text):
                break
    text = change_pay(joined(pieces, lang), lang, rng, material, [])
    return change_place(text, lang, rng, material, [])
