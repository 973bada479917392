"""The key of a store, a file beside the database that only its owner may read."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from adscreen.campaigns.contact_keys import MIN_KEY_BYTES, new_key
from adscreen.errors import StoreError

KEY = "key"


def read_key(folder: Path, *, may_make: bool) -> bytes:
    """Return the key of the store in `folder`, made if there is none and it may be.

    Raises
    ------
    StoreError
        If there is none, or it cannot be read or written.
    """
    path = folder / KEY
    if may_make and not path.exists():
        try:
            partial = folder / f".{KEY}.{os.getpid()}"
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(new_key().hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
            # Linked, not renamed: of two processes that make a store at once, one key stays.
            try:
                os.link(partial, path)
            except FileExistsError:
                pass
            finally:
                partial.unlink()
        except OSError as error:
            raise StoreError(
                f"{folder}: the key cannot be written ({error.strerror}). Choose another place."
            ) from error
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
        if len(key) < MIN_KEY_BYTES:
            raise ValueError("too short")
    except FileNotFoundError as error:
        raise StoreError(
            f"{folder}: the key of this store is missing ({path}). Without it no contact can be compared with those "
            "kept. Put the file back from a copy, or make a new store from the files: --update NEW_FOLDER"
        ) from error
    except OSError as error:
        raise StoreError(f"{folder}: the key cannot be read ({path}: {error.strerror}).") from error
    except ValueError as error:
        raise StoreError(f"{folder}: {path} is not the key of a store. Put the file back from a copy.") from error
    return key


def key_id(key: bytes) -> str:
    """Return what tells a key from others, and nothing about it."""
    return blake2b(b"which key", key=key[:64], digest_size=8).hexdigest()
