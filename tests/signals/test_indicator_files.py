"""The files of the indicators: what ships is complete, and a wrong entry is named with a right example."""

import pytest

from adscreen.errors import UsageError
from adscreen.signals.indicator_files import LANGUAGES, read_catalogue, shipped_catalogue
from adscreen.signals.indicator_index import FOLDER, build_index, shipped_index

FAMILY = """\
family: private
title: Signs of one organisation
indicators:
  - code: blue_van
    label: A blue van
    question: Ask who drives.
    suggests: [scam_compound]
    source: Case notes
    strength: 2
"""
PHRASES = "language: en\nphrases:\n  blue_van:\n    - blue van waits\n"
SHIPPED = read_catalogue(FOLDER)
EXAMPLE_START = "\nA right one:\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "phrases").mkdir()
    (tmp_path / "private.yaml").write_text(FAMILY)
    (tmp_path / "phrases" / "en.yaml").write_text(PHRASES)
    return tmp_path


def test_at_least_sixty_indicators_of_nine_kinds_of_deception_ship():
    catalogue = shipped_catalogue()
    assert len(catalogue.indicators) >= 60
    assert len(catalogue.kinds) >= 9
    assert all(kind.definition and kind.source for kind in catalogue.kinds.values())


def test_every_language_of_the_design_has_phrases():
    assert {file.language for file in SHIPPED.phrases} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_phrases_for_nearly_every_indicator_of_phrases(language):
    catalogue = SHIPPED
    codes = {
        code for file in catalogue.phrases if file.language == language for code, found in file.phrases.items() if found
    }
    wanted = {code for code, indicator in catalogue.indicators.items() if not indicator.structured}
    assert len(wanted - codes) <= 8, f"no phrases in {language} for {sorted(wanted - codes)}"


def test_what_raises_concern_is_expected_to_add_by_its_strength_and_what_lowers_to_take_off():
    expected = shipped_catalogue().expected()
    assert expected["visit_visa"] == 1.1
    assert expected["all_inclusive"] == 0.25
    assert expected["named_employer"] < 0
    assert "warning" not in expected


def test_a_folder_of_a_user_adds_to_what_ships(folder):
    catalogue = read_catalogue(folder, shipped_catalogue())
    assert catalogue.indicators["blue_van"].family == "private"
    assert "visit_visa" in catalogue.indicators


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("private.yaml", "label: A", "lable: A", "entry 'blue_van': field 'label': Field required."),
        ("private.yaml", "strength: 2", "strength: 7", "entry 'blue_van': field 'strength': Input should be less than or equal to 3."),  # noqa: E501
        ("private.yaml", "strength: 2", "strength: 2\n    colour: blue", "entry 'blue_van': field 'colour': Extra inputs are not permitted."),  # noqa: E501
        ("private.yaml", "[scam_compound]", "[ghosts]", "entry 'blue_van': 'ghosts' is no kind of deception. Known: scam_compound, "),  # noqa: E501
        ("private.yaml", "code: blue_van", "code: visit_visa", "entry 'visit_visa': this code is taken. Choose another."),  # noqa: E501
        ("private.yaml", "family:", "family: [", "entry 'whole file': it is not YAML in UTF-8 ("),
        ("phrases/en.yaml", "language: en", "language: xx", "entry 'language': 'xx' is not known. Known: en, zh, "),
        ("phrases/en.yaml", "blue_van", "red_van", "entry 'red_van': there is no indicator of this code."),
        ("phrases/en.yaml", "blue van waits", "a*", "entry 'blue_van: a*': it would match nearly everything."),
        ("phrases/en.yaml", "blue van waits", "(blue van", "entry 'blue_van: (blue van': a '(' without its ')'."),
        ("phrases/en.yaml", "phrases:\n", "phrases: 3\nother:\n", "entry 'phrases': field 'phrases': Input should be a valid dictionary."),  # noqa: E501
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_its_file_and_a_right_example(folder, file, old, new, problem):
    path = folder / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UsageError) as error:
        read_catalogue(folder, shipped_catalogue())
    message = str(error.value)
    assert message.startswith(f"{path}, {problem}")
    assert EXAMPLE_START in message


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError) as error:
        read_catalogue(tmp_path / "nowhere")
    assert str(error.value) == f"There is no folder '{tmp_path / 'nowhere'}' with indicators."


def test_an_empty_folder_is_answered_with_how_to_fill_it(tmp_path):
    with pytest.raises(UsageError) as error:
        read_catalogue(tmp_path, shipped_catalogue())
    assert str(error.value).startswith(f"'{tmp_path}' holds no indicators. A right file:\nfamily: travel\n")
    assert "phrases/en.yaml" in str(error.value)


def test_no_is_a_word_and_not_a_false(folder):
    (folder / "phrases" / "en.yaml").write_text(PHRASES + "negation:\n  before: [no, off]\n")
    assert read_catalogue(folder, shipped_catalogue()).phrases[-1].negation.before == ("no", "off")


def test_the_index_that_ships_is_that_of_the_phrases():
    built, shipped = build_index(SHIPPED), shipped_index()
    assert (built.owners, built.negations) == (shipped.owners, shipped.negations)
    for here, there in zip(built.chains, shipped.chains, strict=True):
        assert (here == there).all()
