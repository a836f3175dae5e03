"""Form fields: what they accept, normalise and refuse."""

import datetime
import decimal
import uuid

import pytest

from nuages import forms
from nuages.exceptions import ValidationError
from nuages.http.uploads import SimpleUploadedFile


def codes(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return [error.code for error in caught.value.error_list]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (forms.CharField(), "  a ", "a"),
        (forms.CharField(required=False, empty_value=None), "", None),
        (forms.IntegerField(), " 1.0 ", 1),
        (forms.FloatField(), "1e3", 1000.0),
        (forms.DecimalField(), "1.50", decimal.Decimal("1.50")),
        (forms.BooleanField(required=False), "False", False),
        (forms.NullBooleanField(), "unknown", None),
        (forms.DateField(), "10/25/2006", datetime.date(2006, 10, 25)),
        (forms.TimeField(), "14:25:13", datetime.time(14, 25, 13)),
        (forms.DurationField(), "1:15:30", datetime.timedelta(hours=1, minutes=15, seconds=30)),
        (forms.UUIDField(), "550e8400e29b41d4a716446655440000", uuid.UUID("550e8400-e29b-41d4-a716-446655440000")),
        (forms.URLField(), "example.com/a b".replace(" ", "%20"), "https://example.com/a%20b"),
        (forms.URLField(assume_scheme="http"), "//example.com", "http://example.com"),
        (forms.GenericIPAddressField(), " 2001:0::0:01 ", "2001::1"),
        (forms.GenericIPAddressField(unpack_ipv4=True), "::ffff:0a0a:0a0a", "10.10.10.10"),
        (forms.JSONField(), '{"a": [1, null]}', {"a": [1, None]}),
        (forms.TypedChoiceField(choices=[(1, "+1"), (-1, "-1")], coerce=int), "-1", -1),
        (forms.TypedMultipleChoiceField(choices=[(1, "1"), (2, "2")], coerce=int), ["1", "2"], [1, 2]),
        (forms.ChoiceField(choices={"Group": {"a": "A"}}), "a", "a"),
        (forms.ComboField(fields=[forms.CharField(max_length=20), forms.EmailField()]), "a@example.com", "a@example.com"),
        (forms.SlugField(allow_unicode=True), "straße-1", "straße-1"),
    ],
)
def test_clean(field, value, expected):
    assert field.clean(value) == expected


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (forms.CharField(), "", ["required"]),
        (forms.CharField(max_length=2), "abc", ["max_length"]),
        (forms.CharField(), "a\x00", ["null_characters_not_allowed"]),
        (forms.IntegerField(), "1.5", ["invalid"]),
        (forms.IntegerField(min_value=3, step_size=2), "2", ["min_value", "step_size"]),
        (forms.FloatField(), "NaN", ["invalid"]),
        (forms.DecimalField(max_digits=3, decimal_places=1), "12.34", ["max_digits"]),
        (forms.DecimalField(), "Infinity", ["invalid"]),
        (forms.BooleanField(), "", ["required"]),
        (forms.DateField(), "2006-02-30", ["invalid"]),
        (forms.DurationField(), "10000000000 00:00:00", ["overflow"]),
        (forms.EmailField(), "nobody", ["invalid"]),
        (forms.URLField(), "http://[a", ["invalid"]),
        (forms.UUIDField(), "550e8400", ["invalid"]),
        (forms.JSONField(), "{", ["invalid"]),
        (forms.MultipleChoiceField(choices=[]), "a", ["invalid_list"]),
        (forms.RegexField(r"^\d+$"), "a", ["invalid"]),
    ],
)
def test_refuse(field, value, expected):
    assert codes(field, value) == expected


def test_messages_may_be_replaced_by_code():
    field = forms.CharField(max_length=2, error_messages={"max_length": "Too long: %(show_value)s"})
    with pytest.raises(ValidationError, match="Too long: 3"):
        field.clean("abc")


def test_datetime_follows_the_time_zone(override):
    override(USE_TZ=True, TIME_ZONE="Europe/Paris")
    field = forms.DateTimeField()
    value = field.clean("2024-07-01 12:00")
    assert value.utcoffset() == datetime.timedelta(hours=2)
    assert codes(field, "2024-03-31 02:30") == ["ambiguous_timezone"]
    assert field.prepare_value(value) == datetime.datetime(2024, 7, 1, 12)


def test_split_datetime():
    field = forms.SplitDateTimeField(required=False)
    assert field.clean(["", ""]) is None
    assert codes(field, ["2006-01-10", ""]) == ["invalid_time"]
    assert codes(forms.SplitDateTimeField(), ["a", "b"]) == ["invalid", "invalid"]


class Phone(forms.MultiValueField):
    def __init__(self, **kwargs):
        parts = (
            forms.CharField(error_messages={"incomplete": "Enter a country code."}),
            forms.CharField(error_messages={"incomplete": "Enter a number."}),
            forms.CharField(required=False),
        )
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list):
        return " ".join(data_list)


def test_multi_value_field_with_optional_parts():
    assert Phone().clean(["+33", "1234", ""]) == "+33 1234 "
    with pytest.raises(ValidationError) as caught:
        Phone().clean(["", "1234", "5"])
    assert caught.value.messages == ["Enter a country code."]
    assert codes(Phone(), ["", "", ""]) == ["required"]


def test_has_changed():
    assert not forms.IntegerField().has_changed(1, "1")
    assert forms.CharField().has_changed("a", "b")
    assert not forms.CharField().has_changed(None, "")
    assert forms.JSONField().has_changed({"a": True}, '{"a": 1}')
    assert not forms.MultipleChoiceField(choices=[]).has_changed([2, 1], ["1", "2"])
    assert not forms.TypedChoiceField(choices=[(1, "1")], coerce=int).has_changed(1, "1")


def test_json_redisplays_what_was_typed():
    class Form(forms.Form):
        data = forms.JSONField()

    assert "{&quot;a&quot;}" in str(Form({"data": '{"a"}'})["data"])


def test_callable_choices_are_evaluated_for_each_form():
    offered = [("a", "A")]

    class Form(forms.Form):
        pick = forms.ChoiceField(choices=lambda: offered)

    assert Form({"pick": "b"}).errors
    offered.append(("b", "B"))
    assert not Form({"pick": "b"}).errors


def test_file_field():
    field = forms.FileField(max_length=10)
    assert codes(field, None) == ["required"]
    assert codes(field, "text") == ["invalid"]
    assert codes(field, SimpleUploadedFile("a.txt", b"")) == ["empty"]
    assert codes(field, SimpleUploadedFile("longer-than-ten.txt", b"x")) == ["max_length"]
    assert field.clean(None, "initial.txt") == "initial.txt"
    assert forms.FileField(required=False).clean(False, "initial.txt") is False


def test_image_field():
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("RGB", (2, 3)).save(buffer, "png")
    upload = forms.ImageField().clean(SimpleUploadedFile("a.png", buffer.getvalue(), "text/plain"))
    assert (upload.image.size, upload.content_type) == ((2, 3), "image/png")
    assert codes(forms.ImageField(), SimpleUploadedFile("a.png", b"no image")) == ["invalid_image"]


def test_file_path_field(tmp_path):
    (tmp_path / "a.py").touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.py").touch()
    field = forms.FilePathField(str(tmp_path), recursive=True, match=r"\.py$")
    assert [label for _path, label in field.choices] == ["a.py", "sub/b.py"]
    (tmp_path / "c.py").touch()
    field.set_choices()
    assert [label for _path, label in field.widget.choices] == ["a.py", "c.py", "sub/b.py"]


def test_localized_numbers(override):
    from nuages.i18n import translation

    with translation.override("de"):
        field = forms.DecimalField(localize=True)
        assert isinstance(field.widget, forms.TextInput)
        assert field.clean("1,5") == decimal.Decimal("1.5")
