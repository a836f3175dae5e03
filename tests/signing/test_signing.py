"""Signatures: right, wrong, expired, and those of former keys."""

import datetime

import pytest

from nuages import signing


def test_the_format_of_signatures():
    signer = signing.Signer(key="predictable-secret", salt="extra-salt")
    assert signer.sign("hello") == "hello:" + signing.base64_hmac("extra-saltsigner", "hello", "predictable-secret", algorithm="sha256")


def test_tampering():
    signed = signing.Signer(key="k").sign("a")
    for changed in (signed[:-1] + "x", "b" + signed[1:], "a"):
        with pytest.raises(signing.BadSignature):
            signing.Signer(key="k").unsign(changed)


def test_former_keys():
    signed = signing.Signer(key="old").sign("a")
    assert signing.Signer(key="new", fallback_keys=["old"]).unsign(signed) == "a"


def test_age(monkeypatch):
    signer = signing.TimestampSigner(key="k")
    monkeypatch.setattr("time.time", lambda: 1000.0)
    signed = signer.sign("a")
    monkeypatch.setattr("time.time", lambda: 1011.0)
    assert signer.unsign(signed, max_age=12) == "a"
    with pytest.raises(signing.SignatureExpired):
        signer.unsign(signed, max_age=datetime.timedelta(seconds=10))


def test_objects():
    value = {"a": ["é"] * 100}
    packed = signing.dumps(value, key="k", compress=True)
    assert packed.startswith(".") and signing.loads(packed, key="k") == value
