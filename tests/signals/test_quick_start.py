"""What is not compiled or imported at start-up is found as if it were."""

import re
import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tldextract import TLDExtract

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.contacts.domains import Domain, _suffixes, split_host
from adscreen.signals.going_rates import _ASCII_WORD, _WORD, _Names
from adscreen.signals.pay_words import any_of

library = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True, extra_suffixes=("example",))
LABELS = sorted({label for suffix in _suffixes() for label in suffix.split(".")} | {"a", "www", "xn--p1ai", "xn--zz--"})
NAMES = ["cook", "cook*", "cooks", "cook help*", "serv*", "service", "servis", "obsług* klienta", "chăm sóc", "phụ bếp"]


def split_by_the_library(host):
    parts = library.extract_str(host)
    if not parts.suffix or not parts.domain:
        return None
    return Domain(parts.subdomain, f"{parts.domain}.{parts.suffix}", parts.suffix)


@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=5).map(".".join))
def test_hosts_are_split_as_tldextract_splits_them(host):
    assert split_host(host) == split_by_the_library(host)


def test_hosts_under_every_public_suffix_are_split_as_tldextract_splits_them():
    for suffix in _suffixes():
        for host in (suffix, f"b.a.{suffix.replace('*', 'q').lstrip('!')}"):
            assert split_host(host) == split_by_the_library(host)


@pytest.mark.parametrize("name", ["aliases.yaml", "lookalikes.yaml"])
def test_the_fast_loader_reads_what_the_safe_one_reads(name):
    from importlib.resources import files

    assert load_yaml("adscreen.ads", name) == yaml.safe_load(files("adscreen.ads").joinpath(name).read_bytes())


@given(
    st.lists(st.sampled_from(NAMES), min_size=1),
    st.lists(st.sampled_from([*NAMES, "s", "ing", "ą", " ", "1", "客"])).map("".join),
)
def test_the_name_of_a_role_ends_where_an_expression_for_all_names_ends(names, text):
    pattern = re.compile(any_of(word.replace("*", "") + ("*" if "*" in word else "") for word in names))
    match = pattern.match(text)

    assert _Names.of("role", names).end_at(text, 0) == (match.end() if match else -1)


@given(st.text(st.characters(max_codepoint=127)).map(str.lower))
def test_the_words_of_an_ascii_text_are_those_of_any_text(text):
    assert _ASCII_WORD.findall(text) == _WORD.findall(text)


def test_scoring_imports_no_http_client_no_linear_algebra_and_no_parser_of_c(tmp_path):
    (tmp_path / "ads.csv").write_text("text\nApply at jobs@cook.com.ph or https://bit.ly/x, pay 3000 USD in Dubai\n")
    program = (
        "import sys; from adscreen.cli import app\n"
        f"app(['score', {str(tmp_path / 'ads.csv')!r}, '-o', {str(tmp_path / 'out.csv')!r}], standalone_mode=False)\n"
        "print(sorted({'requests', 'tldextract', 'scipy.linalg', 'pycparser'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_numba_still_multiplies_matrices_after_a_quick_start():
    program = (
        "from adscreen.quick_start import import_numba; import_numba()\n"
        "import numba, numpy as np\n"
        "print(numba.njit(lambda a: np.dot(a, a))(np.eye(2)).tolist())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[[1.0, 0.0], [0.0, 1.0]]\n"


def test_numba_still_compiles_after_loading_what_it_had_compiled_before(tmp_path):
    (tmp_path / "sums.py").write_text(
        "import numba, numpy as np\n"
        "@numba.njit(cache=True)\n"
        "def total(a): return a.sum()\n"
        "@numba.njit\n"
        "def squared(a): return [total(np.dot(a, a))]\n"
    )
    program = (
        "from adscreen.quick_start import import_numba; import_numba(); import_numba()\n"
        "import numpy as np, sums\n"
        "print(sums.total(np.eye(2)), sum(sums.total.stats.cache_hits.values()), sums.squared(2 * np.eye(2)))"
    )
    shown = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
        for _ in range(2)
    ]

    assert shown == ["2.0 0 [8.0]\n", "2.0 1 [8.0]\n"]
