"""``adscreen campaigns`` as people type it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import networkx
import pandas as pd
import pytest

from tests.campaigns.conftest import make_ads
from tests.cli.conftest import PROJECT, rows_of


@pytest.fixture(scope="module")
def ads_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ads") / "ads.csv"
    make_ads(3).to_csv(path, index=False)
    return path


def test_each_ad_gets_its_campaign_in_input_order(adscreen, ads_file, tmp_path):
    run = adscreen("campaigns", ads_file, "-o", "out.csv", "--summary", "s.jsonl", "--graph", "g.graphml",
                   "--misp", "m.json", "--json")  # fmt: skip
    assert run.code == 0, run.err
    rows = rows_of(tmp_path / "out.csv")
    assert list(rows[0]) == ["ad_id", "campaign_id"]
    assert [row["ad_id"] for row in rows] == make_ads(3)["ad_id"].tolist()
    names = [row["campaign_id"] for row in rows]
    assert len(set(names[:3])) == len(set(names[3:6])) == len(set(names[6:9])) == 1
    assert names[9:] == [""] * 3
    summary = json.loads(run.out)
    assert {name: summary[name] for name in ("rows", "campaigns", "in_campaigns", "largest", "rejected")} == {
        "rows": 12, "campaigns": 3, "in_campaigns": 9, "largest": 3, "rejected": 0,
    }  # fmt: skip
    table = pd.read_json(tmp_path / "s.jsonl", lines=True)
    assert set(table["campaign_id"]) == set(names[:9])
    assert networkx.read_graphml(tmp_path / "g.graphml").number_of_nodes() >= 3
    assert "Event" in json.loads((tmp_path / "m.json").read_text())
    assert "en_boss" not in (tmp_path / "s.jsonl").read_text()


def test_a_store_is_filled_asked_and_exported(adscreen, ads_file, tmp_path):
    first = adscreen("campaigns", "--update", "store", ads_file)
    assert first.code == 0
    assert first.err == "12 ads added to store. It has 12 ads: 9 in 3 campaigns.\n"
    make_ads(2, start=3).to_csv(tmp_path / "more.csv", index=False)
    second = adscreen("campaigns", "--update", "store", "more.csv", "-o", "out.parquet", "--json")
    summary = json.loads(second.out)
    assert (summary["new_ads"], summary["known_ads"], summary["store_ads"]) == (6, 3, 18)
    assert pd.read_parquet(tmp_path / "out.parquet")["campaign_id"].notna().sum() == 6
    found = json.loads(adscreen("campaigns", "find", "00855 12 345 610", "--store", "store", "--json").out)
    assert found["contacts"] == [{"kind": "phone", "value": "+855 ** *** *10", "ads": 3, "common": False}]
    assert [ad["ad_id"] for ad in found["ads"]] == ["vi-0", "vi-2", "vi-4"]
    shown = adscreen("campaigns", "find", "@nobody_at_all", "--store", "store")
    assert shown.out == "No ad in the store gives this contact.\n"
    export = adscreen("campaigns", "export", "--store", "store", "--summary", "s.xlsx", "--misp", "m.json")
    assert export.err == "3 campaigns written to s.xlsx, m.json.\n"
    assert len(pd.read_excel(tmp_path / "s.xlsx")) == 3
    batches = json.loads(adscreen("campaigns", "history", "--store", "store", "--json").out)
    assert [(batch["batch"], batch["ads"], batch["inputs"]) for batch in batches] == [
        (1, 12, [str(ads_file)]),
        (2, 6, ["more.csv"]),
    ]


def test_rows_set_aside_give_exit_code_4_and_a_file(adscreen, broken_csv, tmp_path):
    run = adscreen("campaigns", broken_csv, "-o", "out.csv")
    assert run.code == 4
    assert run.err.endswith("5 rows could not be read and were set aside; see out.csv.rejected.jsonl.\n")
    assert len(rows_of(tmp_path / "out.csv")) == 12


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["ads.csv"],
            2,
            "campaigns needs -o OUT, --update STORE or both: adscreen campaigns ads.csv -o groups.csv",
        ),
        (
            ["ads.csv", "--update", "store", "--reveal"],
            2,
            "--reveal: a store keeps no contact in full. Leave out --update, or leave out --reveal.",
        ),
        (["ads.csv", "-o", "out.csv", "--graph", "g.gexf"], 2, "--graph g.gexf: give a name that ends in .graphml."),
        (["ads.csv", "-o", "out.csv", "--misp", "event.txt"], 2, "--misp event.txt: give a name that ends in .json."),
        (
            ["ads.csv", "-o", "out.csv", "--summary", "s.doc"],
            2,
            "--summary s.doc: the suffix says the format; use one of .csv, .jsonl, .parquet, .xlsx, or - for JSON "
            "lines on stdout.",
        ),
        (
            ["ads.csv", "-o", "out.csv", "--summary", "out.csv"],
            2,
            "out.csv is named twice as an output. Give each file a name of its own.",
        ),
        (
            ["ads.csv", "-o", "out.csv", "--summary", "no/s.csv"],
            3,
            "--summary no/s.csv: the folder no does not exist. Make it first: mkdir -p no",
        ),
        (
            ["ads.csv", "-o", "ads.csv"],
            2,
            "-o ads.csv: this is the input, and would be overwritten. Give another name.",
        ),
        (["export", "--store", "store"], 2, "export needs --summary FILE, --graph FILE or --misp FILE."),
        (
            ["find", "+855 12 345 678", "--store", "none"],
            3,
            "none: there is no store in this folder. Make one: adscreen campaigns --update none ads.csv",
        ),
        (
            ["ads.csv", "--update", "."],
            2,
            "--update .: this folder is no store, and holds other files (ads.csv). Name a new or an empty folder.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(adscreen, tmp_path, arguments, code, message):
    make_ads(1).to_csv(tmp_path / "ads.csv", index=False)
    run = adscreen("campaigns", *arguments)
    assert (run.code, run.err) == (code, f"Error: {message}\n")
    assert not (tmp_path / "out.csv").exists()


def test_a_store_by_a_newer_adscreen_is_refused_with_exit_code_3(adscreen, ads_file, tmp_path):
    adscreen("campaigns", "--update", "store", ads_file)
    with sqlite3.connect(tmp_path / "store/campaigns.sqlite3") as db:
        db.execute("PRAGMA user_version = 2")
    run = adscreen("campaigns", "--update", "store", ads_file)
    assert (run.code, run.err) == (
        3,
        "Error: store: this store was written by a newer adscreen (store version 2; this one knows 1). Install that "
        "version or newer; nothing was changed.\n",
    )


def test_contacts_are_in_full_only_when_asked(adscreen, ads_file, tmp_path):
    adscreen("campaigns", ads_file, "-o", "out.csv", "--summary", "s.csv", "--reveal")
    assert "+85512345610" in (tmp_path / "s.csv").read_text()


def test_screen_shows_a_campaign_once_and_counts_it_in_the_budget(adscreen, ads_file, tmp_path):
    run = adscreen("screen", ads_file, "--budget", "3", "--report", "report.html", "--json")
    ads = json.loads(run.out)["ads"]
    assert len(ads) == 3
    names = [ad["campaign_id"] for ad in ads if ad["campaign_id"]]
    assert len(names) == len(set(names)) >= 2
    assert {ad["campaign_ads"] for ad in ads if ad["campaign_id"]} == {3}
    html = (tmp_path / "report.html").read_text()
    assert "3 ads of this campaign" in html
    assert "en_boss" not in html


def test_the_documentation_names_every_command_and_option_and_its_output_is_real(adscreen, tmp_path):
    page = (PROJECT / "docs/campaigns.md").read_text(encoding="utf-8")
    for command in ("group", "find", "export", "history"):
        shown = adscreen("campaigns", command, "--help").out
        assert command == "group" or f"adscreen campaigns {command}" in page
        for option in ("--summary", "--graph", "--misp", "--update", "--store", "--country", "--reveal"):
            assert option not in shown or option in page
    run = adscreen("campaigns", PROJECT / "data/sample/reposted.csv", "-o", "groups.csv")
    assert run.err.partition(" Written")[0] in page
    assert "\n".join((tmp_path / "groups.csv").read_text().splitlines()[:4]) in page


def test_all_ads_alike_are_one_campaign_and_empty_ones_none(adscreen, tmp_path):
    rows = ["Waiter wanted in Porto for evening shifts by the river"] * 300 + ["", " ", "!"]
    pd.DataFrame({"ad_id": range(303), "text": rows}).to_csv(tmp_path / "same.csv", index=False)
    run = adscreen("campaigns", "same.csv", "-o", "out.csv", "--json")
    summary = json.loads(run.out)
    assert (summary["campaigns"], summary["in_campaigns"]) == (1, 300)
