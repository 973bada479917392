"""Packed files are unpacked as they are read, and bombs are refused."""

import gzip
import os

import pytest
import zstandard

from adscreen.ads.readers import Position, read_ads, unpacking
from adscreen.errors import InputError

ADS = "id,text\n" + "".join(f"{i},Cook {os.urandom(40).hex()} wanted in Porto\n" for i in range(5_000))
PACK = {"gz": gzip.compress, "zst": zstandard.compress}


@pytest.mark.parametrize("packing", PACK)
def test_a_packed_file_gives_the_ads_of_the_plain_one(tmp_path, packing):
    path = tmp_path / f"ads.csv.{packing}"
    path.write_bytes(PACK[packing](ADS.encode()))
    assert [ad_id for ads in read_ads(path) for ad_id in ads["ad_id"]] == [str(i) for i in range(5_000)]


@pytest.mark.parametrize("packing", PACK)
def test_several_members_are_one_file(tmp_path, packing):
    path = tmp_path / f"ads.csv.{packing}"
    path.write_bytes(PACK[packing](b"text\nCook wanted\n") + PACK[packing](b"Nurse wanted\n"))
    (ads,) = read_ads(path)
    assert ads["description"].tolist() == ["Cook wanted", "Nurse wanted"]


@pytest.mark.parametrize("packing", PACK)
def test_a_small_file_that_unpacks_without_end_is_refused(tmp_path, packing, monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_BYTES", 1 << 20)
    path = tmp_path / f"ads.csv.{packing}"
    path.write_bytes(PACK[packing](b"text\n" + b"Cook\n" * 2_000_000))
    with pytest.raises(InputError) as error:
        for _ in read_ads(path):
            pass
    assert str(error.value) == (
        f"{path}: unpacks to more than 300 times its size; such files are made to fill memories and disks. "
        "If you trust it, unpack it yourself"
    )


@pytest.mark.parametrize("packing", PACK)
def test_a_packed_file_cut_short_is_damaged(tmp_path, packing):
    path = tmp_path / f"ads.csv.{packing}"
    path.write_bytes(PACK[packing](ADS.encode())[:-1000])
    with pytest.raises(InputError) as error:
        for _ in read_ads(path):
            pass
    assert str(error.value) == f"{path}: this packed file is damaged or cut short. Copy it again"


@pytest.mark.parametrize("name", ["ads.csv", "ads.csv.gz", "ads.csv.zst"])
def test_the_position_grows_to_the_end(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(PACK.get(path.suffix[1:], bytes)(ADS.encode()))
    position, shares = Position(), []
    for _ in read_ads(path, position=position, chunk_rows=500):
        shares.append(position.share)
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    assert shares[-1] == 1.0
