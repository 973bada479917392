"""Names of campaigns stay."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from adscreen.campaigns.campaign_ids import Change, content_digest, name_campaigns


def named(labels, digests=None, before=None, used=()):
    digests = digests or [content_digest(str(i)) for i in range(len(labels))]
    return name_campaigns(np.array(labels, np.int64), digests, before, used)


def test_a_name_comes_from_the_content_and_not_from_the_order():
    digests = ["0b", "0a", "0c", "0d"]
    assert named([0, 0, 1, 1], digests).ids == ["c-0a", "c-0a", "c-0c", "c-0c"]
    assert named([0, 0, 1, 1], digests[::-1]).ids == ["c-0c", "c-0c", "c-0a", "c-0a"]


def test_an_ad_on_its_own_has_no_name():
    assert named([-1, 0, 0]).ids[0] is None


def test_a_known_campaign_keeps_its_name_when_ads_are_added():
    found = named([0, 0, 0], ["09", "08", "00"], ["c-08", "c-08", None])
    assert found == (["c-08"] * 3, [])


def test_of_two_that_become_one_the_larger_name_stays_and_the_merge_is_told():
    found = named([0] * 5, before=["c-x", "c-x", "c-a", None, "c-x"])
    assert found == (["c-x"] * 5, [Change("merged", "c-a", "c-x", 1)])


def test_of_one_that_falls_apart_the_larger_part_keeps_the_name():
    found = named([0, 0, 0, 1, 1, -1], ["01", "02", "03", "04", "05", "06"], ["c-x"] * 6)
    assert found.ids == ["c-x", "c-x", "c-x", "c-04", "c-04", None]
    assert found.changes == [Change("split", "c-x", "", 1), Change("split", "c-x", "c-04", 2)]


def test_a_name_that_was_given_once_is_given_to_nothing_else():
    (name, _) = named([0, 0], ["01", "02"], used={"c-01"}).ids
    assert name not in ("c-01", None)


labelings = st.lists(st.integers(-1, 4), min_size=1, max_size=20)


@given(labelings, st.randoms())
def test_names_are_one_to_one_with_groups_and_do_not_depend_on_the_order(labels, rng):
    digests = [content_digest(str(i)) for i in range(len(labels))]
    ids = named(labels, digests).ids
    assert len({(a, b) for a, b in zip(labels, ids, strict=True) if b}) == len(set(labels) - {-1})
    order = list(range(len(labels)))
    rng.shuffle(order)
    assert named([labels[i] for i in order], [digests[i] for i in order]).ids == [ids[i] for i in order]


@given(labelings)
def test_naming_again_changes_nothing(labels):
    ids = named(labels).ids
    assert named(labels, before=ids, used=set(filter(None, ids))) == (ids, [])
