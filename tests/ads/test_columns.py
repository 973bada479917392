"""Columns: the names people use, and --map."""

import pytest

from adscreen.ads.columns import alias_table, extra_names, map_columns, parse_map
from adscreen.ads.schema import AD_FIELDS
from adscreen.errors import UsageError

KAGGLE = (
    "job_id,title,location,department,salary_range,company_profile,description,requirements,benefits,telecommuting,"
    "has_company_logo,has_questions,employment_type,required_experience,required_education,industry,function,fraudulent"
)


def test_the_kaggle_header_is_understood_unchanged():
    assert map_columns(KAGGLE.split(",")) == {
        "job_id": "ad_id",
        "title": "title",
        "location": "location",
        "salary_range": "salary",
        "company_profile": "company_profile",
        "description": "description",
        "requirements": "requirements",
        "benefits": "benefits",
    }


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("text", "description"), ("Job Description", "description"), ("POST-TEXT", "description"),
        ("message", "description"), ("职位", "title"), ("標題", "title"), ("内容", "description"),
        ("deskripsi", "description"), ("mô tả", "description"), ("mo\u0302 ta\u0309", "description"),
        ("Описание", "description"), ("descripción", "description"), ("وصف", "description"),
        ("รายละเอียด", "description"), ("विवरण", "description"), ("විස්තරය", "description"), ("lang", "language"),
        ("工资", "salary"), ("phone_number", "contact"), ("employer", "company"), ("date", "posted_at"),
        ("Açıklama", "description"), ("仕事内容", "description"), ("내용", "description"), ("ubicación", "location"),
    ],
)  # fmt: skip
def test_names_in_many_languages_are_known(column, field):
    assert map_columns([column]) == {column: field}


def test_the_own_name_of_a_field_wins_over_an_alias():
    assert map_columns(["text", "description"]) == {"description": "description"}
    assert map_columns(["Title", "title"]) == {"title": "title"}


def test_of_two_aliases_the_first_in_the_table_wins():
    assert map_columns(["message", "job_description"]) == {"job_description": "description"}


def test_what_the_user_says_wins():
    assert map_columns(["description", "post"], {"description": "post"}) == {"post": "description"}
    assert map_columns(["description", "text"], {"title": "description"}) == {
        "description": "title",
        "text": "description",
    }


def test_each_alias_belongs_to_one_field():
    owners = {}
    for field, names in alias_table().items():
        for name in names:
            assert owners.setdefault(name, field) == field, name
    assert set(alias_table()) == set(AD_FIELDS)


def test_extra_columns_keep_their_names_unless_a_field_has_them():
    chosen = {"post": "description"}
    assert extra_names(["description", "post", "row", "label"], chosen, reserved=["row"]) == {
        "description": "description_2",
        "row": "row_2",
        "label": "label",
    }


def test_map_options_are_parsed():
    assert parse_map(["description=post_text", "title= head = line "]) == {
        "description": "post_text",
        "title": "head = line",
    }


@pytest.mark.parametrize("option", ["description", "description=", "=text"])
def test_a_map_option_of_the_wrong_shape_is_refused(option):
    with pytest.raises(UsageError) as caught:
        parse_map([option])
    assert str(caught.value) == f"--map {option}: write it as field=column, for example description=post_text"


def test_a_wrong_field_names_those_there_are():
    expected = (
        "--map body=…: there is no such field. Fields: ad_id, title, description, requirements, benefits, company, "
        "company_profile, location, salary, contact, language, channel, source, posted_at, url"
    )
    for call in (lambda: parse_map(["body=text"]), lambda: map_columns(["text"], {"body": "text"})):
        with pytest.raises(UsageError) as caught:
            call()
        assert str(caught.value) == expected


def test_a_column_that_is_not_there_names_those_found():
    with pytest.raises(UsageError) as caught:
        map_columns(["id", "post_text"], {"description": "posttext"})
    assert str(caught.value) == (
        "--map description=posttext: there is no such column. Columns found: 'id', 'post_text'"
    )


def test_a_field_or_column_used_twice_is_refused():
    with pytest.raises(UsageError) as caught:
        parse_map(["title=a", "title=b"])
    assert str(caught.value) == "--map gives title two columns, 'a' and 'b': give one"
    with pytest.raises(UsageError) as caught:
        map_columns(["a"], {"title": "a", "description": "a"})
    assert str(caught.value) == "--map uses column 'a' for title and for description: give one"
