"""The list of known words: what gets in."""

import lzma

from make_word_list import TARGET, word_list


def test_a_word_gets_in_with_three_families_and_a_compound_with_one():
    texts = [
        ("a", "Passport v1sa, e-mail"),
        ("a", "passport kerja"),
        ("b", "PASSPORT, kerja паспорт"),
        ("c", "passport"),
    ]
    assert word_list(texts) == ["e-mail", "passport"]


def test_the_shipped_list_is_small_and_sorted():
    assert TARGET.stat().st_size < 300_000
    words = lzma.decompress(TARGET.read_bytes()).decode().split("\n")
    assert words == sorted(set(words))
    assert {"passport", "зарплата", "gaji"} <= set(words)
