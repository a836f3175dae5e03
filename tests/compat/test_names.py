"""The drop-in's finder. Each script runs in a process of its own, as importing ``django`` changes names for good."""

import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

ROOT = pathlib.Path(__file__).parents[2]

SCRIPTS = {
    "async_to_sync in a plain view on the loop": """
        import asyncio, django
        from asgiref.sync import async_to_sync
        from nuages import bridge
        async def answer():
            await asyncio.sleep(0)
            return 42
        assert async_to_sync(answer)() == 42 and asyncio.run(bridge.run(async_to_sync(answer))) == 42
    """,
    "alias first": """
        import django.core.exceptions as public
        import nuages.exceptions as native
        assert public is native and public.__spec__.name == "nuages.exceptions"
    """,
    "native first": """
        import nuages.exceptions as native
        import django
        from django.core import exceptions
        assert exceptions is native
    """,
    "child of an alias that is no package": """
        import django.dispatch.dispatcher
        from django.dispatch import Signal
        import nuages.signals
        assert django.dispatch.dispatcher is nuages.signals and Signal is nuages.signals.Signal
    """,
    "submodule under another home": """
        from django.conf import global_settings
        import nuages.conf.defaults
        assert global_settings is nuages.conf.defaults
    """,
    "patch reaches the home of a composed name": """
        from unittest import mock
        import django
        import nuages.conf.names as home
        kept = home.import_string
        with mock.patch("django.utils.module_loading.import_string", 3):
            assert home.import_string == 3
        assert home.import_string is kept
    """,
    "pickle by public name": """
        import pickle, django
        from nuages.exceptions import ValidationError
        assert pickle.loads(b"cdjango.core.exceptions\\nValidationError\\n.") is ValidationError
    """,
    "loggers have public names": """
        from logging import getLogger
        from unittest import TestCase
        import nuages.signals  # holds a logger already when the names arrive
        import django
        from django.utils.log import DEFAULT_LOGGING, configure_logging
        import nuages.pipeline.chain, nuages.server.threaded
        assert set(DEFAULT_LOGGING["loggers"]) == {"django", "django.server"}
        assert nuages.pipeline.chain.logger is getLogger("django.request")
        with TestCase().assertLogs("django.dispatch", "ERROR"):
            nuages.signals.logger.error("from a logger that was made under its native name")
        configure_logging("logging.config.dictConfig", {"version": 1, "loggers": {"nuages.request": {"level": "CRITICAL"}}})
        assert getLogger("django.request").level == getLogger("nuages.request").level == 50
    """,
    "what native modules define has public names": """
        import pickle, django, inspect
        from django.core import exceptions, validators
        from django.core.serializers.json import DjangoJSONEncoder
        from django.db.models import AutoField, Q
        assert repr(validators.RegexValidator) == "<class 'django.core.validators.RegexValidator'>"
        assert repr(DjangoJSONEncoder) == "<class 'django.core.serializers.json.DjangoJSONEncoder'>"
        assert exceptions.ImproperlyConfigured.__module__ == "django.core.exceptions"
        assert inspect.getmodule(exceptions.ValidationError) is exceptions
        assert b"nuages" not in pickle.dumps([Q(pk=1), exceptions.ValidationError("no")])
        assert pickle.loads(pickle.dumps(Q(pk=1))) == Q(pk=1)
        assert Q(pk=1).deconstruct()[0] == "django.db.models.Q" and AutoField().deconstruct()[1] == "django.db.models.AutoField"
    """,
    "each class can be imported by the name that it shows": """
        import importlib, pkgutil, sys, django
        from django.conf import settings
        apps = ("contenttypes", "auth", "admin", "sessions", "messages", "sites", "flatpages", "redirects")
        settings.configure(INSTALLED_APPS=[f"django.contrib.{app}" for app in apps], SECRET_KEY="x", STATIC_URL="s/")
        django.setup()
        import nuages
        for info in pkgutil.walk_packages(nuages.__path__, "nuages."):
            if ".migrations.0" not in info.name and "__main__" not in info.name:
                importlib.import_module(info.name)
        wrong, seen = [], 0
        for module in [module for name, module in list(sys.modules.items()) if name.startswith("nuages.")]:
            for kind in [value for value in vars(module).values() if issubclass(type(value), type)]:
                if kind.__module__.startswith("django.") and "<" not in kind.__qualname__:
                    found, seen = importlib.import_module(kind.__module__), seen + 1
                    for name in kind.__qualname__.split("."):
                        found = getattr(found, name, None)
                    wrong += [kind] if found is not kind else []
        assert seen > 1000 and not wrong, wrong
    """,
    "a submodule of a module with extra names is the native one": """
        import django.db.errors, nuages.db.errors
        from django.db.models.fields import numbers
        import nuages.models.fields.numbers
        assert django.db.errors is nuages.db.errors and numbers is nuages.models.fields.numbers
    """,
    "a name that is at home in its module itself": """
        import django
        from django.core import mail
        import nuages.mail
        assert mail is nuages.mail and mail.mailers is nuages.mail.mailers
    """,
    "parts that are not there": """
        import django
        from django.core.exceptions import ImproperlyConfigured
        for kind in (ImportError, ImproperlyConfigured):
            try:
                from django.contrib.gis.gdal import gdal_version
            except kind as error:
                assert "django.contrib.gis" in str(error)
            else:
                raise AssertionError
    """,
    "the back office is importable where it is not installed": """
        import django
        from django.conf import settings
        settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
        django.setup()
        from django.contrib import admin
        assert admin.ModelAdmin and admin.register
    """,
    "public and native paths": """
        import django
        from nuages.conf import names
        assert names.public("nuages.contrib.auth.models.User") == "django.contrib.auth.models.User"
        assert names.native("django.contrib.auth") == "nuages.contrib.auth"
        assert names.native("django.utils.module_loading.import_string") == "nuages.conf.names.import_string"
        assert names.ENVIRONMENT_VARIABLE == "DJANGO_SETTINGS_MODULE"
        assert names.environment("COLORS") == "DJANGO_COLORS"
    """,
    "missing names": """
        import django
        for statement in ("from django.utils import nothing", "import django.nothing", "import django.conf.nothing"):
            try:
                exec(statement)
            except ImportError as error:
                assert "nothing" in str(error), error
            else:
                raise AssertionError(statement)
    """,
    "introspection": """
        import importlib.resources, importlib.util, inspect, django
        assert importlib.util.find_spec("django.conf.global_settings").origin.endswith("defaults.py")
        import django.core.exceptions
        assert inspect.getsourcefile(django.core.exceptions).endswith("exceptions.py")
        assert (importlib.resources.files("django.conf") / "defaults.py").is_file()
        assert django.VERSION[:2] == (6, 1) and django.__path__ and django.__file__
    """,
}


@pytest.mark.parametrize("title", SCRIPTS)
def test_names(title: str) -> None:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "compat/django/src")])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPTS[title])],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
