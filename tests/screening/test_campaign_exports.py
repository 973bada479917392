"""What investigators load elsewhere: a table, GraphML, a MISP event; contacts masked unless asked."""

import json
import uuid
from pathlib import Path

import jsonschema
import networkx
import pandas as pd
import pymisp
import pytest
import yaml

from adscreen.campaigns.profiles import campaigns_of, day_of, profiles
from adscreen.screening import campaign_misp
from adscreen.screening.campaign_graph import graph_lines
from adscreen.screening.campaign_misp import misp_event
from adscreen.screening.campaign_run import IN_MEMORY_KEY, Gathering
from adscreen.screening.campaign_table import SUMMARY_COLUMNS, summary_table
from tests.campaigns.conftest import batch_of, make_ads

DATA = Path(pymisp.__file__).parent / "data"
RAW = ("en_boss_0_ex", "en_boss_1_ex", "12345610", "12 345 610")


def described(ads, *, reveal=False):
    gathering = Gathering()
    gathering.add(batch_of(ads, IN_MEMORY_KEY, reveal=reveal))
    return list(profiles(gathering.ledger()))


def rival():
    """Add a campaign with another text that gives the contact of the English one."""
    text = (
        "Typists for a call centre in Vientiane, rooms shared by four, bonus every month, write to Telegram "
        "@en_boss_0_ex"
    )
    more = make_ads(4)[:4].assign(description=[f"{text} {end}" for end in ("now", "soon", "please", "today")])
    return more.assign(ad_id=[f"en-rival-{i}" for i in range(4)])


@pytest.fixture(scope="module")
def campaigns():
    return described(make_ads(4))


@pytest.fixture(scope="module")
def by_language(campaigns):
    return {next(iter(campaign.languages)): campaign for campaign in campaigns}


def test_a_campaign_shows_size_days_sources_languages_and_destinations(by_language):
    english = by_language["en"]
    assert len(english.members) == 4
    assert (english.first_seen, english.last_seen, english.undated) == ("2025-01-01", "2025-01-04", 0)
    assert english.sources == {"group 0": 2, "group 1": 2}
    assert english.channels == {"telegram": 4}
    assert english.destinations == {"KH": 3, "TH": 1}
    assert (english.band, english.by_band) == ("urgent", {"urgent": 4})


def test_its_riskiest_ads_come_first_each_with_another_text(by_language):
    english = by_language["en"]
    risks = [example.risk for example in english.examples]
    assert risks == sorted(risks, reverse=True)
    assert english.examples[0].ad_id == "en-3"
    assert len({example.heading for example in english.examples}) == len(risks)


def test_contacts_are_counted_and_masked(by_language):
    contacts = by_language["vi"].contacts
    assert [(each.kind, each.shown, each.ads) for each in contacts] == [
        ("phone", "+855 ** *** *10", 2),
        ("phone", "+855 ** *** *11", 2),
    ]


def test_campaigns_to_read_come_first(campaigns):
    assert [campaign.risk for campaign in campaigns] == sorted((c.risk for c in campaigns), reverse=True)


def test_a_date_that_could_be_two_days_is_no_date():
    assert [day_of(text) for text in ("2025-02-30", "03/04/2025", "", "20250304", "1741082400000")] == [
        *[""] * 4,
        "2025-03-04",
    ]


def test_the_table_has_one_row_for_each_campaign_and_json_in_its_lists(campaigns):
    table = summary_table(campaigns)
    assert list(table.columns) == list(SUMMARY_COLUMNS)
    assert len(table) == len(campaigns) == 3
    for name in ("bands", "sources", "contacts", "slots", "examples", "held_by", "linked_to"):
        assert all(isinstance(json.loads(value), dict | list) for value in table[name])
    assert not any(raw in table.to_csv() for raw in RAW)


def test_an_empty_table_has_its_columns():
    table = summary_table([])
    assert list(table.columns) == list(SUMMARY_COLUMNS)
    assert str(table["ads"].dtype) == "int64"


def test_the_table_has_contacts_in_full_when_asked():
    table = summary_table(described(make_ads(4), reveal=True))
    assert "+85512345610" in table.to_csv()
    assert "en_boss_1_ex" in table.to_csv()


# GraphML


def read_graph(campaigns, tmp_path):
    path = tmp_path / "graph.graphml"
    path.write_text("".join(graph_lines(campaigns)), encoding="utf-8")
    return networkx.read_graphml(path)


def test_a_graph_holds_campaigns_and_the_contacts_they_give(campaigns, tmp_path):
    graph = read_graph(campaigns, tmp_path)
    kinds = networkx.get_node_attributes(graph, "type")
    assert sorted(kinds.values()) == ["campaign"] * 3 + ["contact"] * 6
    assert graph.number_of_edges() == 6
    for campaign in campaigns:
        assert graph.nodes[campaign.campaign_id]["ads"] == 4
        assert graph.nodes[campaign.campaign_id]["band"] == "urgent"


def test_a_contact_that_ties_two_campaigns_is_one_node(tmp_path):
    ads = make_ads(4)
    together = pd.concat([ads, rival()], ignore_index=True)
    campaigns = described(together)
    graph = read_graph(campaigns, tmp_path)
    shared = [node for node, data in graph.nodes(data=True) if data["type"] == "contact" and graph.degree(node) == 2]
    assert len(shared) == 1
    tied = {campaign.campaign_id for campaign in campaigns if campaign.links}
    assert set(graph.neighbors(shared[0])) == tied


def test_a_graph_holds_no_contact_in_full_and_no_hash(campaigns):
    text = "".join(graph_lines(campaigns))
    assert not any(raw in text for raw in RAW)
    assert not any(contact.hash in text for campaign in campaigns for contact in campaign.contacts)


def test_markup_and_control_characters_in_an_ad_do_no_harm_to_a_graph(tmp_path):
    hostile = '<node id="x"/> & "quoted" \x00\x0b ]]> '
    ads = make_ads(4)
    ads = ads.assign(description=hostile + ads["description"], source=hostile)
    graph = read_graph(described(ads), tmp_path)
    assert "x" not in graph


# MISP


def attributes_of(event):
    return [(each, attribute) for each in event["Event"]["Object"] for attribute in each["Attribute"]]


@pytest.fixture(scope="module", params=[False, True], ids=["masked", "revealed"])
def event(request):
    campaigns = described(make_ads(4), reveal=request.param)
    return misp_event(campaigns, day="2026-01-02", version="test-1", revealed=request.param), request.param


def test_pymisp_reads_the_event_and_gives_it_back(event):
    read = pymisp.MISPEvent()
    read.load(json.dumps(event[0]))
    assert read.info == "adscreen: 3 campaigns of recruitment ads to be read by a person"
    assert str(read.date) == "2026-01-02"
    assert sorted(each.name for each in read.objects) == ["annotation"] * 3 + ["phone"] * 2 + ["telegram-account"] * 4
    again = json.loads(read.to_json())
    assert len(again["Object"]) == len(event[0]["Event"]["Object"])


def test_the_event_is_valid_by_the_schema_of_pymisp(event):
    # The strict schema of pymisp is older than objects, and knows none.
    jsonschema.validate(event[0], json.loads((DATA / "schema-lax.json").read_text()))


def test_every_object_is_as_its_template_in_pymisp_says(event):
    for each in event[0]["Event"]["Object"]:
        definition = json.loads((DATA / "misp-objects/objects" / each["name"] / "definition.json").read_text())
        assert each["template_uuid"] == definition["uuid"]
        assert each["meta-category"] == definition["meta-category"]
        relations = {attribute["object_relation"] for attribute in each["Attribute"]}
        assert relations <= set(definition["attributes"])
        assert relations & set(definition.get("requiredOneOf", relations))
        assert set(definition.get("required", [])) <= relations
        for attribute in each["Attribute"]:
            assert attribute["type"] == definition["attributes"][attribute["object_relation"]]["misp-attribute"]


def test_every_attribute_is_of_a_type_that_its_category_may_hold(event):
    types = json.loads((DATA / "describeTypes.json").read_text())["result"]
    for _, attribute in attributes_of(event[0]):
        assert attribute["type"] in types["category_type_mappings"][attribute["category"]]


def test_every_reference_leads_to_an_object_by_a_known_relation(event):
    known = json.loads((DATA / "misp-objects/relationships/definition.json").read_text())["values"]
    objects = {each["uuid"] for each in event[0]["Event"]["Object"]}
    references = [ref for each in event[0]["Event"]["Object"] for ref in each["ObjectReference"]]
    assert len(references) == 6
    for reference in references:
        assert reference["referenced_uuid"] in objects
        assert reference["relationship_type"] in {value["name"] for value in known}


def test_all_uuids_are_uuids_and_differ(event):
    objects = event[0]["Event"]["Object"]
    found = [each["uuid"] for each in objects]
    found += [part["uuid"] for each in objects for part in (*each["Attribute"], *each["ObjectReference"])]
    assert len(found) == len({uuid.UUID(text) for text in found})


def test_nothing_is_marked_for_detection_and_masked_values_do_not_correlate(event):
    made, revealed = event
    for each, attribute in attributes_of(made):
        assert attribute["to_ids"] is False
        if each["name"] in ("phone", "telegram-account"):
            assert attribute["disable_correlation"] is not revealed
    text = json.dumps(made)
    assert all((raw in text) is revealed for raw in ("+85512345610", "en_boss_0_ex"))


def test_campaigns_of_lower_concern_are_not_in_the_event():
    ads = make_ads(4)
    honest = ads[ads["ad_id"].str.startswith("honest")]
    campaigns = described(pd.concat([honest, honest], ignore_index=True))
    assert {campaign.band for campaign in campaigns} == {"clear"}
    event = misp_event(campaigns, day="2026-01-02", version="test-1", revealed=False)
    assert event["Event"]["Object"] == []


def test_all_kinds_of_contact_have_an_object():
    text = (
        "Warehouse packers wanted for night work in a large hall beside the port, room paid, begin on any Monday. "
        "Write to jobs@harbour-example.com or see https://bit.ly/abcDE1 or LINE id: harbour_ex2, "
        "pay to wallet TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE or IBAN DE89 3704 0044 0532 0130 00 {}"
    )
    ads = make_ads(4)[:4].assign(description=[text.format(end) for end in ("now", "soon", "today", "please")])
    (campaign,) = described(ads)
    event = misp_event([campaign], day="2026-01-02", version="test-1", revealed=False)
    names = {each["name"] for each in event["Event"]["Object"]}
    kinds = {contact.kind for contact in campaign.contacts}
    assert {"email", "link", "line", "wallet", "bank_account"} <= kinds
    assert {"annotation", "url", "user-account", "coin-address", "bank-account"} <= names
    pymisp.MISPEvent().load(json.dumps(event))


def test_the_table_of_objects_is_the_one_that_pymisp_has():
    path = Path(campaign_misp.__file__).with_name("misp_objects.yaml")
    for name, entry in yaml.safe_load(path.read_text())["objects"].items():
        definition = json.loads((DATA / "misp-objects/objects" / name / "definition.json").read_text())
        assert (entry["uuid"], entry["category"]) == (definition["uuid"], definition["meta-category"])
        assert int(entry["version"]) <= int(definition["version"])


def test_names_of_campaigns_are_listed_by_what_to_read_first():
    gathering = Gathering()
    gathering.add(batch_of(make_ads(2)))
    ledger = gathering.ledger()
    assert len(campaigns_of(ledger)) == 3
