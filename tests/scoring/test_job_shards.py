"""Which parts a job takes on, and what it refuses before any work."""

import json
from pathlib import Path

import pytest
from job_folder import COOK, results_in

from adscreen.errors import InputError, UsageError
from adscreen.scoring.batch import judge_here, score_files
from adscreen.scoring.jobs.plan import Settings, Shard, parse_shard

# Names and shards


def test_shards_do_every_part_once(run, inputs):
    run(output="whole/")
    for i in (1, 2, 3):
        run(shard=f"{i}/3")
    assert results_in() == results_in("whole")


def test_a_shard_keeps_its_parts_when_others_come(inputs):
    names = [f"part-{i}.csv" for i in range(200)]
    shards = [[name for name in names if Shard(i, 4).has(name)] for i in (1, 2, 3, 4)]
    assert sorted(name for shard in shards for name in shard) == sorted(names)
    assert all(30 <= len(shard) <= 70 for shard in shards)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "1/" + "9" * 30])
def test_a_shard_that_is_none_is_refused(text):
    with pytest.raises(UsageError) as error:
        parse_shard(text)
    assert str(error.value) == (f"--shard {text}: write it as i/n, i from 1 to n: --shard 2/8 is the second of eight")


def test_two_parts_for_one_file_are_refused(run, inputs):
    Path("in/more").mkdir()
    Path("in/more/c.jsonl").write_text(json.dumps({"text": COOK}))
    with pytest.raises(UsageError) as error:
        run("in/c.jsonl", "in/more/c.jsonl")
    assert str(error.value) == (
        "in/c.jsonl and in/more/c.jsonl would both be written to out/c.jsonl. "
        "Give the folder above them instead, or run them into two folders"
    )
    assert run("in/").parts["total"] == 4


def test_an_output_folder_that_is_the_input_is_refused(run, inputs):
    with pytest.raises(UsageError) as error:
        run("in/c.jsonl", output="in/")
    assert str(error.value) == "-o in/: in/c.jsonl would be overwritten. Give another folder."


def test_standard_input_has_no_parts(run, inputs):
    with pytest.raises(UsageError) as error:
        run("-")
    assert str(error.value) == "standard input has no parts to write into a folder: give a file name after -o"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"resume": True}, "--resume"),
        ({"shard": "1/2"}, "--shard"),
        ({"settings": Settings({}, output_format="csv")}, "--output-format"),
    ],
)
def test_what_is_for_folders_is_refused_for_a_file(run, inputs, options, name):
    with pytest.raises(UsageError) as error:
        run(output="out.csv", **options)
    assert str(error.value) == f"{name} is for an output folder: end its name in /, as in -o out/"


def test_an_unknown_output_format_is_refused(run, inputs):
    with pytest.raises(UsageError) as error:
        run(settings=Settings({}, output_format="orc"))
    assert str(error.value) == ("--output-format orc: there is no such format. Formats: csv, jsonl, parquet, xlsx")


def test_what_is_not_there_is_refused_before_any_work(run, inputs):
    with pytest.raises(InputError) as error:
        run("in/", "gone/*.csv")
    assert str(error.value) == "gone/*.csv: no file has such a name. Check the name and where you are"
    assert not Path("out").exists()


def test_one_judge_serves_files_and_folders(run, inputs, scorer):
    score_files(judge_here(scorer), ["in/c.jsonl"], "judge.jsonl")
    score_files(scorer, ["in/c.jsonl"], "scorer.jsonl")
    assert Path("judge.jsonl").read_bytes() == Path("scorer.jsonl").read_bytes()
