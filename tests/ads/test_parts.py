"""Which files an input names, and what the folders above them say."""

import pandas as pd
import pytest

from adscreen.ads.readers import Part, find_parts, read_ads
from adscreen.ads.readers.parts import stem_and_format
from adscreen.errors import InputError, UsageError


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """Ads by day and channel, and what other tools leave beside them."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "in/day=2026-11-23/channel=telegram/b.csv",
        "in/day=2026-11-24/channel=line/a.csv.gz",
        "in/loose.parquet",
        "in/_SUCCESS",
        "in/_temporary/half.csv",
        "in/.hidden.csv",
        "in/loose.parquet.rejected.jsonl",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def names(*inputs):
    return [part.name for part in find_parts(inputs)]


def test_a_folder_of_tables_gives_each_at_any_depth_sorted_and_nothing_hidden(tables):
    assert names("in") == [
        "day=2026-11-23/channel=telegram/b.csv",
        "day=2026-11-24/channel=line/a.csv.gz",
        "loose.parquet",
    ]
    assert names("in/") == names("in")


def test_folders_named_column_and_value_are_partitions(tables):
    first, _, loose = find_parts(["in"])
    assert first.partitions == (("day", "2026-11-23"), ("channel", "telegram"))
    assert loose.partitions == ()


def test_a_glob_gives_sorted_files_under_the_names_of_their_partitions(tables):
    assert names("in/*/*/*.csv*") == ["day=2026-11-23/channel=telegram/b.csv", "day=2026-11-24/channel=line/a.csv.gz"]
    assert names("in/**/*.csv") == ["day=2026-11-23/channel=telegram/b.csv"]
    assert names("in/*.parquet") == ["loose.parquet"]


def test_a_file_is_named_alike_by_its_name_by_a_glob_and_in_its_folder(tables):
    path = "in/day=2026-11-23/channel=telegram/b.csv"
    expected = Part(path, "day=2026-11-23/channel=telegram/b.csv", (("day", "2026-11-23"), ("channel", "telegram")))
    assert find_parts([path]) == find_parts(["in/*/*/b.csv"]) == find_parts(["in"])[:1] == [expected]


def test_a_partition_folder_keeps_its_own_value(tables):
    (part,) = find_parts(["in/day=2026-11-23"])
    assert part.name == "channel=telegram/b.csv"
    assert part.partitions == (("day", "2026-11-23"), ("channel", "telegram"))


def test_values_of_partitions_are_unquoted_and_may_be_absent(tmp_path):
    path = tmp_path / "place=Phnom%20Penh" / "group=__HIVE_DEFAULT_PARTITION__" / "a.csv"
    path.parent.mkdir(parents=True)
    path.touch()
    assert find_parts([str(path)])[0].partitions == (("place", "Phnom Penh"), ("group", ""))


def test_a_file_whose_name_has_a_star_is_that_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a*.csv", "ab.csv"):
        (tmp_path / name).touch()
    assert names("a*.csv") == ["a*.csv"]


def test_a_folder_of_texts_is_one_part(tmp_path):
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "1.txt").write_text("Cook wanted")
    assert find_parts([f"{tmp_path}/posts/"]) == [Part(f"{tmp_path}/posts/", "posts")]


def test_a_folder_of_tables_and_texts_is_refused_with_a_glob_to_type(tables):
    (tables / "in" / "notes.txt").touch()
    with pytest.raises(UsageError) as error:
        find_parts(["in/"])
    assert str(error.value) == (
        "in/: holds tables (day=2026-11-23/channel=telegram/b.csv) and texts (notes.txt); say which are the ads: "
        "'in/**/*.csv'"
    )


def test_what_is_not_there_is_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for source, message in (
        ("gone.csv", "gone.csv: there is no such file or folder. Check the name and where you are"),
        ("in/*.csv", "in/*.csv: no file has such a name. Check the name and where you are"),
    ):
        with pytest.raises(InputError) as error:
            find_parts([source])
        assert str(error.value) == message


def test_names_are_told_apart_from_format_and_packing():
    assert [stem_and_format(name) for name in ("a/b.csv.gz", "b.PQ", "x.y.jsonl.zst", "posts", "v1.2")] == [
        ("a/b", "csv"),
        ("b", "parquet"),
        ("x.y", "jsonl"),
        ("posts", None),
        ("v1.2", None),
    ]


def test_partitions_become_columns_and_fill_the_fields_the_file_leaves_empty(tmp_path):
    path = tmp_path / "ads.csv"
    path.write_text("text,language\nCook wanted,en\nNgười phục vụ,\n", encoding="utf-8")
    (ads,) = read_ads(path, partitions=[("language", "vi"), ("day", "2026-11-23"), ("channel", "zalo")])
    assert ads["language"].tolist() == ["en", "vi"]
    assert ads["channel"].tolist() == ["zalo", "zalo"]
    assert ads["day"].tolist() == ["2026-11-23", "2026-11-23"]
    assert ads["day"].dtype == "str"


def test_a_column_of_the_file_counts_more_than_a_partition_of_its_name(tmp_path):
    path = tmp_path / "ads.parquet"
    pd.DataFrame({"text": ["Cook wanted"], "day": [7]}).to_parquet(path)
    (ads,) = read_ads(path, partitions=[("day", "8")])
    assert ads["day"].tolist() == [7]


def test_a_name_that_no_file_can_have_is_an_error(tmp_path):
    source = "Cook wanted " * 100
    with pytest.raises(InputError) as error:
        find_parts([source])
    assert str(error.value) == f"{source}: cannot be read: File name too long"


def test_a_folder_that_cannot_be_opened_is_an_error_and_not_left_out(tables, monkeypatch):
    def walk(root, onerror):
        onerror(PermissionError(13, "Permission denied", "in/day=2026-11-23"))
        return []

    monkeypatch.setattr("os.walk", walk)
    with pytest.raises(InputError) as error:
        find_parts(["in/"])
    assert str(error.value) == "in/day=2026-11-23: cannot be read: Permission denied"
