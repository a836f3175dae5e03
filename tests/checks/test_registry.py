"""Registering and running system checks."""

import pytest

from nuages import checks
from nuages.checks.registry import CheckRegistry, Tags


def test_tags_deployment_and_databases():
    registry = CheckRegistry()
    registry.register("a", "b")(lambda **kwargs: [1])
    registry.register("b", deploy=True)(lambda **kwargs: [2])
    registry.register(Tags.database)(lambda **kwargs: [3])
    assert registry.run_checks() == [1]
    assert sorted(registry.run_checks(tags=["b"], include_deployment_checks=True)) == [1, 2]
    assert sorted(registry.run_checks(databases=["default"])) == [1, 3]
    assert registry.tag_exists("a") and not registry.tag_exists("z")


def test_checks_of_the_database_wait_until_they_are_asked_for(override):
    override(DATABASES={"default": {}, "other": {}})
    registry, told = CheckRegistry(), []
    registry.register("a")(lambda databases, **kwargs: told.append(("a", databases)) or [])
    registry.register(Tags.database)(lambda databases, **kwargs: told.append(("database", databases)) or [])
    registry.run_checks()
    assert told == [("a", ["default", "other"])]
    registry.run_checks(tags=[Tags.database])
    assert told[1:] == [("database", ["default", "other"])]


def test_bad_checks():
    registry = CheckRegistry()
    with pytest.raises(TypeError):
        registry.register(lambda app_configs: [])
    registry.register(lambda **kwargs: 1)
    with pytest.raises(TypeError):
        registry.run_checks()


def test_messages(override):
    message = checks.Error("Wrong", hint="Mend it", id="x.E001")
    assert str(message) == "?: (x.E001) Wrong\n\tHINT: Mend it"
    assert message.is_serious() and not message.is_silenced()
    override(SILENCED_SYSTEM_CHECKS=["x.E001"])
    assert message.is_silenced()


def test_security_checks(override):
    override(SECRET_KEY="short", MIDDLEWARE=[], ALLOWED_HOSTS=[])
    found = {m.id for m in checks.run_checks(tags=["security"], include_deployment_checks=True)}
    assert {"security.W001", "security.W002", "security.W003", "security.W009", "security.W020"} <= found
