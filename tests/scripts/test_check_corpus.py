"""The linter of the authored corpus: every broken row is found, with its file, line and id, and what to do."""

import json
from pathlib import Path

import pytest

import check_corpus
from corpus_rules import Ad, consistency_errors, text_errors

ROOT = Path(__file__).parents[2]
FOURTH = 3
"""Position of the ad that is broken: line 4 of en.jsonl, t-en-02-t, an honest twin."""


def errors_of(folder, capsys):
    """The complaints of a run on `folder`, without the count at their end."""
    assert check_corpus.main([str(folder)]) == 1
    *errors, count = capsys.readouterr().err.splitlines()
    n = len(errors)
    assert count.startswith(f"{n} error{'s' if n > 1 else ''} in ")
    return errors


def test_a_sound_corpus_passes(ads, write_corpus, capsys):
    folder = write_corpus(ads)
    assert check_corpus.main([str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder}: 12 ads, no errors\n"


def test_the_corpus_of_the_project_passes(capsys):
    assert check_corpus.main([str(ROOT / "data" / "authored")]) == 0, capsys.readouterr().err


CHANNELS = "board, classified, dm, facebook, flyer, sms, telegram, whatsapp"
TYPES = (
    "advance_fee, courier, identity_theft, labour_exploitation, money_mule, organ_surrogacy, scam_compound, "
    "sexual_exploitation, task_scam"
)
REGIONS = "AFRICA, AMERICAS, CIS, EASTASIA, EUROPE, GULF, MENA, OCEANIA, REMOTE, SEA, SOUTHASIA"

BROKEN_FIELDS = [
    ({"role": None}, "no field 'role'; add it"),
    ({"role": " "}, "'role' is ' '; write a text"),
    ({"role": 7}, "'role' is 7; write a text"),
    ({"label": "0"}, "'label' is '0'; write a number"),
    ({"label": False}, "'label' is False; write a number"),
    ({"channel": "Facebook"}, f"unknown channel 'Facebook'; use one of {CHANNELS}"),
    ({"type": "scam"}, f"unknown type 'scam'; use one of {TYPES}"),
    ({"region": "ASIA"}, f"unknown region 'ASIA'; use one of {REGIONS}"),
    ({"kind": "honest"}, "unknown kind 'honest'; use one of blatant, subtle, surface, twin, warning"),
    ({"pair": "yes"}, "'pair' is 'yes'; write true or false"),
    ({"reader": 3}, "'reader' is 3; write a text"),
    ({"titel": "Cook"}, "unknown field 'titel'; remove it or correct its name"),
    ({"label": 1}, "a twin has label 0, not 1; correct one of the two"),
]

ENOUGH = "Cook wanted in Cebu for a licensed kitchen, two meals a day and a bed, ask for the chef by"
BROKEN_TEXTS = [
    (f"{ENOUGH} 0917 555 1234", "'0917 555 1234' may be a real phone number; put 000 in it or mask it with X"),
    (f"{ENOUGH} +639175551234", "'+639175551234' may be a real phone number; put 000 in it or mask it with X"),
    (f"{ENOUGH} ٠٧٩١٢٣٤٥٦٧", "'٠٧٩١٢٣٤٥٦٧' may be a real phone number; put 000 in it or mask it with X"),
    (f"{ENOUGH} (02) 2345-6789", "'(02) 2345-6789' may be a real phone number; put 000 in it or mask it with X"),
    (f"{ENOUGH} @linda.hr", "'linda.hr' may be a real account; let it end in _ex"),
    (f"{ENOUGH} WeChat: linda_hr88", "'linda_hr88' may be a real account; let it end in _ex"),
    (f"{ENOUGH} 微信：abc_2020", "'abc_2020' may be a real account; let it end in _ex"),
    (f"{ENOUGH} hr@bluelotus.com", "'bluelotus.com' may be a real address; let it end in .example"),
    (f"{ENOUGH} https://t.me/x", "'t.me' may be a real address; let it end in .example"),
    (f"{ENOUGH} www.blue-lotus.vn", "'blue-lotus.vn' may be a real address; let it end in .example"),
    ("Cook wanted in Cebu, two meals", "6 words; write at least 12"),
    ("招聘厨师包吃住月薪九千", "6 words; write at least 12"),
]
HARMLESS = [
    "0917 000 1234",
    "+63 9XX XXX XXXX",
    "0917-555-12XX",
    "12.345.678 VND",
    "1500-2500 USD",
    "12/05/2026 - 14/05/2026",
    "2024-2026",
    "8.30-17.30",
    "@linda_hr_ex",
    "hr@bluelotus.example",
    "Telegram: message me",
    "the rooms.no fee",
]


@pytest.mark.parametrize(("change", "message"), BROKEN_FIELDS)
def test_a_wrong_field_is_found(ads, change, message):
    broken = Ad("tl.jsonl", 7, {k: v for k, v in (ads[FOURTH] | change).items() if v is not None})
    sound, errors = check_corpus.sound_ads([broken])
    errors += [error for ad in sound for error in consistency_errors(ad)]
    assert errors == [f"tl.jsonl:7: t-en-02-t: {message}"]


def test_a_row_with_a_wrong_field_fails_the_corpus(ads, write_corpus, capsys):
    del ads[FOURTH]["role"]
    assert errors_of(write_corpus(ads), capsys) == ["en.jsonl:4: t-en-02-t: no field 'role'; add it"]


def test_an_unknown_language_is_found(ads, write_corpus, capsys):
    ads[FOURTH]["lang"] = "zh"
    (error,) = errors_of(write_corpus(ads), capsys)
    assert error.startswith(
        "en.jsonl:4: t-en-02-t: unknown lang 'zh'; use one of am, ar, bg, bn, de, en, es, fr, hi, hi-Latn, "
    )


def errors_of_text(ad, text):
    return list(text_errors(Ad("tl.jsonl", 7, ad | {"text": text})))


@pytest.mark.parametrize(("text", "message"), BROKEN_TEXTS)
def test_a_text_with_a_real_contact_or_too_few_words_is_found(ads, text, message):
    assert errors_of_text(ads[FOURTH], text) == [f"tl.jsonl:7: t-en-02-t: {message}"]


@pytest.mark.parametrize("harmless", HARMLESS)
def test_a_masked_contact_a_date_or_an_amount_is_no_error(ads, harmless):
    assert errors_of_text(ads[FOURTH], f"{ENOUGH} {harmless}") == []


def test_a_text_with_a_real_contact_fails_the_corpus(ads, write_corpus, capsys):
    for ad in ads[2:4]:
        ad["text"] += " Or 0917 555 1234"
    assert errors_of(write_corpus(ads), capsys) == [
        f"en.jsonl:{line}: t-en-02-{kind}: '0917 555 1234' may be a real phone number; put 000 in it or mask it with X"
        for line, kind in ((3, "b"), (4, "t"))
    ]


def test_an_id_used_twice_is_found(ads, write_corpus, capsys):
    ads[FOURTH]["id"] = "t-en-02-b"
    assert errors_of(write_corpus(ads), capsys) == [
        "en.jsonl:4: t-en-02-b: this id is taken by en.jsonl:3; give the ad another"
    ]


def test_an_id_of_another_family_is_found(ads, write_corpus, capsys):
    ads[FOURTH]["id"] = "t-en-22-t"
    assert errors_of(write_corpus(ads), capsys) == [
        "en.jsonl:4: t-en-22-t: the id does not begin with its family 't-en-02-'; rename it"
    ]


def test_a_sentence_of_another_family_is_found(ads, write_corpus, capsys):
    ads[FOURTH]["text"] = ads[FOURTH]["text"].replace("Cook wanted in Cebu", "COOK wanted, in Aqaba")
    assert errors_of(write_corpus(ads), capsys) == [
        "en.jsonl:4: t-en-02-t: 'cook wanted in aqaba for a licensed kitchen of our group' is also in t-en-01-b "
        "(en.jsonl:1); write it anew"
    ]


def test_a_family_in_two_files_is_found(ads, write_corpus, capsys):
    write_corpus(ads[FOURTH : FOURTH + 1], "tl.jsonl")
    assert errors_of(write_corpus(ads[:FOURTH] + ads[FOURTH + 1 :]), capsys) == [
        "tl.jsonl:1: t-en-02-t: family 't-en-02' is in en.jsonl too; keep a family in one file"
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "{",
            "not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); "
            "write one ad a line",
        ),
        ("[1]", "not an object; write one ad a line, as {...}"),
    ],
)
def test_a_line_that_is_no_ad_is_found(ads, write_corpus, capsys, line, message):
    assert errors_of(write_corpus([*ads, line]), capsys) == [f"en.jsonl:13: {message}"]


def test_blank_lines_are_no_error(ads, write_corpus):
    assert check_corpus.main([str(write_corpus([*ads[:4], "", *ads[4:]]))]) == 0


def test_a_line_separator_in_a_text_does_not_shift_the_line_numbers(ads, write_corpus, capsys):
    ads[0]["text"] += " \u2028"
    ads[FOURTH]["role"] = ""
    assert errors_of(write_corpus(ads), capsys) == ["en.jsonl:4: t-en-02-t: 'role' is ''; write a text"]


def splits_of(ads):
    return {ad["family"]: "train" for ad in ads}


def test_every_family_has_a_split(ads, write_corpus, capsys):
    folder = write_corpus(ads)
    splits = splits_of(ads)
    del splits["t-en-02"]
    splits["t-en-99"] = "test"
    (folder / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    assert errors_of(folder, capsys) == [
        "en.jsonl:4: t-en-02-t: family 't-en-02' has no split; add it to splits.json",
        "splits.json: family 't-en-99' is not in the corpus; remove it",
    ]


def test_a_family_in_two_splits_is_found(ads, write_corpus, capsys):
    folder = write_corpus(ads)
    text = json.dumps(splits_of(ads))[:-1] + ', "t-en-02": "test"}'
    (folder / "splits.json").write_text(text, encoding="utf-8")
    assert errors_of(folder, capsys) == ["splits.json: family 't-en-02' is in 'train' and 'test'; keep one"]


def test_all_errors_are_listed_and_not_only_the_first(ads, write_corpus, capsys):
    ads[0]["channel"] = "tv"
    ads[1]["text"] += " Call 0917 555 1234."
    del ads[FOURTH]["dest"], ads[FOURTH]["origin"]
    found = [error for error in errors_of(write_corpus(ads), capsys) if ": AUC " not in error]
    assert [error.split(": ")[1] for error in found] == ["t-en-01-b", "t-en-02-t", "t-en-02-t", "t-en-01-t"]


def test_a_folder_without_ads_is_an_error(tmp_path, capsys):
    assert errors_of(tmp_path, capsys) == [f"{tmp_path} has no .jsonl files; name the folder of the authored corpus"]


def test_too_few_families_to_measure_balance_is_an_error(ads, write_corpus, capsys):
    assert errors_of(write_corpus(ads[:8]), capsys) == [
        "balance needs at least 5 families, and ads of both labels; write more"
    ]


def test_the_table_shows_what_each_feature_says_of_the_label(ads, write_corpus, capsys):
    assert check_corpus.main([str(write_corpus(ads)), "--table"]) == 0
    table = dict(line.rsplit(None, 1) for line in capsys.readouterr().out.splitlines()[:-1])
    assert table["length"] == table["channel board"] == table["language en"] == "0.500"
    assert "reassurance words as a bag" in table
