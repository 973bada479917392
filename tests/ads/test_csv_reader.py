"""CSV and TSV, as spreadsheets, scrapers and broken exports write them."""

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.cleaning import clean, clean_with_offsets
from adscreen.ads.readers import read_ads
from adscreen.ads.readers.csv_reader import sniff_delimiter
from adscreen.errors import InputError, UsageError

OPEN = "a quote is opened in this row and never closed"


def test_an_ad_keeps_its_text_and_its_other_columns(write, read, rejects):
    ads = read(write("ads.csv", 'Title,text,label\nCook,"Dubai, 3000\nfree ""visa""",1\n客服,月薪两万,0\n'))
    assert ads["row"].tolist() == [1, 2]
    assert ads["row"].dtype == "int64"
    assert ads["title"].tolist() == ["Cook", "客服"]
    assert ads["description"].tolist() == ['Dubai, 3000\nfree "visa"', "月薪两万"]
    assert ads["label"].tolist() == ["1", "0"]
    assert list(ads.columns[-2:]) == ["row", "label"]
    assert rejects.count == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_header_and_rows(delimiter):
    text = f'title{delimiter}text\nCook{delimiter}"a, b; c | d"\nNurse{delimiter}plain\n'
    assert sniff_delimiter(text) == delimiter


def test_the_hint_that_excel_writes_is_followed(write, read):
    ads = read(write("ads.csv", "sep=;\r\ntitle;text\r\nCook;a,b\r\n"))
    assert ads["description"].tolist() == ["a,b"]


def test_one_column_needs_no_delimiter(write, read):
    assert read(write("ads.csv", "text\nCook in Dubai\n"))["description"].tolist() == ["Cook in Dubai"]


def test_rows_of_another_width_are_set_aside(write, read, rejects):
    ads = read(write("ads.csv", "ad_id,title,text\n1,a,b\n2,a\n3,a,b,c\n\n   \n4,a,b\n"))
    assert ads["ad_id"].tolist() == ["1", "4"]
    assert ads["row"].tolist() == [1, 4]
    assert rejects.reasons == [
        (2, "row has 2 cells, the header has 3"),
        (3, "row has 4 cells, the header has 3"),
    ]
    assert rejects.kept[0].file.endswith("ads.csv")


def test_a_row_without_any_text_is_no_reject(write, read, rejects):
    ads = read(write("ads.csv", "title,text\n,\nCook,x\n"))
    assert ads["title"].tolist() == ["", "Cook"]
    assert rejects.count == 0


@pytest.mark.parametrize("end", ["", 'D,"fine ""too"""\n', 'D,"fine, too"\nE,last\n'])
def test_a_quote_left_open_costs_its_own_row(write, read, rejects, end):
    ads = read(write("ads.csv", 'title,text\nA,good\nB,"left open\nC,fine\n' + end))
    assert rejects.reasons == [(2, OPEN)]
    assert ads["title"].tolist()[:2] == ["A", "C"]
    assert len(ads) == 2 + end.count("\n")


def test_a_quote_left_open_in_a_large_file_swallows_nothing(write, read, rejects):
    ads = read(write("ads.csv", 'title,text\nB,"left open\n' + "C,fine text of a row\n" * 100_000))
    assert rejects.reasons == [(1, OPEN)]
    assert len(ads) == 100_000


def test_a_file_of_open_quotes_is_read_in_bounded_time(write, read, rejects):
    begin = time.process_time()
    ads = read(write("ads.csv", "title,text\n" + 'a"b,"c\n' * 500_000))
    assert time.process_time() - begin < 20
    assert ads.empty
    assert rejects.count > 1


def test_an_open_quote_in_the_header_is_an_error(write):
    path = write("ads.csv", '"title,text\na,b\n')
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == (
        f"{path}: the header cannot be read. The first line must name the columns, each quote in it closed"
    )


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_field_of_50_mb_is_set_aside_with_its_size(write, read, rejects, quote):
    big = quote + "x" * 52_428_800 + quote
    ads = read(write("ads.csv", f"ad_id,description\n1,{big}\n2,fine\n"))
    assert rejects.reasons == [(1, "field 'description' has 52,428,800 characters; the limit is 1,000,000")]
    assert rejects.kept[0].ad_id == "1"
    assert ads["ad_id"].tolist() == ["2"]


def test_too_many_cells_to_hold_are_set_aside(write, read, rejects):
    ads = read(write("ads.csv", "title,text\n" + "," * 3_000_000 + "\na,b\n"))
    assert rejects.reasons == [(1, "row has more than 2,000,000 delimiters")]
    assert len(ads) == 1


def test_a_row_that_is_not_utf8_is_set_aside(write, read, rejects):
    rows = "title,text\nповар,Дубай\n".encode() + b"cook,bad \xff\xfe here\n" + "няня,Рим\n".encode()
    ads = read(write("ads.csv", rows))
    assert rejects.reasons == [(2, "row is not valid UTF-8 at byte 10")]
    assert ads["description"].tolist() == ["Дубай", "Рим"]


@pytest.mark.parametrize("name", ["windows-1251", "utf-16", "utf-8-sig", "utf-16-le"])
def test_other_encodings_are_read(write, read, name):
    text = "название;описание\nПовар;Требуется повар в Польшу, жильё и питание бесплатно\n" * 1
    ads = read(write("ads.csv", text.encode(name)))
    assert ads["title"].tolist() == ["Повар"]


def test_an_encoding_that_shows_late_in_the_file_is_found(write, read, rejects):
    data = (
        b"title,text\n" + b"cook,plain text of an ad\n" * 20_000 + "chef,café à Lyon, très bien payé".encode("cp1252")
    )
    ads = read(write("ads.csv", data.replace(b", tr", b" tr")))
    assert ads["description"].iloc[-1] == "café à Lyon très bien payé"
    assert rejects.count == 0


def test_zero_bytes_do_not_break_reading(write, read, rejects):
    assert read(write("ads.csv", "title,text\na\0b,c\n"))["title"].tolist() == ["a\0b"]
    assert rejects.count == 0


def test_names_twice_or_missing_in_the_header_are_told_apart(write, read):
    ads = read(write("ads.csv", "text,label,label,,row\na,b,c,d,e\n"))
    assert list(ads.columns[15:]) == ["row", "label", "label_2", "column_4", "row_2"]
    assert ads["row_2"].tolist() == ["e"]


def test_a_mapped_column_takes_the_place_of_the_field(write, read):
    ads = read(write("ads.csv", "description,post\nold,new\n"), mapping={"description": "post"})
    assert ads["description"].tolist() == ["new"]
    assert ads["description_2"].tolist() == ["old"]


def test_no_text_column_is_wrong_use(write):
    path = write("ads.csv", "id,blob\n1,x\n")
    with pytest.raises(UsageError) as caught:
        read_ads(path)
    assert str(caught.value) == (
        f"{path}: no column holds the text of the ads. Columns found: 'id', 'blob'. "
        "Say which one it is: --map description=COLUMN (also title=, requirements=, benefits=)"
    )


def test_frames_are_small_and_numbered_afresh(write):
    path = write("ads.csv", "text\n" + "x\n" * 10)
    frames = list(read_ads(path, chunk_rows=4))
    assert [len(frame) for frame in frames] == [4, 4, 2]
    assert [list(frame.index) for frame in frames][1] == [0, 1, 2, 3]
    assert frames[2]["row"].tolist() == [9, 10]


def test_frames_of_long_ads_hold_fewer_rows(write):
    path = write("ads.csv", "text\n" + ("x" * 900_000 + "\n") * 40)
    assert max(len(frame) for frame in read_ads(path)) == 17


@pytest.mark.shared
def test_the_real_emscad_file_is_read_whole(read, rejects, shared):
    ads = read(shared / "emscad" / "fake_job_postings.csv")
    assert len(ads) == 2263
    assert rejects.count == 0
    assert ads["ad_id"].iloc[0] == "1"
    for text in ads["description"].head(300):
        cleaned = clean_with_offsets(text)
        at = 0
        for word in cleaned.text.split():
            at = cleaned.text.index(word, at)
            start, end = cleaned.original_span(at, at + len(word))
            at += len(word)
            # The quote is as written, and nothing but the word: cleaned by itself it is the word again.
            assert clean(text[start:end]) == word


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: "\ufeff" not in text)


@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=8), delimiter=st.sampled_from([",", "\t"]))
@settings(max_examples=60, deadline=None)
def test_what_is_written_comes_back(tmp_path_factory, rows, delimiter):
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["title", "description"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("csv") / ("ads.csv" if delimiter == "," else "ads.tsv")
    path.write_bytes(target.getvalue().encode())
    frames = list(read_ads(path))
    assert [tuple(row) for frame in frames for row in frame[["title", "description"]].itertuples(index=False)] == rows
