"""Tell texts about deceptive offers (warnings, reports, advice) from offers."""

from __future__ import annotations

from adscreen.signals.evidence import Reading

_AWARENESS = frozenset({"warning", "victim_report", "advice_to_jobseekers"})
SIGN_MARGIN = 1.5
"""What each sign of a warning adds to the margin of the model of warnings; of several values tried out of fold on the
authored ads the smallest that found as many warnings as any at one offer in a thousand."""
MAX_SIGNS = 2


def warning_signs(reading: Reading, text: str) -> int:
    """Count the different phrases by which the ad reads as a warning or report, at most `MAX_SIGNS`."""
    signs = {(each.code, text[each.start : each.end].lower()) for each in reading.evidence if each.code in _AWARENESS}
    return min(len(signs), MAX_SIGNS)


def reads_as_warning(reading: Reading, text: str, margin: float | None = None) -> bool:
    """Tell whether the ad reads as a warning or report rather than an offer.

    Parameters
    ----------
    reading : Reading
        Of `text`.
    margin : float, optional
        What the model of warnings says of the wording, from which on it is one by wording alone being 0. Each
        sign adds `SIGN_MARGIN`. Without it two different signs are enough, or one in a text that names neither
        pay nor a way to apply: lures that say "beware of fake agents" still offer both.
    """
    n_signs = warning_signs(reading, text)
    if margin is not None:
        return margin + SIGN_MARGIN * n_signs >= 0.0
    return n_signs == MAX_SIGNS or (n_signs == 1 and not reading.contacts and not reading.pay)
