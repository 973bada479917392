"""A small corpus without an error, to break in one place at a time."""

import json

import pytest

PLACES = ("Aqaba", "Cebu", "Đà Nẵng", "Mombasa", "Odesa", "Poipet")


@pytest.fixture
def ads():
    """Six families of a lure and its honest twin, alike in all that must not tell them apart."""
    rows = []
    for n, place in enumerate(PLACES, 1):
        first = f"Cook wanted in {place} for a licensed kitchen of our group"
        second = f"Write to chef_{n}_ex or jobs@{place.lower()[:3]}kitchen.example before the {n}th"
        for kind, label, text in (("blatant", 1, f"{first}. {second}."), ("twin", 0, f"{second}. {first}.")):
            family = f"t-en-{n:02d}"
            rows.append(
                {
                    "id": f"{family}-{kind[0]}",
                    "family": family,
                    "writer": "t",
                    "lang": "en",
                    "channel": "board",
                    "kind": kind,
                    "label": label,
                    "type": "scam_compound",
                    "pattern": "P01",
                    "role": "cook",
                    "origin": "PH",
                    "dest": place,
                    "region": "SEA",
                    "text": text,
                }
            )
    return rows


@pytest.fixture
def write_corpus(tmp_path):
    """Write ads as a corpus of one file, en.jsonl; returns its folder."""

    def write(ads, name="en.jsonl"):
        lines = [ad if isinstance(ad, str) else json.dumps(ad, ensure_ascii=False) for ad in ads]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return write
