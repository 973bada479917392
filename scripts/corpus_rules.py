"""What one ad of the authored corpus must look like, and what its families and files must keep to."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REQUIRED = {
    **dict.fromkeys(("id", "family", "writer", "lang", "channel", "kind", "type"), str),
    **dict.fromkeys(("pattern", "role", "origin", "dest", "region", "text"), str),
    "label": int,
}
OPTIONAL = {"pair": bool, "reader": str}

LABEL_OF_KIND = {"blatant": 1, "subtle": 1, "twin": 0, "surface": 0, "warning": 0}
LANGUAGES = (
    "en zh-Hans zh-Hant vi th id ms tl my km hi hi-Latn ur bn ne ta si ar am sw ru uk uz kk ro pl bg sr tr es"
    " pt fr de ko ja"
)
CHANNELS = "telegram facebook whatsapp sms board flyer classified dm"
TYPES = (
    "scam_compound sexual_exploitation labour_exploitation organ_surrogacy advance_fee task_scam money_mule"
    " identity_theft courier"
)
REGIONS = "SEA EASTASIA SOUTHASIA GULF MENA AFRICA EUROPE CIS AMERICAS OCEANIA REMOTE"
ALLOWED = {
    "lang": frozenset(LANGUAGES.split()),
    "channel": frozenset(CHANNELS.split()),
    "kind": frozenset(LABEL_OF_KIND),
    "type": frozenset(TYPES.split()),
    "region": frozenset(REGIONS.split()),
}

MIN_WORDS = 12
REPEATED_SENTENCE_CHARS = 18

# Han, kana, Thai, Lao, Khmer and Burmese are written without spaces between words.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
CHARS_PER_WORD = 1.7

# One usual separator between digits; a full stop and a space end the run, as they end a sentence.
DIGIT_RUN = re.compile(r"(?<![\d.,])\+?\(?\d(?:(?:[ \u00a0]?[(/\u2010-\u2013-] ?|\)[ -]?|[ .\u00a0])?\d){7,}")
MASKED = re.compile(r"[ .\-]?[xX*]")
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(rf"\d{{1,2}}[./ -]\d{{1,2}}[./ -]{YEAR}|{YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|{YEAR}\W+{YEAR}")
CLOCK_RANGE = re.compile(r"\d{1,2}[.:]\d\d ?[-\u2013] ?\d{1,2}[.:]\d\d")
# Both ends round, as pay is written: 1500-2500. A local phone number, 2345-6789, is not.
AMOUNT_RANGE = re.compile(r"[1-9]\d{2,6}0 ?[-\u2013] ?[1-9]\d{2,6}0")

MENTION = re.compile(r"(?<![\w.])@(\w[\w.]{2,})")
CHAT_ID = re.compile(
    r"(?:\bline|wechat|weixin|微信|\bvx|telegram|\btele|\btg|zalo|viber|skype|\bimo|\binsta|\big)"
    r"(?: ?id)? ?[:：] ?@?([A-Za-z][\w.]{3,})",
    re.IGNORECASE,
)
HANDLE_SIGNS = re.compile(r"[\d_.]\w")  # "Telegram: message me" is no handle
EMAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})+)")
URL = re.compile(r"(?:https?://|\bwww\.)([\w.-]{1,253})", re.IGNORECASE)
# Endings that are also words run on after a full stop ("rooms.no fee") are left out.
DOMAIN = re.compile(
    r"(?<![\w@.])([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.(?:com|net|org|me|io|co|info|biz|vn|id|ph|th|my|kh|mm|ru|ua|kz|uz"
    r"|cn|tw|hk|jp|kr|in|pk|bd|np|lk|ae|sa|qa|ke|ug|ng|et|br|mx|fr|de|es|pl|ro|bg|rs|tr|uk|eu|xyz|top|site|online|shop"
    r"|club|app|link|live|vip))(?![\w.-]*\w)"
)


@dataclass(frozen=True)
class Ad:
    """One line of a corpus file, and where it stands."""

    file: str
    line: int
    fields: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def error(self, message: str) -> str:
        """The message with file, line and id, as every complaint is printed."""
        return f"{self.file}:{self.line}: {self.fields.get('id', 'ad without an id')}: {message}"


def read_ads(folder: Path) -> tuple[list[Ad], list[str]]:
    """All ads of the folder's .jsonl files, and an error for each line that is not a JSON object."""
    ads, errors = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                fields = json.loads(line)
            except json.JSONDecodeError as error:
                errors.append(f"{path.name}:{number}: not JSON ({error}); write one ad a line")
                continue
            if isinstance(fields, dict):
                ads.append(Ad(path.name, number, fields))
            else:
                errors.append(f"{path.name}:{number}: not an object; write one ad a line, as {{...}}")
    return ads, errors


def field_errors(ad: Ad) -> Iterator[str]:
    """Fields that are missing, unknown, of the wrong type or with a value that is not allowed."""
    for name, kind in REQUIRED.items():
        if name not in ad.fields:
            yield ad.error(f"no field '{name}'; add it")
        elif type(ad[name]) is not kind or (kind is str and not ad[name].strip()):
            yield ad.error(f"'{name}' is {ad[name]!r}; write a {'text' if kind is str else 'number'}")
        elif name in ALLOWED and ad[name] not in ALLOWED[name]:
            yield ad.error(f"unknown {name} '{ad[name]}'; use one of {', '.join(sorted(ALLOWED[name]))}")
    for name, value in ad.fields.items():
        if name in OPTIONAL and type(value) is not OPTIONAL[name]:
            yield ad.error(f"'{name}' is {value!r}; write {'a text' if OPTIONAL[name] is str else 'true or false'}")
        elif name not in REQUIRED and name not in OPTIONAL:
            yield ad.error(f"unknown field '{name}'; remove it or correct its name")


def consistency_errors(ad: Ad) -> Iterator[str]:
    """Fields that contradict each other. Expects an ad without field errors."""
    if ad["label"] != LABEL_OF_KIND[ad["kind"]]:
        yield ad.error(
            f"a {ad['kind']} has label {LABEL_OF_KIND[ad['kind']]}, not {ad['label']}; correct one of the two"
        )
    if not ad["id"].startswith(ad["family"] + "-"):
        yield ad.error(f"the id does not begin with its family '{ad['family']}-'; rename it")


def count_words(text: str) -> float:
    """Words between spaces, plus the characters of unspaced scripts at 1.7 to a word."""
    return len(UNSPACED.findall(text)) / CHARS_PER_WORD + len(UNSPACED.sub(" ", text).split())


def real_phone_numbers(text: str) -> Iterator[str]:
    """Runs of 8 or more digits that may be somebody's number: no date, time, amount, mask or 000 in it."""
    for match in DIGIT_RUN.finditer(text):
        run = match[0]
        digits = "".join(str(unicodedata.digit(c)) for c in run if c.isdigit())  # any script's digits as 0 to 9
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", run)  # 12.345.678; commas never enter the run
        harmless = grouped or DATE.search(run) or CLOCK_RANGE.search(run) or AMOUNT_RANGE.fullmatch(run)
        if "000" not in digits and not harmless and not MASKED.match(text, match.end()):
            yield run


def real_handles(text: str) -> Iterator[str]:
    """Chat names that do not end in _ex, so may belong to somebody."""
    names = [m[1] for m in MENTION.finditer(EMAIL.sub(" ", text))]
    names += [m[1] for m in CHAT_ID.finditer(text) if HANDLE_SIGNS.search(m[1])]
    for name in dict.fromkeys(name.rstrip("._") for name in names):
        if not name.lower().endswith(("_ex", ".example")):
            yield name


def real_domains(text: str) -> Iterator[str]:
    """Hosts of web and e-mail addresses that are not under .example, the ending reserved for examples."""
    hosts = [m[1] for pattern in (EMAIL, URL, DOMAIN) for m in pattern.finditer(text)]
    for host in dict.fromkeys(host.lower().rstrip(".").removeprefix("www.") for host in hosts):
        if not host.endswith(".example"):
            yield host


def text_errors(ad: Ad) -> Iterator[str]:
    """What the text of an ad must not hold: somebody's contact, or too little to learn from."""
    for number in real_phone_numbers(ad["text"]):
        yield ad.error(f"'{number}' may be a real phone number; put 000 in it or mask it with X")
    for name in real_handles(ad["text"]):
        yield ad.error(f"'{name}' may be a real account; let it end in _ex")
    for host in real_domains(ad["text"]):
        yield ad.error(f"'{host}' may be a real address; let it end in .example")
    words = count_words(ad["text"])
    if words < MIN_WORDS:
        yield ad.error(f"{words:.0f} words; write at least {MIN_WORDS}")


def id_errors(ads: Iterable[Ad]) -> Iterator[str]:
    """Ids used twice, and families spread over two files."""
    first: dict[str, Ad] = {}
    home: dict[str, str] = {}
    for ad in ads:
        if ad["id"] in first:
            other = first[ad["id"]]
            yield ad.error(f"this id is taken by {other.file}:{other.line}; give the ad another")
        first.setdefault(ad["id"], ad)
        if home.setdefault(ad["family"], ad.file) != ad.file:
            yield ad.error(f"family '{ad['family']}' is in {home[ad['family']]} too; keep a family in one file")


def sentences(text: str) -> Iterator[str]:
    """Sentences longer than 18 characters, in lower case and without punctuation."""
    for part in re.split(r"[\n.!?。！？।။៕၊።]+", text):
        sentence = re.sub(r"\W+", " ", part).strip().lower()
        if len(sentence) > REPEATED_SENTENCE_CHARS:
            yield sentence


def repetition_errors(ads: Iterable[Ad]) -> Iterator[str]:
    """Sentences used in two families: a template a model would learn, and a leak between splits."""
    families: dict[str, dict[str, Ad]] = defaultdict(dict)
    for ad in ads:
        for sentence in sentences(ad["text"]):
            families[sentence].setdefault(ad["family"], ad)
    for sentence, users in families.items():
        for ad in list(users.values())[1:]:
            first = next(iter(users.values()))
            yield ad.error(f"'{sentence[:60]}' is also in {first['id']} ({first.file}:{first.line}); write it anew")


def split_errors(ads: Sequence[Ad], splits_file: Path) -> Iterator[str]:
    """Families that splits.json puts in two splits, does not name, or names though they are gone."""
    if not splits_file.exists():
        return
    # Read as pairs: a family named twice would otherwise silently keep the last split only.
    pairs: list[tuple[str, str]] = json.loads(splits_file.read_text(encoding="utf-8"), object_pairs_hook=list)
    split_of: dict[str, str] = {}
    for family, split in pairs:
        if split_of.setdefault(family, split) != split:
            yield f"{splits_file.name}: family '{family}' is in '{split_of[family]}' and '{split}'; keep one"
    present = {ad["family"]: ad for ad in ads}
    for family, ad in present.items():
        if family not in split_of:
            yield ad.error(f"family '{family}' has no split; add it to {splits_file.name}")
    for family in sorted(split_of.keys() - present.keys()):
        yield f"{splits_file.name}: family '{family}' is not in the corpus; remove it"
