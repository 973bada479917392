"""An ad is by message only where it names no other way to apply."""

import pytest

from adscreen.signals.evidence import read_ad
from adscreen.signals.indicators import shipped_finder


def codes(text):
    return {each.code for each in read_ad(shipped_finder(), text).evidence}


@pytest.mark.parametrize(
    "text",
    [
        "Typist in Poipet, write on Telegram @hr_sample_ex",
        "Cần nhân viên, liên hệ Zalo 0900 000 000",
        "Kirim CV ke WhatsApp 0812-0000-0000",
    ],
)
def test_a_messenger_alone_is_by_message_only(text):
    assert "chat_only" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Cook in Bali. Telegram @hr_sample_ex or jobs@sample-hotel.example",
        "Lowongan kasir. Kirim CV ke hr contoh gmailcom @contoh_toko",
        "Cần nhân viên, liên hệ Zalo 0900 000 000 hoặc gọi trực tiếp",
        "Cook in Bali. Telegram @hr_sample_ex, apply at www.sample-hotel.com/jobs",
    ],
)
def test_a_messenger_beside_mail_a_call_or_a_site_is_not(text):
    assert "chat_only" not in codes(text)
