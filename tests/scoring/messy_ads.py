"""Ads as they are scraped: markup, entities, invisible characters, decomposed and right-to-left text."""

import unicodedata

from hypothesis import strategies as st

from adscreen.ads.schema import TEXT_FIELDS

MESSY_ADS = {
    "plain": "Urgent hiring customer service in Thailand, free ticket and visa, salary 2000 USD, no experience needed",
    "HTML": "<p>Urgent <b>hiring</b>&nbsp;typing job</p><ul><li>Free&amp;easy visa</li><li>Salary &#36;2000</li></ul>",
    "entities": "Customer service &mdash; caf&eacute; in Bangkok &lt;no fee&gt; &#x1F525; salary &euro;2000, ticket",
    "zero-width": "f\u200br\u200be\u200be\u00ad vi\u2060sa, sal\ufeffary 2000 USD, no ex\u200dperience",
    "Vietnamese, decomposed": unicodedata.normalize(
        "NFD", "Tuyển gấp nhân viên trực tin nhắn tại Campuchia, lương cao, bao ăn ở, không cần kinh nghiệm"
    ),
    "Arabic": "مطلوب موظفين خدمة عملاء في تايلاند، راتب 1700 دولار، التذكرة والسكن على الشركة، بدون خبرة",
    "Arabic with direction marks": "\u202bمطلوب\u202c شباب \u2067للعمل\u2069 في \u200fكمبوديا، <b>التذكرة</b> علينا",
    "Urdu": "تھائی لینڈ جاب 🇹🇭 تنخواہ 2 لاکھ 80 ہزار، رہائش کھانا ٹکٹ سب فری، کام صرف گوروں سے چیٹ",
    "Chinese, full width": "诚聘客服！！月薪２００００＄，包机票　包食宿，无需经验，微信：ｋｆ＿ｅｘ",
    "Thai": "รับสมัครด่วน แอดมินตอบแชท ปอยเปต เงินเดือน 30,000 ที่พักฟรี ไม่ต้องมีประสบการณ์",
    "Burmese": "မြဝတီ အွန်လိုင်းအလုပ် အမြန်ခေါ်သည် 🔥\nလစာ ၁၈ သိန်း + ကော်မရှင်",
    "Hindi": "दुबई में काम, वेतन ₹५०,००० महीना, क़र्ज़ नहीं, टिकट और वीज़ा मुफ़्त, आज ही संपर्क करें",
    "Korean, decomposed": unicodedata.normalize(
        "NFD", "캄보디아 상담원 급구, 숙식 제공, 월 오백만원, 경력 무관, 항공권 지원"
    ),
    "one character, several words": "㍿ hiring ½ day job ㍿ salary ㋿ ﷺ ㏂ free visa ⒈ ⑴ customer service ㈱ Bangkok ¾",
    "styled letters": "𝗙𝗿𝗲𝗲 𝘃𝗶𝘀𝗮 𝓼𝓪𝓵𝓪𝓻𝔂 ＵＳＤ ²⁰⁰⁰ ﬁne ﬂat no experience needed customer service",
    "lone surrogates": "Free \ud83d visa customer\ude00service in Bangkok salary 2000 USD no experience ticket paid",
}

words = ["free ", "visa ", "salary ", "招聘", "月薪", "งาน", "ดี", "lương ", "работа ", "راتب ", "वीज़ा ", "\n", " "]
markup = ["<b>", "</b>", "<br>", "<p>", "&amp;", "&nbsp;", "&#1593;", "<script>x</script>", "&eacute;", "&#x337F;"]
odd = ["\u200b", "\u202b", "\u202c", "\u0301", "\u0323", "ﬁ", "½", "㍿", "ﷺ", "\u1112\u1175", "e\u0301", "ｆｒｅｅ "]
messy_bits = st.one_of(
    st.sampled_from([*words, *markup, *odd]),
    st.characters(),
    st.characters(categories=["Cs", "Mn", "Cf"]),
)
messy_texts = st.lists(messy_bits, max_size=30).map("".join)
messy_fields = st.fixed_dictionaries(dict.fromkeys(TEXT_FIELDS, messy_texts))
"""The text fields of an ad, in order, as given."""
