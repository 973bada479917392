"""Contacts in an ad: phones, messenger names, addresses and links, normalised for linking, masked for showing."""

from adscreen.signals.contacts.find import MAX_CONTACTS, find_contacts
from adscreen.signals.contacts.masking import mask, mask_text, visible_part
from adscreen.signals.contacts.types import Contact

__all__ = ["MAX_CONTACTS", "Contact", "find_contacts", "mask", "mask_text", "visible_part"]
