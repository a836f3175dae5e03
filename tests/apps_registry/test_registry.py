import sys
import types

import pytest

from nuages.apps import AppConfig, Apps
from nuages.exceptions import AppRegistryNotReady, ImproperlyConfigured


class Meta:
    auto_created = swapped = swappable = False

    def __init__(self, app_label, model_name):
        self.app_label, self.model_name = app_label, model_name
        self.label_lower = f"{app_label}.{model_name}"

    def _expire_cache(self):
        pass


def make_model(app_label, name):
    return type(name, (), {"_meta": Meta(app_label, name.lower())})


@pytest.fixture
def package(monkeypatch, tmp_path):
    def make(name, apps_source=None, models_source=None):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        if apps_source is not None:
            (folder / "apps.py").write_text(apps_source)
        if models_source is not None:
            (folder / "models.py").write_text(models_source)

    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_phases(package):
    package("plain_app", models_source="x = 1")
    apps = Apps(installed_apps=["plain_app"])
    config = apps.get_app_config("plain_app")
    assert (config.name, config.label, config.verbose_name) == ("plain_app", "plain_app", "Plain_App")
    assert config.models_module.x == 1
    assert apps.is_installed("plain_app")
    assert not apps.is_installed("other")
    assert apps.ready
    with pytest.raises(LookupError, match="other"):
        apps.get_app_config("other")


def test_the_configuration_class_is_found_and_ready_is_called(package):
    package("with_config", "from nuages.apps import AppConfig\nclass C(AppConfig):\n    name = 'with_config'\n    label = 'wc'\n    seen = []\n    def ready(self): self.seen.append(self.apps.models_ready)\n")
    for entry in ("with_config", "with_config.apps.C"):
        apps = Apps(installed_apps=[entry])
        assert apps.get_app_config("wc").seen[-1] is True


def test_duplicates_and_missing(package):
    package("one_app")
    with pytest.raises(ImproperlyConfigured, match="labels aren't unique"):
        Apps(installed_apps=["one_app", "one_app"])
    with pytest.raises(ImportError):
        Apps(installed_apps=["no_such_app"])
    with pytest.raises(ImportError, match="NoSuch"):
        Apps(installed_apps=["one_app.NoSuch"])


def test_models_and_lazy_operations(package):
    package("m_app")
    apps = Apps(installed_apps=["m_app"])
    seen = []
    apps.lazy_model_operation(lambda *models: seen.append(models), ("m_app", "book"), ("m_app", "Author"))
    book, author = make_model("m_app", "Book"), make_model("m_app", "Author")
    apps.register_model("m_app", author)
    assert not seen
    apps.register_model("m_app", book)
    assert seen == [(book, author)]
    assert apps.get_model("m_app.BOOK") is book
    assert apps.get_models() == [author, book]
    with pytest.raises(LookupError, match="nothing"):
        apps.get_model("m_app", "nothing")
    with pytest.raises(RuntimeError, match="Conflicting"):
        apps.register_model("m_app", type("Book", (), {"_meta": Meta("m_app", "book"), "__module__": "elsewhere"}))


def test_not_ready():
    apps = Apps()
    apps.apps_ready = apps.models_ready = False
    with pytest.raises(AppRegistryNotReady):
        apps.get_app_configs()
    with pytest.raises(AppRegistryNotReady):
        apps.get_model("a.b")


def test_a_class_in_a_function_may_be_made_twice():
    apps = Apps(installed_apps=[])
    first, again = (
        type("Local", (), {"__module__": __name__, "__qualname__": f"{function}.Local", "_meta": Meta("a", "local")})
        for function in ("one", "other")
    )
    apps.register_model("a", first)
    with pytest.warns(RuntimeWarning, match="already registered"):
        apps.register_model("a", again)


def test_replacing_the_installed_apps(package):
    package("first_app")
    package("second_app")
    apps = Apps(installed_apps=["first_app", "second_app"])
    apps.set_available_apps({"first_app"})
    assert [config.label for config in apps.get_app_configs()] == ["first_app"]
    apps.unset_available_apps()
    apps.set_installed_apps(["second_app"])
    assert [config.label for config in apps.get_app_configs()] == ["second_app"]
    apps.unset_installed_apps()
    assert len(list(apps.get_app_configs())) == 2


def test_a_config_without_a_folder():
    module = types.ModuleType("nowhere")
    module.__file__ = None
    with pytest.raises(ImproperlyConfigured, match="path"):
        AppConfig("nowhere", module)
