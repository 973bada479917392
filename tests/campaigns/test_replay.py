"""Pairs found in any order give what one process finds, which skips what it need not compare."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.campaigns.candidates import BANDS, WINDOW, band_keys, pairs_in_reach
from adscreen.campaigns.features import signature
from adscreen.campaigns.grouping import APART, DENSE
from adscreen.campaigns.linkage import join_by_contact, join_by_text, likenesses, roots, single_parts
from adscreen.campaigns.replay import FoundPairs, contact_parts, replayed, text_parts
from adscreen.campaigns.text_edges import ON_AVERAGE, PERHAPS, SURELY, make_nodes, text_edges

WORDS = [
    f"{start}{end}" for start in ("weld", "cook", "drive", "chat", "type", "sort") for end in ("ing", "er", "ers", "ly")
]


def drifting(seed, n):
    """Copies of copies: pairs of every likeness, many of them joined before they come up."""
    rng = np.random.default_rng(seed)
    texts = [" ".join(rng.choice(WORDS, 25))]
    for _ in range(n - 1):
        copy = texts[rng.integers(len(texts))].split(" ")
        for at in rng.integers(0, len(copy), rng.integers(0, 9)):
            copy[at] = rng.choice(WORDS)
        texts.append(" ".join(copy))
    return texts


def found_pairs(nodes, rng):
    """All pairs in reach of each other in a bucket that are alike, each with where it first came up, in no order."""
    first = {}
    for band in range(BANDS):
        keys = band_keys(nodes.minhash, nodes.stand_in, band)
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] != 0]
        at, other = pairs_in_reach(np.full(len(order), band), keys[order].view(np.int64), 0)
        for x, y in zip(order[at].tolist(), order[other].tolist(), strict=True):
            place = (band, int(np.int64(keys[x] ^ np.uint64(1 << 63))))
            first.setdefault((y, x), place)
    pairs = list(first)
    rng.shuffle(pairs)
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    strength = likenesses(nodes.texts, left, right)
    band, key = (np.array([first[pair][i] for pair in map(tuple, pairs)], np.int64) for i in (0, 1))
    kept = strength >= PERHAPS
    return FoundPairs(left[kept], right[kept], strength[kept], band[kept], key[kept])


@pytest.fixture(params=[1, 2, 3])
def nodes(request):
    texts = drifting(request.param, 400)
    return make_nodes(signature(texts), [[] for _ in texts])


def test_the_edges_are_those_of_one_process(nodes):
    expected = text_edges(nodes)
    pairs = found_pairs(nodes, np.random.default_rng(5))
    assert len(pairs.left) > len(expected.left)  # some are left out
    for got, wanted in zip(replayed(pairs, len(nodes.sizes)), expected, strict=True):
        assert got.tolist() == wanted.tolist()


def test_the_parts_are_those_of_one_process_before_and_after_contacts_join_them(nodes):
    edges, parts = text_edges(nodes), single_parts(nodes.sizes)
    join_by_text(edges.left, edges.right, edges.strength, SURELY, ON_AVERAGE, nodes.texts, parts)
    rng = np.random.default_rng(6)
    placed = text_parts(found_pairs(nodes, rng), nodes.sizes, nodes.texts)
    assert placed.root.tolist() == roots(parts).tolist()
    assert len(set(placed.root.tolist())) > 3
    left, right = np.sort(rng.integers(0, len(nodes.sizes), (2, 60)), axis=0)
    join_by_contact(left, right, DENSE, APART, nodes.texts, parts)
    joined = contact_parts(left, right, placed, nodes.sizes, nodes.texts, DENSE, APART)
    assert joined.tolist() == roots(parts).tolist()
    assert joined.tolist() != placed.root.tolist()


def test_places_follow_the_order_in_which_texts_came_into_their_part(nodes):
    placed = text_parts(found_pairs(nodes, np.random.default_rng(7)), nodes.sizes, nodes.texts)
    for root in set(placed.root.tolist()):
        places = placed.place[placed.root == root]
        assert sorted(places.tolist()) == list(range(len(places)))
        assert placed.place[root] == 0


def test_no_nodes_make_no_parts():
    nodes = make_nodes(signature([]), [])
    none = np.empty(0, np.int64)
    placed = text_parts(FoundPairs(none, none, np.empty(0), none, none), nodes.sizes, nodes.texts)
    assert placed.root.tolist() == []
    assert contact_parts(none, none, placed, nodes.sizes, nodes.texts, DENSE, APART).tolist() == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=120), st.integers(1, 40))
def test_pairs_in_reach_do_not_depend_on_where_the_rows_are_cut(keys, size):
    keys = np.sort(np.array(keys, np.int64))
    band = np.zeros(len(keys), np.int64)
    whole = {(int(x), int(y)) for x, y in zip(*pairs_in_reach(band, keys, 0), strict=True)}
    wanted = {(x, y) for x in range(len(keys)) for y in range(max(0, x - WINDOW), x) if keys[x] == keys[y]}
    assert whole == wanted
    pieces, before = set(), 0
    for start in range(0, len(keys), size):
        first = max(0, start - WINDOW)
        rows = keys[first : start + size]
        at, other = pairs_in_reach(np.zeros(len(rows), np.int64), rows, start - first)
        pieces |= {(int(x) + first, int(y) + first) for x, y in zip(at, other, strict=True)}
        before += len(at)
    assert pieces == wanted
    assert before == len(wanted)
