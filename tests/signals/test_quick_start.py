"""What is not compiled or imported at start-up is found as if it were."""

import re
import subprocess
import sys
import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tldextract import TLDExtract

from adscreen import shipped_yaml
from adscreen.ads.characters import _marks
from adscreen.ads.known_words import _parts, _spellings, known_words
from adscreen.shipped_yaml import PARSED, PARSED_FILE, ROOT, load_yaml, write_parsed
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


PARSED_YAML = sorted(file for pattern in PARSED for file in ROOT.glob(pattern))


@pytest.mark.parametrize("file", PARSED_YAML, ids=lambda file: file.name)
def test_what_was_parsed_is_what_the_safe_loader_reads(file):
    package = ".".join(("adscreen", *file.relative_to(ROOT).parent.parts))

    assert load_yaml(package, file.name) == yaml.safe_load(file.read_bytes())


def test_the_parsed_yaml_that_ships_is_current(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped_yaml, "PARSED_FILE", tmp_path / "parsed_yaml.tsv")

    assert write_parsed() == len(PARSED_YAML)
    written = (tmp_path / "parsed_yaml.tsv").read_bytes()
    assert written == PARSED_FILE.read_bytes(), "run: python -m adscreen.shipped_yaml"


def test_yaml_that_was_changed_since_it_was_parsed_is_read_anew(monkeypatch):
    stale = {"ads/lure_words.yaml": ("0" * 32, '{"en": ["stale"]}')}
    monkeypatch.setattr(shipped_yaml, "_parsed_files", lambda: stale)

    assert load_yaml("adscreen.ads", "lure_words.yaml") == yaml.safe_load((ROOT / "ads/lure_words.yaml").read_bytes())


def test_yaml_whose_keys_are_no_text_is_not_parsed_beforehand(tmp_path, monkeypatch):
    (tmp_path / "ads").mkdir()
    (tmp_path / "ads/codes.yaml").write_text("20: EG")
    monkeypatch.setattr(shipped_yaml, "ROOT", tmp_path)

    with pytest.raises(ValueError, match=r"ads/codes\.yaml: JSON cannot hold it; put its keys and dates in quotes"):
        write_parsed()


def test_combining_marks_are_looked_for_wherever_there_are_any():
    found = [c for c in range(0x300, 0x1F000) if unicodedata.combining(unicodedata.normalize("NFKD", chr(c))[0])]

    assert _marks(0x1F000) == found


def test_the_spellings_are_every_three_and_four_letters_of_every_hidden_word():
    assert _spellings() == {part for n in (3, 4) for word in known_words().hidden for part in _parts(word, n)}


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


def test_scoring_imports_no_http_client_no_linear_algebra_no_parser_of_c_and_nothing_to_draw_with(tmp_path):
    (tmp_path / "ads.csv").write_text("text\nApply at jobs@cook.com.ph or https://bit.ly/x, pay 3000 USD in Dubai\n")
    program = (
        "import sys; from adscreen.cli import app\n"
        f"app(['score', {str(tmp_path / 'ads.csv')!r}, '-o', {str(tmp_path / 'out.csv')!r}], standalone_mode=False)\n"
        "print(sorted({'requests', 'tldextract', 'scipy.linalg', 'pycparser', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_command_does_not_look_for_garbage_at_its_end_but_runs_what_is_to_run_there():
    program = (
        "import atexit, gc, sys; from adscreen.cli import main\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))  # the last of all\n"
        "sys.argv = ['adscreen', '--version']\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[1:] == ["True"]


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
