"""Step 1: what an ad is. The schema, the readers and the cleaning; nothing here judges an ad."""

from adscreen.ads.cleaning import Cleaned, clean, clean_with_offsets
from adscreen.ads.columns import parse_map
from adscreen.ads.readers import read_ads
from adscreen.ads.rejects import Reject, RejectLog
from adscreen.ads.schema import AD_FIELDS, TEXT_FIELDS, Ad, conform, content_id

__all__ = [
    "AD_FIELDS",
    "TEXT_FIELDS",
    "Ad",
    "Cleaned",
    "Reject",
    "RejectLog",
    "clean",
    "clean_with_offsets",
    "conform",
    "content_id",
    "parse_map",
    "read_ads",
]
