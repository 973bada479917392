"""A folder, each file an ad."""

import pytest

from adscreen.ads.readers import read_ads
from adscreen.ads.readers.folder_reader import split_title
from adscreen.errors import InputError, UsageError


def test_each_file_is_an_ad_in_the_order_of_the_paths(write, read, rejects, tmp_path):
    write("in/b.txt", "Повар в Дубай\nжильё")
    write("in/a/1.HTML", "<html><head><title>Cook &amp; chef</title></head><body><p>Dubai</p></body></html>")
    write("in/notes.md", "not an ad")
    write("in/c.txt", "")
    ads = read(tmp_path / "in")
    assert ads["ad_id"].tolist() == ["a/1.HTML", "b.txt", "c.txt"]
    assert ads["title"].tolist() == ["Cook &amp; chef", "", ""]
    assert ads["description"].tolist()[0] == "<html><head></head><body><p>Dubai</p></body></html>"
    assert ads["description"].tolist()[1:] == ["Повар в Дубай\nжильё", ""]
    assert ads["row"].tolist() == [1, 2, 3]
    assert set(ads["source"]) == {""}
    assert rejects.count == 0


def test_a_page_may_say_its_encoding(write, read, tmp_path):
    page = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>招聘</title>'
    write("in/a.html", page.encode("gb18030"))
    assert read(tmp_path / "in")["title"].tolist() == ["招聘"]


def test_a_file_that_is_too_large_is_set_aside(write, read, rejects, tmp_path):
    write("in/a.txt", "x" * 1_000_001)
    write("in/b.txt", "fine")
    assert read(tmp_path / "in")["ad_id"].tolist() == ["b.txt"]
    assert rejects.reasons == [(1, "field 'description' has 1,000,001 characters; the limit is 1,000,000")]
    assert rejects.kept[0].ad_id == "a.txt"


def test_a_folder_without_ads_says_what_is_read(tmp_path):
    with pytest.raises(InputError) as caught:
        read_ads(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: there is no .txt, .html or .htm file in this folder. Give files of other kinds by their names"
    )


def test_a_folder_is_no_file(tmp_path, write):
    with pytest.raises(UsageError) as caught:
        read_ads(tmp_path, input_format="csv")
    assert str(caught.value) == f"{tmp_path}: is a folder, not a file of format csv"
    path = write("a.csv", "text\na\n")
    with pytest.raises(UsageError) as caught:
        read_ads(path, input_format="folder")
    assert str(caught.value) == f"{path}: is a file, not a folder"


def test_a_title_that_never_ends_is_text():
    assert split_title("<title>never ends " + "<title" * 100_000)[0] == ""
    assert split_title("no title") == ("", "no title")
