"""XLSX."""

import datetime as dt
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.readers import read_ads
from adscreen.errors import InputError


@pytest.fixture
def xlsx(tmp_path):
    def write(*sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for rows in sheets:
            sheet = book.create_sheet()
            for row in rows:
                sheet.append(row)
        path = tmp_path / "ads.xlsx"
        book.save(path)
        return path

    return write


def test_cells_become_text(xlsx, read, rejects):
    ads = read(
        xlsx(
            [],
            [
                ["ID", "职位", "内容", "工资", "date", "open"],
                [1.0, "客服", "月薪两万", 20000.5, dt.datetime(2025, 6, 1), True],
                [],
                [2, "cook", None, None, dt.datetime(2025, 6, 1, 9, 30), None],
            ],
        )
    )
    assert ads["ad_id"].tolist() == ["1", "2"]
    assert ads["title"].tolist() == ["客服", "cook"]
    assert ads["description"].tolist() == ["月薪两万", ""]
    assert ads["salary"].tolist() == ["20000.5", ""]
    assert ads["posted_at"].tolist() == ["2025-06-01", "2025-06-01T09:30:00"]
    assert ads["open"].tolist() == ["true", ""]
    assert ads["row"].tolist() == [1, 2]
    assert rejects.count == 0


def test_cells_beyond_the_header_are_set_aside(xlsx, read, rejects):
    ads = read(xlsx([["title", "text"], ["a", "b", "c"], ["d", "e"]]))
    assert ads["title"].tolist() == ["d"]
    assert rejects.reasons == [(1, "row has 3 cells, the header has 2")]


def test_a_book_without_data_is_refused(xlsx):
    path = xlsx([], [])
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == f"{path}: has no sheet with data. There is nothing to read"


def test_a_header_alone_is_refused(xlsx):
    path = xlsx([["title", "text"]])
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == f"{path}: holds no ads, no row follows the header. There is nothing to read"


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_file_cut_short_is_refused(xlsx, keep):
    path = xlsx([["title", "text"], *[["a", str(i)] for i in range(500)]])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == (
        f"{path}: this Excel file is damaged or cut short. Copy or download it again, or open it and save it anew"
    )


def test_an_archive_that_is_no_book_is_refused(tmp_path):
    path = tmp_path / "ads.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ads.csv", "text\na\n")
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == (f"{path}: is a ZIP archive, but not an Excel workbook. Unpack it and give the files")


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "ads.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as member:
        for _ in range(60):
            member.write(bytes(1_000_000))
    with pytest.raises(InputError, match=r"unpacks from [\d,]+ to 60,000,000 bytes, which looks like a trap\. "):
        read_ads(path)


printable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="_"), max_size=20)


@given(rows=st.lists(st.tuples(printable, printable), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_what_is_written_comes_back(tmp_path_factory, rows):
    rows = [("t" + title, text) for title, text in rows]  # a row of empty cells is no row in a sheet
    book = openpyxl.Workbook()
    book.active.append(["title", "description"])
    for row in rows:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"  # "=1" is text here, not a formula
    path = tmp_path_factory.mktemp("xlsx") / "ads.xlsx"
    book.save(path)
    ads = pd.concat(read_ads(path))
    assert list(zip(ads["title"], ads["description"], strict=True)) == rows
