import os
import subprocess
import sys
import types

import pytest

from nuages.conf import LazySettings, database_url, env, load_dotenv
from nuages.conf.names import import_string, public
from nuages.exceptions import ImproperlyConfigured


@pytest.fixture
def lazy():
    return LazySettings()


def test_configure_and_defaults(lazy):
    assert not lazy.configured
    lazy.configure(DEBUG=True, LANGUAGES=[("en", "English")])
    assert lazy.configured
    assert lazy.DEBUG is True
    assert lazy.APPEND_SLASH is True
    assert lazy.LANGUAGES == [("en", "English")]
    assert lazy.is_overridden("DEBUG")
    assert not lazy.is_overridden("APPEND_SLASH")
    with pytest.raises(RuntimeError, match="already configured"):
        lazy.configure()


def test_set_and_delete_are_seen_at_once(lazy):
    lazy.configure(DEBUG=True, CUSTOM=1)
    assert (lazy.DEBUG, lazy.CUSTOM) == (True, 1)
    lazy.DEBUG = False
    assert lazy.DEBUG is False
    del lazy.CUSTOM
    with pytest.raises(AttributeError):
        lazy.CUSTOM


def test_lower_case_is_refused(lazy):
    with pytest.raises(TypeError, match="uppercase"):
        lazy.configure(debug=True)


def test_unconfigured_names_the_cure(lazy, monkeypatch):
    monkeypatch.delenv("NUAGES_SETTINGS_MODULE", raising=False)
    with pytest.raises(ImproperlyConfigured, match="NUAGES_SETTINGS_MODULE"):
        lazy.DEBUG


def test_module_settings(lazy, monkeypatch):
    module = types.ModuleType("project_settings")
    module.SECRET_KEY = ""
    module.ALLOWED_HOSTS = ["example.org"]
    monkeypatch.setitem(sys.modules, "project_settings", module)
    monkeypatch.setenv("NUAGES_SETTINGS_MODULE", "project_settings")
    assert lazy.ALLOWED_HOSTS == ["example.org"]
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        lazy.SECRET_KEY
    module.INSTALLED_APPS = "not a list"
    with pytest.raises(ImproperlyConfigured, match="INSTALLED_APPS"):
        LazySettings().DEBUG


def test_dotenv(tmp_path, monkeypatch):
    for name in ("PLAIN", "SINGLE", "DOUBLE", "EMPTY", "TAKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAKEN", "before")
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\nPLAIN = a value  # comment\nexport SINGLE='raw \\n #'\nDOUBLE=\"two\\nlines\"\nEMPTY=\nTAKEN=after\n"
    )
    assert load_dotenv(file) == {
        "PLAIN": "a value",
        "SINGLE": "raw \\n #",
        "DOUBLE": "two\nlines",
        "EMPTY": "",
        "TAKEN": "after",
    }
    assert env("TAKEN") == "before"
    assert env("PLAIN") == "a value"
    file.write_text("not an assignment\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env:1"):
        load_dotenv(file)


def test_dotenv_is_read_anew_by_a_process_that_inherited_its_variables(tmp_path):
    file = tmp_path / ".env"
    read = "from nuages.conf import load_dotenv; import os, sys, subprocess; load_dotenv(sys.argv[1]);"
    inner = f"{read} print(os.environ['FROM_FILE'], os.environ['FROM_OUTSIDE'])"
    outer = (
        f"{read} open(sys.argv[1], 'w').write('FROM_FILE=second\\nFROM_OUTSIDE=file\\n');"
        " print(subprocess.run([sys.executable, '-c', sys.argv[2], sys.argv[1]], capture_output=True, text=True).stdout)"
    )
    file.write_text("FROM_FILE=first\n")
    environment = {**os.environ, "FROM_OUTSIDE": "outside"}
    command = [sys.executable, "-c", outer, str(file), inner]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["second", "outside"]


def test_env_types(monkeypatch):
    monkeypatch.setenv("FLAG", "yes")
    monkeypatch.setenv("NUMBER", "12")
    monkeypatch.setenv("HOSTS", "a, b,")
    monkeypatch.delenv("MISSING", raising=False)
    assert env("FLAG", False) is True
    assert env("NUMBER", 0) == 12
    assert env("HOSTS", ["x"]) == ["a", "b"]
    assert env("MISSING", 3) == 3
    assert env("NUMBER", 0.5, float) == 12.0
    with pytest.raises(ImproperlyConfigured, match="MISSING"):
        env("MISSING")
    with pytest.raises(ImproperlyConfigured, match="NUMBER"):
        env("NUMBER", False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///db.sqlite3", {"ENGINE": "nuages.db.backends.sqlite", "NAME": "db.sqlite3"}),
        ("sqlite:////srv/db", {"ENGINE": "nuages.db.backends.sqlite", "NAME": "/srv/db"}),
        ("sqlite://:memory:", {"ENGINE": "nuages.db.backends.sqlite", "NAME": ":memory:"}),
        (
            "postgres://us%40er:p%2Fw@db:5433/shop?sslmode=require&conn_max_age=60",
            {
                "ENGINE": "nuages.db.backends.postgresql",
                "NAME": "shop",
                "USER": "us@er",
                "PASSWORD": "p/w",
                "HOST": "db",
                "PORT": 5433,
                "CONN_MAX_AGE": 60,
                "OPTIONS": {"sslmode": "require"},
            },
        ),
    ],
)
def test_database_url(url, expected):
    assert database_url(url) == expected


def test_database_url_of_an_unknown_kind():
    with pytest.raises(ImproperlyConfigured, match="oracle"):
        database_url("oracle://x/y")


def test_import_string():
    assert import_string("nuages.exceptions.ValidationError").__name__ == "ValidationError"
    with pytest.raises(ImportError, match="attribute"):
        import_string("nuages.exceptions.Nothing")
    with pytest.raises(ImportError, match="module path"):
        import_string("nothing")


def test_public_names_are_the_documented_places():
    assert public("nuages.models.fields.text.CharField") == "nuages.models.CharField"
    assert public("other.models.fields.CharField") == "other.models.fields.CharField"
