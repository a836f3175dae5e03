"""What validators accept, refuse and say of themselves."""

from decimal import Decimal

import pytest

from nuages import validators as v
from nuages.exceptions import ValidationError


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        (v.validate_email, 'a"b'), (v.validate_email, "a@b@c.org"), (v.validate_email, "a@b.org\n"), (v.validate_email, "a@-b.org"),
        (v.URLValidator(), "http://"), (v.URLValidator(), "http://-a.org"), (v.URLValidator(), "http://a.org:99999/"), (v.URLValidator(), "http://[a"),
        (v.URLValidator(), "javascript:alert(1)"), (v.validate_ipv4_address, "01.2.3.4"), (v.validate_ipv6_address, "12345::"),
        (v.validate_slug, "a b"), (v.MaxValueValidator(3), 4), (v.StepValueValidator(0.1), 0.55), (v.MinLengthValidator(2), "x"),
        (v.DecimalValidator(3, 2), Decimal("12.3")), (v.DecimalValidator(3, 2), Decimal("NaN")), (v.ProhibitNullCharactersValidator(), "a\x00"),
        (v.validate_comma_separated_integer_list, "1,,2"), (v.validate_domain_name, "a..org"),
    ],
)  # fmt: skip
def test_refused(validator, value):
    with pytest.raises(ValidationError):
        validator(value)


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        (v.validate_email, '"ab"@[127.0.0.1]'), (v.validate_email, "a@localhost"), (v.validate_email, "a@exämple.org"),
        (v.URLValidator(), "https://user:pw@exämple.org:8000/?a=b#c"), (v.URLValidator(), "http://[::1]/"), (v.URLValidator(["git"]), "git://a.org"),
        (v.validate_ipv46_address, "::1"), (v.MaxValueValidator(lambda: 3), 3), (v.StepValueValidator(0.1), 0.3),
        (v.DecimalValidator(3, 2), Decimal("1.23")), (v.int_list_validator(sep="-", allow_negative=True), "1--2"),
    ],
)  # fmt: skip
def test_accepted(validator, value):
    validator(value)


def test_messages_have_codes_and_parameters():
    with pytest.raises(ValidationError) as caught:
        v.MaxLengthValidator(2)("abc")
    assert caught.value.code == "max_length" and "(it has 3)" in caught.value.messages[0]


def test_deconstruction_and_equality():
    validator = v.RegexValidator("a+", code="x")
    path, args, kwargs = validator.deconstruct()
    assert path.endswith("RegexValidator") and args == ("a+",) and kwargs == {"code": "x"}
    assert validator == v.RegexValidator("a+", code="x") != v.RegexValidator("b+", code="x")
