"""Addresses as headers and SMTP want them: domains in ASCII (RFC 5891)."""

from __future__ import annotations

from collections.abc import Iterable
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.policy import default
from typing import Any, cast

from nuages.text.encoding import punycode


def parsed(value: str) -> tuple[Address, ...]:
    """Return the addresses of a header's value. Raises ValueError for line breaks, and what is no address."""
    if "\n" in value or "\r" in value:
        raise ValueError("Email addresses must not hold line breaks.")
    header = cast(Any, default.header_factory("To", value))
    defects = [defect for defect in header.defects if isinstance(defect, HeaderParseError)]
    if defects or not header.addresses:
        raise ValueError(f"Invalid address {value!r}")
    addresses: tuple[Address, ...] = header.addresses
    return addresses


def address_header(values: Iterable[Any]) -> str:
    """Return the value of an address header, empty values left out."""
    return ", ".join(ascii_domains(str(value)) for value in values if value)


def ascii_domains(value: str) -> str:
    """Return ``value`` with international domain names in their ASCII form; anything else as it is."""
    if value.isascii():
        return value
    try:
        addresses = parsed(value)
    except (ValueError, HeaderParseError, IndexError):
        return value
    if all(address.domain.isascii() for address in addresses):
        return value
    return ", ".join(str(_with_ascii_domain(address)) for address in addresses)


def _with_ascii_domain(address: Address) -> Address:
    return Address(address.display_name, address.username, punycode(address.domain))


def mailbox(value: Any) -> str:
    """Return the bare address, for the envelope of SMTP. Raises ValueError for anything but one address in ASCII."""
    text = str(value)
    addresses = parsed(text)
    if len(addresses) != 1:
        raise ValueError(f"Invalid address {text!r}: exactly one is needed")
    address = addresses[0]
    if not address.username.isascii():
        raise ValueError(f"Invalid address {text!r}: the local part must be ASCII")
    return _with_ascii_domain(Address("", address.username, address.domain)).addr_spec if address.domain else address.username
