"""Licence numbers: the form of each regulator, and what only looks like one."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.licences import find_licences


@pytest.mark.parametrize(
    ("text", "country", "quote"),
    [
        ("Sunrise Manpower, DMW-123-LB-010203-R, Ermita", "PH", "DMW-123-LB-010203-R"),
        ("POEA License No. 045-LB-111222-R", "PH", "POEA License No. 045-LB-111222-R"),
        ("Resmi, SIP3MI No. 123/2019", "ID", "SIP3MI No. 123/2019"),
        ("RA Lic. No. B-0456/KER/PER/1000+/5/8765/2012", "IN", "RA Lic. No. B-0456/KER/PER/1000+/5/8765/2012"),
        ("Lot No. 123456, Kathmandu", "NP", "Lot No. 123456"),
        ("लट नं. २३४५६७ मलेसिया", "NP", "लट नं. २३४५६७"),
        ("RL-1234, Dhaka", "BD", "RL-1234"),
        ("রিক্রুটিং লাইসেন্স RL No. 0987", "BD", "RL No. 0987"),
        ("SLBFE Lic. No 2345", "LK", "SLBFE Lic. No 2345"),
        ("OEP Licence No. 1234/RWP", "PK", "OEP Licence No. 1234/RWP"),
        ("NEA/112/2023 Nairobi", "KE", "NEA/112/2023"),
        ("EA Licence No: 17C1234", "SG", "EA Licence No: 17C1234"),
        ("Employment Agency Licence No. 54321", "HK", "Employment Agency Licence No. 54321"),
        ("GLAA0123 approved", "GB", "GLAA0123"),
        ("Agencja, KRAZ 12345", "PL", "KRAZ 12345"),
        ("giấy phép 123/LĐTBXH-GP", "VN", "123/LĐTBXH-GP"),
        ("ใบอนุญาตจัดหางานเลขที่ ต.123/2560", "TH", "ใบอนุญาตจัดหางานเลขที่ ต.123/2560"),
        ("許可番号 13-ユ-123456", "JP", "13-ユ-123456"),
        ("KvK nr. 12345678", "NL", "KvK nr. 12345678"),
    ],
)
def test_a_number_in_the_form_of_a_regulator_is_found(text, country, quote):
    found = [licence for licence in find_licences(text) if licence.country == country]
    assert [text[licence.start : licence.end] for licence in found] == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "Driving licence required, class B",
        "Call 0917 123 4567 for a lot of jobs",
        "Public relations, regular work, EUR 2500",
        "Reference 12345, room 12",
        "الراتب 2500 ريال",
        "月薪8000-12000，电话13800000000",
    ],
)
def test_other_numbers_are_no_licences(text):
    assert find_licences(text) == []


def test_licences_do_not_overlap():
    found = find_licences("EA Licence No: 17C1234, R1234567; EA Lic 12C3456")
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert len(found) == 3


def _entries_with_needs():
    return [entry for entry in load_yaml("adscreen.signals", "licences.yaml") if "needs" in entry]


@pytest.mark.parametrize("entry", _entries_with_needs(), ids=lambda entry: f"{entry['country']} {entry['cues'][0]}")
@given(st.data())
def test_every_match_of_a_pattern_holds_what_it_is_said_to_need(entry, data):
    text = data.draw(st.from_regex(re.compile(entry["pattern"], re.IGNORECASE)))

    for match in re.finditer(entry["pattern"], text, re.IGNORECASE):
        assert re.search(entry["needs"], match[0])
