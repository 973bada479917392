"""What is kept of ads on their way into a ledger."""

import pandas as pd
import pytest

from adscreen.ads.schema import conform
from adscreen.campaigns.batch import read_batch

KEY = b"a key of sixteen"


@pytest.fixture
def ads():
    texts = [
        "Nurses for Riyadh, call +966 50 000 0000",
        "诚聘柬埔寨客服，加飞机 @fictitious_88",
        "Nurses for Riyadh, call +966 50 000 0000",
        "",
        "Nurses for Riyadh, call +966 50 000 0000",
    ]
    companies = ["Alpha Clinic", "", "Beta Clinic", "", "Alpha Clinic"]
    return conform(pd.DataFrame({"ad_id": list("abcde"), "description": texts, "company": companies}))


@pytest.fixture
def judged():
    languages = ["en", "zh", "en", "und", "en"]
    return pd.DataFrame({"risk": [0.1, 0.9, 0.2, None, 0.1], "band": "clear", "language": languages})


def test_a_batch_with_reposts_is_what_its_ads_are_one_by_one(ads, judged):
    whole = read_batch(ads, judged, KEY, reveal=True)
    single = [read_batch(ads.iloc[[i]], judged.iloc[[i]], KEY, reveal=True) for i in range(len(ads))]
    pd.testing.assert_frame_equal(whole.ads, pd.concat([each.ads for each in single], ignore_index=True))
    assert whole.fingerprints == [each.fingerprints[0] for each in single]
    assert whole.kept == [each.kept[0] for each in single]
    assert whole.contacts == [each.contacts[0] for each in single]
    assert [whole.signatures.of(i).tobytes() for i in range(5)] == [each.signatures.of(0).tobytes() for each in single]
    assert whole.reveal == {key: value for each in single for key, value in each.reveal.items()}


def test_no_ads_are_an_empty_batch(ads, judged):
    batch = read_batch(ads.head(0), judged.head(0), KEY)
    assert (len(batch.ads), batch.kept, batch.contacts, batch.signatures.size) == (0, [], [], 0)
