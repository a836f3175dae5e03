"""Validators of domain names, URLs, e-mail and IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from nuages.conf.deconstruct import deconstructible
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.encoding import MAX_URL_LENGTH, punycode
from nuages.text.ipv6 import is_valid_ipv6_address
from nuages.text.regex import lazy_compile
from nuages.validators.texts import RegexValidator

Validators = list[Callable[[Any], None]]


@deconstructible(path="nuages.validators.DomainNameValidator")
class DomainNameValidator(RegexValidator):
    """Accepts domain names (RFC 1034); ``accept_idna=False`` only those in ASCII."""

    message: Any = _("Enter a valid domain name.")
    ul = "\u00a1-\uffff"  # letters beyond ASCII
    # Labels have at most 63 characters and no hyphen at their ends.
    hostname_re: str = rf"[a-z{ul}0-9](?:[a-z{ul}0-9-]{{0,61}}[a-z{ul}0-9])?"
    domain_re: str = rf"(?:\.(?!-)[a-z{ul}0-9-]{{1,63}}(?<!-))*"
    tld_no_fqdn_re: str = rf"\.(?!-)(?:[a-z{ul}-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)"
    tld_re: str = tld_no_fqdn_re + r"\.?"
    ascii_only_hostname_re = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    ascii_only_domain_re = r"(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*"
    ascii_only_tld_re = r"\.(?!-)(?:[a-z0-9-]{2,63})(?<!-)\.?"
    max_length = 255

    def __init__(self, **kwargs: Any) -> None:
        self.accept_idna = kwargs.pop("accept_idna", True)
        parts = (self.hostname_re, self.domain_re, self.tld_re)
        if not self.accept_idna:
            parts = (self.ascii_only_hostname_re, self.ascii_only_domain_re, self.ascii_only_tld_re)
        self.regex = lazy_compile("".join(("^", *parts, r"\Z")), re.IGNORECASE)
        super().__init__(**kwargs)

    def __call__(self, value: Any) -> None:
        """Validate."""
        fits = isinstance(value, str) and len(value) <= self.max_length
        if not fits or (not self.accept_idna and not value.isascii()):
            raise ValidationError(self.message, code=self.code, params={"value": value})
        super().__call__(value)


validate_domain_name = DomainNameValidator()


@deconstructible(path="nuages.validators.URLValidator")
class URLValidator(RegexValidator):
    """Accepts absolute URLs of the given schemes (``http``, ``https``, ``ftp``, ``ftps``), 2048 characters at most."""

    _octet = r"(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)"
    ipv4_re: str = rf"{_octet}(?:\.{_octet}){{3}}"
    ipv6_re = r"\[[0-9a-f:.]+\]"
    hostname_re: str = DomainNameValidator.hostname_re
    domain_re: str = DomainNameValidator.domain_re
    tld_re: str = DomainNameValidator.tld_re
    host_re: str = f"(?:{hostname_re}{domain_re}{tld_re}|localhost)"
    regex: Any = lazy_compile(
        rf"^[a-z0-9.+-]*://(?:[^\s:@/]+(?::[^\s:@/]*)?@)?(?:{ipv4_re}|{ipv6_re}|{host_re})(?::[0-9]{{1,5}})?(?:[/?#][^\s]*)?\Z",
        re.IGNORECASE,
    )
    message: Any = _("Enter a valid URL.")
    schemes: Sequence[str] = ("http", "https", "ftp", "ftps")
    unsafe_chars: frozenset[str] = frozenset("\t\r\n")
    max_length = MAX_URL_LENGTH

    def __init__(self, schemes: Sequence[str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if schemes is not None:
            self.schemes = schemes

    def __call__(self, value: Any) -> None:
        """Validate."""
        well_formed = isinstance(value, str) and len(value) <= self.max_length and self.unsafe_chars.isdisjoint(value)
        if not well_formed or value.partition("://")[0].lower() not in self.schemes:
            raise self._invalid(value)
        try:
            parts = urlsplit(value)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise self._invalid(value) from None
        super().__call__(value)
        if parts.netloc.rpartition("@")[2].startswith("[") and not is_valid_ipv6_address(host):
            raise self._invalid(value)
        # A host name has at most 253 characters (RFC 1034 section 3.1).
        if host is None or len(host) > 253 or (port is not None and port > 65535):
            raise self._invalid(value)

    def _invalid(self, value: Any) -> ValidationError:
        return ValidationError(self.message, code=self.code, params={"value": value})

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, URLValidator) and set(self.schemes) == set(other.schemes)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


@deconstructible(path="nuages.validators.EmailValidator")
class EmailValidator:
    """Accepts e-mail addresses (RFC 5321); the domains in ``allowlist`` need not look like any."""

    message: Any = _("Enter a valid email address.")
    code = "invalid"
    hostname_re: str = DomainNameValidator.hostname_re
    domain_re: str = DomainNameValidator.domain_re
    tld_no_fqdn_re: str = DomainNameValidator.tld_no_fqdn_re
    user_regex = lazy_compile(
        r"^[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*\Z"  # dot-atom
        r'|^"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"\Z',  # quoted-string
        re.IGNORECASE,
    )
    domain_regex = lazy_compile(rf"^{hostname_re}{domain_re}{tld_no_fqdn_re}\Z", re.IGNORECASE)
    literal_regex = lazy_compile(r"^\[([A-F0-9:.]+)\]\Z", re.IGNORECASE)
    domain_allowlist: Sequence[str] = ["localhost"]

    def __init__(self, message: Any = None, code: str | None = None, allowlist: Sequence[str] | None = None) -> None:
        given = {"message": message, "code": code, "domain_allowlist": allowlist}
        vars(self).update((name, value) for name, value in given.items() if value is not None)

    def __call__(self, value: Any) -> None:
        """Validate."""
        # 64 characters, the sign, and 255 are the most that RFC 3696 leaves an address.
        if not value or "@" not in value or len(value) > 320:
            raise self._invalid(value)
        user, _, domain = value.rpartition("@")
        if not self.user_regex.match(user):
            raise self._invalid(value)
        if domain not in self.domain_allowlist and not self._is_domain(domain):
            raise self._invalid(value)

    def _is_domain(self, domain: str) -> bool:
        if self.validate_domain_part(domain):
            return True
        try:
            return self.validate_domain_part(punycode(domain))
        except UnicodeError:
            return False

    def validate_domain_part(self, domain_part: str) -> bool:
        """Tell whether the part behind the sign is a domain name, or an IP address in brackets."""
        if self.domain_regex.match(domain_part):
            return True
        literal = self.literal_regex.match(domain_part)
        if literal is None:
            return False
        try:
            validate_ipv46_address(literal[1])
        except ValidationError:
            return False
        return True

    def _invalid(self, value: Any) -> ValidationError:
        return ValidationError(self.message, code=self.code, params={"value": value})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EmailValidator):
            return False
        return (set(self.domain_allowlist), self.message, self.code) == (set(other.domain_allowlist), other.message, other.code)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


validate_email = EmailValidator()


def validate_ipv4_address(value: Any) -> None:
    """Accept IPv4 addresses."""
    try:
        ipaddress.IPv4Address(str(value) if isinstance(value, ipaddress.IPv4Address) else value)
        if isinstance(value, int):
            raise ValueError(value)
    except ValueError:
        raise _no_address("IPv4", value) from None


def validate_ipv6_address(value: Any) -> None:
    """Accept IPv6 addresses."""
    if not is_valid_ipv6_address(value):
        raise _no_address("IPv6", value)


def validate_ipv46_address(value: Any) -> None:
    """Accept IP addresses of both versions."""
    try:
        validate_ipv4_address(value)
    except ValidationError:
        if not is_valid_ipv6_address(value):
            raise _no_address(_("IPv4 or IPv6"), value) from None


def _no_address(protocol: Any, value: Any) -> ValidationError:
    message = _("Enter a valid %(protocol)s address.")
    return ValidationError(message, code="invalid", params={"protocol": protocol, "value": value})


_BY_PROTOCOL: dict[str, Validators] = {
    "both": [validate_ipv46_address],
    "ipv4": [validate_ipv4_address],
    "ipv6": [validate_ipv6_address],
}


def ip_address_validators(protocol: str, unpack_ipv4: bool) -> Validators:
    """Return the validators for ``protocol`` (``both``, ``ipv4`` or ``ipv6``). Raises ValueError for another."""
    if protocol != "both" and unpack_ipv4:
        raise ValueError("unpack_ipv4 needs protocol='both': there is nothing to unpack otherwise.")
    try:
        return _BY_PROTOCOL[protocol.lower()]
    except KeyError:
        raise ValueError(f"The protocol '{protocol}' is unknown. Supported: {list(_BY_PROTOCOL)}") from None
