"""``params.yaml``: every wrong entry is named, all at once."""

from pathlib import Path

import pytest
import yaml

from adscreen.errors import UsageError
from adscreen.stages.settings import Params, Paths

ROOT = Path(__file__).parents[2]


@pytest.fixture
def write(tmp_path):
    """Write the project's parameters with the changes that a function makes to them; return the path."""

    def changed(change):
        values = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
        change(values)
        path = tmp_path / "params.yaml"
        path.write_text(yaml.safe_dump(values), encoding="utf-8")
        return path

    return changed


def message_of(path, **options):
    with pytest.raises(UsageError) as error:
        Params.load(path, **options)
    assert error.value.exit_code == 2
    return str(error.value).replace(str(path), "params.yaml")


EXAMPLE = (
    "A right entry of sources looks like "
    "{name: emscad, adapter: emscad, path: emscad/fake_job_postings.csv, weight: 1.0}."
)


@pytest.mark.parametrize("corpus", ["bundled", "release"])
def test_the_parameters_of_the_project_are_right(corpus):
    params = Params.load(ROOT / "params.yaml", corpus=corpus)
    assert params.split.n_folds == 5
    assert "authored" in [source.name for source in params.sources]


def test_all_wrong_entries_are_listed_at_once(write):
    def spoil(values):
        values["split"]["n_folds"] = 2
        values["fit"]["C"] = -1
        values["fit"]["learning_rate"] = 0.1
        values["calibrate"]["review_rate"] = "five percent"
        del values["package"]["name"]
        values["corpora"]["bundled"]["sources"][0] |= {"adapter": "excel", "wieght": 2}

    assert message_of(write(spoil)) == (
        "params.yaml: sources[0].adapter: Input should be 'emscad', 'jsonl', 'authored' or 'table'; "
        "sources[0].wieght: Extra inputs are not permitted; "
        "split.n_folds: Input should be greater than or equal to 3; "
        "fit.C: Input should be greater than 0; "
        "fit.learning_rate: Extra inputs are not permitted; "
        "calibrate.review_rate: Input should be a valid number, unable to parse string as a number; "
        f"package.name: Field required. {EXAMPLE}"
    )


def test_a_name_that_two_sources_have_is_refused(write):
    def spoil(values):
        values["corpora"]["release"]["sources"][1]["name"] = "emscad"

    assert message_of(write(spoil), corpus="release") == (
        f"params.yaml: sources: the name 'emscad' is used twice. {EXAMPLE}"
    )


def test_an_error_elsewhere_shows_no_example_of_a_source(write):
    assert message_of(write(lambda values: values.pop("split"))) == "params.yaml: split: Field required."


def test_an_unknown_section_is_refused(write):
    def spoil(values):
        values["evaluation"] = {}

    assert message_of(write(spoil)) == "params.yaml: evaluation: Extra inputs are not permitted."


def test_an_unknown_corpus_names_those_there_are(write):
    path = write(lambda values: None)
    assert message_of(path, corpus="real") == "params.yaml: no corpus 'real'; it has bundled, release."


def test_a_missing_file_says_where_to_run_from(tmp_path):
    assert message_of(tmp_path / "params.yaml") == (
        "params.yaml does not exist. Run the stages from the top folder of the project."
    )


def test_a_file_that_is_not_yaml_is_refused_with_the_place(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("split: {n_folds: 5\nfit: [", encoding="utf-8")
    message = message_of(path)
    assert message.startswith("params.yaml is not YAML: while parsing a flow mapping")
    assert "line 2, column" in message


@pytest.mark.parametrize("content", ["", "[]", "split: {n_folds: 5}", "corpora: 7"])
def test_a_file_without_corpora_is_refused(tmp_path, content):
    path = tmp_path / "params.yaml"
    path.write_text(content, encoding="utf-8")
    assert message_of(path) == "params.yaml has no section 'corpora' that lists sources by corpus."


def test_the_parameters_are_plain_values_for_the_log():
    values = Params.load(ROOT / "params.yaml").as_json()
    assert values["calibrate"]["prevalence"] == 0.048
    assert values["evaluate"]["budgets"] == [0.01, 0.05, 0.10]
    assert values["sources"][0]["name"] == "authored"


def test_every_path_of_a_run_follows_its_folders():
    paths = Paths(Path("a"), Path("b"), Path("c.bundle"), Path("d"))
    assert {paths.ads.parent, paths.groups.parent, paths.folds.parent, paths.scores.parent} == {Path("a")}
    assert {paths.text_model.parent, paths.judged.parent, paths.calibration.parent} == {Path("a")}
    assert {paths.metrics.parent, paths.tables.parent, paths.plots.parent} == {Path("b")}
