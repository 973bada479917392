"""Tell texts about deceptive offers (warnings, reports, advice) from offers."""

from __future__ import annotations

from adscreen.signals.evidence import Reading

_AWARENESS = frozenset({"warning", "victim_report", "advice_to_jobseekers"})


def reads_as_warning(reading: Reading, text: str) -> bool:
    """Tell whether the ad reads as a warning or report rather than an offer.

    Two different signs of it are enough, or one in a text that names no way to apply; lures that say "beware of
    fake agents" still offer a contact.
    """
    signs = {(each.code, text[each.start : each.end].lower()) for each in reading.evidence if each.code in _AWARENESS}
    reachable = bool(reading.contacts)
    return len(signs) >= (3 if reachable else 2)
