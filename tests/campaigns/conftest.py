"""Three campaigns in three languages, reposted with other contacts, pay and places; the contacts are fictitious."""

import pandas as pd
import pytest

from adscreen.ads.schema import conform
from adscreen.campaigns.batch import read_batch

KEY = b"a key for the tests only 0123456"
LURES = {
    "en": (
        "Hiring customer service staff in {place}! Salary {pay} USD per month, free flight and visa, no experience "
        "needed, the company keeps your passport safe. Contact Telegram {handle} today",
        ("Bavet", "Poipet", "Mae Sot"),
    ),
    "zh": (
        "诚聘{place}客服专员,会打字就行,包机票包食宿,月薪{pay}美金,老板直招不收任何费用,护照由公司统一保管,"
        "加飞机 {handle}",
        ("柬埔寨", "缅甸", "老挝"),
    ),
    "vi": (
        "Tuyển gấp nhân viên chăm sóc khách hàng tại {place}, lương {pay} đô một tháng, bao vé máy bay và ăn ở, không "
        "cần kinh nghiệm, đi ngay trong tuần, liên hệ Zalo {phone}",
        ("Bavet", "Poipet", "Myawaddy"),
    ),
}
HONEST = [
    "Cook wanted for a hotel kitchen in Lisbon, shift work, contract of twelve months, apply with your CV",
    "Enfermera para una residencia de mayores en Sevilla, turno de noche, contrato indefinido, 1.450 euros",
    "Водитель категории C для пекарни в Варне, ранние смены, оформление по договору",
]


def make_ads(copies=4, start=0):
    """`copies` ads of each of the three campaigns, and the honest ads."""
    rows = []
    for lang, (text, places) in LURES.items():
        for i in range(start, start + copies):
            said = text.format(
                place=places[i % 3],
                pay=("1,500", "2000", "2,500")[i % 3],
                handle=f"@{lang}_boss_{i % 2}_ex",
                phone=f"+855 12 345 6{10 + i % 2}",
            )
            rows.append(
                {
                    "ad_id": f"{lang}-{i}",
                    "description": said,
                    "source": f"group {i % 2}",
                    "posted_at": f"2025-01-{i + 1:02d}",
                    "channel": "telegram",
                }
            )
    rows += [{"ad_id": f"honest-{i}", "description": text} for i, text in enumerate(HONEST)]
    return conform(pd.DataFrame(rows).fillna(""))


def judged(ads):
    """Results that no model made: lures are urgent, what says nothing is unscorable."""
    lure = ads["ad_id"].str.match("en|zh|vi").to_numpy()
    risk = [0.9 + i / 1000 if is_lure else 0.01 for i, is_lure in enumerate(lure)]
    return pd.DataFrame(
        {
            "risk": risk,
            "band": ["urgent" if is_lure else "clear" for is_lure in lure],
            "language": ads["ad_id"].str[:2],
        }
    )


def batch_of(ads, key=KEY, **options):
    return read_batch(ads, judged(ads), key, **options)


@pytest.fixture(scope="session")
def ads():
    return make_ads()
