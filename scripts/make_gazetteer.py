"""Make the gazetteer of `adscreen.signals.places`: names from CLDR, then one table from all its YAML files.

``python scripts/make_gazetteer.py cldr`` writes ``cldr.yaml`` (needs babel); without an argument only the table is
made. The table is what the package loads: reading the YAML files takes a second, reading it a few milliseconds.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from adscreen.ads.characters import normalise
from adscreen.signals.place_words import fold

FOLDER = Path(__file__).parents[1] / "src" / "adscreen" / "signals" / "gazetteer"
CHOICE = yaml.safe_load(Path(__file__).with_name("gazetteer_choice.yaml").read_text(encoding="utf-8"))
AMBIGUOUS = frozenset(CHOICE["ambiguous"])
CAREFUL = frozenset(CHOICE["careful"])
INFLECTED = frozenset(CHOICE["inflected"])
# Which file wins where two places have one name.
ORDER = ("decoy", "compound", "zone", "border", "demonym", "country", "city", "region")
LATIN = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff' .&-]+")
CYRILLIC = re.compile(r"[\u0400-\u052f' .-]+")
BRACKETS = re.compile(r"\s*[(\uff08\[].*?[)\uff09\]]")


def cldr_forms(name: str, language: str) -> Iterator[str]:
    """Yield `name` as forms of the gazetteer: with stems for its cases, and marks for short names."""
    name = normalise(BRACKETS.sub("", name)).strip()
    folded = fold(name)
    if not name or (folded in AMBIGUOUS and folded not in CAREFUL) or (folded.isascii() and len(name) < 4):
        return
    spaced = LATIN.fullmatch(folded) or CYRILLIC.fullmatch(folded)
    if not spaced:
        tamil_or_sinhala = "\u0b80" <= name[-1] <= "\u0dff"
        yield name
        if tamil_or_sinhala and len(name) > 4 and unicodedata.category(name[-1])[0] == "M":
            yield name[:-1] + "-"
        return
    mark = "^" if len(name) <= 4 or folded in CAREFUL else ""
    one_word = re.fullmatch(r"\w+", folded) is not None
    yield (
        mark
        + name
        + ("~" if language in INFLECTED and one_word and not folded.endswith(("ska", "ска")) and len(name) > 3 else "")
    )
    if language.startswith("sr") and folded[-2:] in ("ka", "ка"):
        # An adjective in form: with any ending it would be the adjectives of other languages too ("francuski").
        yield from (
            name[:-1] + ending for ending in (("u", "e", "oj", "om") if folded[-1] == "a" else ("у", "е", "ој", "ом"))
        )
    elif language in INFLECTED and one_word and len(name) > 5 - (folded[-1] > "z") and folded[-1] in "aeoyаяоейь":
        yield name[:-1] + "-"


def cldr() -> dict[str, dict[str, Any]]:
    """Return the names of countries and cities in CLDR, as forms; needs babel."""
    from babel import Locale
    from babel.core import get_global

    locales = {code: Locale.parse(code) for code in CHOICE["languages"]}
    english: dict[str, str] = {str(code): str(name) for code, name in locales["en"].territories.items()}
    codes = sorted(c for c in english if re.fullmatch("[A-Z]{2}", c) and c not in CHOICE["left_out"])
    countries: dict[str, Any] = {}
    for code in codes:
        forms = [f for language, loc in locales.items() for f in cldr_forms(loc.territories.get(code, ""), language)]
        countries[code] = {
            "name": CHOICE["short"].get(code, BRACKETS.sub("", english[code])),
            "forms": list(dict.fromkeys(forms)),
        }
    zones = dict(get_global("zone_territories"))
    # CLDR keeps old names of zones, the territories are listed under the new ones.
    zones |= {old: zones[new] for old, new in get_global("zone_aliases").items() if new in zones and old not in zones}
    zones |= {
        "Asia/Saigon": "VN",
        "Asia/Rangoon": "MM",
        "Asia/Calcutta": "IN",
        "Asia/Katmandu": "NP",
        "Europe/Kiev": "UA",
    }
    cities: dict[str, Any] = {}
    for zone, name in sorted(CHOICE["cities"].items(), key=lambda item: item[1]):
        forms = [
            f for lang, loc in locales.items() for f in cldr_forms(loc.time_zones.get(zone, {}).get("city", ""), lang)
        ]
        cities.setdefault(zones[zone], {})[name] = list(dict.fromkeys(forms))
    return {"countries": countries, "cities": cities}


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def rows() -> Iterator[tuple[str, str, str, str, list[str]]]:
    """Yield (kind, country, name, source, forms as written) of all files."""
    names = read("cldr")["countries"]
    yield "decoy", "", "", "", read("decoys")
    for place in read("hotspots")["places"]:
        yield place["kind"], place["country"], place["name"], place["source"], place["forms"]
    for code, forms in read("demonyms").items():
        yield "demonym", code, names[code]["name"], "", forms
    extra = read("countries")
    for code in sorted({*names, *extra}):
        flag = "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)
        yield "country", code, names[code]["name"], "", [flag, *extra.get(code, []), *names[code]["forms"]]
    for group in (read("cities"), read("cldr")["cities"]):
        for code, cities in group.items():
            for name, forms in cities.items():
                marked = any(form[0] in "!^" and form[1:] == name for form in forms)
                yield "city", code, name, "", [*([] if marked else [name]), *forms]
    for name, forms in read("regions").items():
        yield "region", "", name, "", forms


def without_accents(form: str) -> str:
    return "".join(
        c
        for c in unicodedata.normalize("NFD", form.replace("đ", "d").replace("ł", "l").replace("ı", "i"))
        if not unicodedata.combining(c)
    )


def expanded(form: str, kind: str) -> Iterator[str]:
    """Yield the folded forms to search for: flags kept, and Latin names of six letters also without accents."""
    mark = form[0] if form[0] in "!^" else ""
    ending = form[-1] if form[-1] in "~-" else ""
    word = fold(normalise(form[len(mark) : len(form) - len(ending)])).strip()
    if (
        kind not in ("decoy", "demonym")
        and not mark + ending
        and len(word) > 4
        and re.fullmatch("[а-яёіїєґўқғҳәөүұһјљњћџђ]+", word)
    ):
        ending = "~"  # cases of Russian and of its neighbours
    yield mark + word + ending
    if word.startswith("ال") and len(word) > 4:
        yield "لل" + word[2:]  # "for the", where the article loses its first letter
    plain = without_accents(word)
    if kind != "decoy" and not mark and plain != word and LATIN.fullmatch(word) and len(plain) >= 6:
        yield plain + ending


def compile_table() -> str:
    """Return the table: first the sources, then one place a line with its forms; a name belongs to its first owner."""
    lines = [f"source\t{key}\t{text}" for key, text in read("hotspots")["sources"].items()]
    beside = read("endings")
    for kind, group in (("ending", "endings"), ("prefix", "prefixes")):
        lines += [f"{kind}\t{script}\t{'|'.join(words)}" for script, words in beside[group].items()]
    owner: dict[str, str] = {}
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for kind, country, name, source, forms in sorted(rows(), key=lambda row: ORDER.index(row[0])):
        kept = places.setdefault((kind, country, name, source), [])
        for form in forms:
            for one in expanded(form, kind):
                key = one.strip("!^").rstrip("~-") + ("-" if one.endswith("-") else "")
                if owner.setdefault(key, f"{kind} {country} {name}") == f"{kind} {country} {name}" and one not in kept:
                    kept.append(one)
    lines += ["\t".join((*key, "|".join(forms))) for key, forms in places.items() if forms]
    return "\n".join(lines) + "\n"


def main() -> None:
    if sys.argv[1:] == ["cldr"]:
        head = (
            "# Made by scripts/make_gazetteer.py from Unicode CLDR (through babel; Unicode Licence v3): do not edit.\n"
            "# Names of countries and of exemplar cities in the design's languages, as countries.yaml says.\n"
        )
        text = yaml.safe_dump(cldr(), allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=None)
        (FOLDER / "cldr.yaml").write_text(head + text, encoding="utf-8")
    (FOLDER / "table.tsv").write_text(compile_table(), encoding="utf-8")


if __name__ == "__main__":
    main()
