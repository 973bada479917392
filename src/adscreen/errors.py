"""Errors a user can meet, each with the exit code the command line gives it."""


class AdscreenError(Exception):
    """Base of all errors that adscreen raises on purpose; the message says what to do next."""

    exit_code = 1


class UsageError(AdscreenError):
    """The call itself is wrong: an unknown option value, a column that does not exist."""

    exit_code = 2


class InputError(AdscreenError):
    """The input as a whole cannot be read: missing, empty, truncated, not what its name says."""

    exit_code = 3


class WorkerLostError(InputError):
    """The process that read a part of the input was killed, and that of the second try too."""


class OutputError(AdscreenError):
    """The output cannot be written: read-only folder, full disk."""

    exit_code = 3


class StoreError(AdscreenError):
    """The store of campaigns cannot be used: locked, cut off, by a newer adscreen, without its key."""

    exit_code = 3


class BundleError(AdscreenError):
    """The model file is refused: truncated, altered, too new, or not a bundle at all."""

    exit_code = 5
