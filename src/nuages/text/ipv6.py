"""IPv6 addresses."""

import ipaddress
from typing import Any

from nuages.exceptions import ValidationError

MAX_IPV6_ADDRESS_LENGTH = 39


def _address(ip_str: str, max_length: int = MAX_IPV6_ADDRESS_LENGTH) -> ipaddress.IPv6Address:
    if len(ip_str) > max_length:
        raise ValueError(f"{ip_str} cannot be an IPv6 address: it is longer than {max_length} characters.")
    return ipaddress.IPv6Address(int(ipaddress.IPv6Address(ip_str)))


def clean_ipv6_address(
    ip_str: str,
    unpack_ipv4: bool = False,
    error_message: Any = "This is not a valid %(protocol)s address.",
    max_length: int = MAX_IPV6_ADDRESS_LENGTH,
) -> str:
    """Return the shortest form of an IPv6 address; an IPv4-mapped one keeps dotted digits, or (``unpack_ipv4``) is only these.

    Raises ValidationError with ``error_message``.
    """
    try:
        address = _address(ip_str, max_length)
    except ValueError as error:
        raise ValidationError(error_message, code="invalid", params={"protocol": "IPv6"}) from error
    mapped = address.ipv4_mapped
    if mapped is None:
        return str(address)
    return str(mapped) if unpack_ipv4 else f"::ffff:{mapped}"


def is_valid_ipv6_address(ip_addr: Any) -> bool:
    """Tell whether ``ip_addr`` (text or IPv6Address) is a valid IPv6 address."""
    if isinstance(ip_addr, ipaddress.IPv6Address):
        return True
    try:
        _address(ip_addr)
    except (TypeError, ValueError, AttributeError):
        return False
    return True
