"""Validators: callables that raise ValidationError for a value that will not do (documented as "Validators")."""

from nuages.validators.addresses import (
    DomainNameValidator, EmailValidator, URLValidator, ip_address_validators, validate_domain_name, validate_email,
    validate_ipv4_address, validate_ipv6_address, validate_ipv46_address,
)
from nuages.validators.files import (
    FileExtensionValidator,
    get_available_image_extensions,
    validate_image_file_extension,
)
from nuages.validators.limits import (
    BaseValidator, DecimalValidator, MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator,
    StepValueValidator,
)
from nuages.validators.texts import (
    EMPTY_VALUES, ProhibitNullCharactersValidator, RegexValidator, int_list_validator, integer_validator, slug_re,
    slug_unicode_re, validate_comma_separated_integer_list, validate_integer, validate_slug, validate_unicode_slug,
)

__all__ = [
    "EMPTY_VALUES", "BaseValidator", "DecimalValidator", "DomainNameValidator", "EmailValidator",
    "FileExtensionValidator", "MaxLengthValidator", "MaxValueValidator", "MinLengthValidator", "MinValueValidator",
    "ProhibitNullCharactersValidator", "RegexValidator", "StepValueValidator", "URLValidator",
    "get_available_image_extensions", "int_list_validator", "integer_validator", "ip_address_validators", "slug_re",
    "slug_unicode_re", "validate_comma_separated_integer_list", "validate_domain_name", "validate_email",
    "validate_image_file_extension", "validate_integer", "validate_ipv4_address", "validate_ipv6_address",
    "validate_ipv46_address", "validate_slug", "validate_unicode_slug",
]
