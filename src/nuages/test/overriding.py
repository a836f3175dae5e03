"""Things that are otherwise while a test runs: settings, checks, apps, lookups, warnings; as context managers and decorators."""

import asyncio
import functools
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import TracebackType
from typing import Any
from unittest import TestCase, skipIf, skipUnless

from nuages.apps import apps
from nuages.apps.registry import Apps
from nuages.checks.registry import registry
from nuages.conf import names, settings
from nuages.conf.settings import UserSettingsHolder
from nuages.models.options import Options
from nuages.signals import setting_changed
from nuages.urls import get_script_prefix, set_script_prefix


class TestContextDecorator:
    """Base of what works as a context manager, and as a decorator of test classes, functions and coroutine functions.

    Override :meth:`enable` and :meth:`disable`. What ``enable`` returns is passed to a decorated function as *kwarg_name*,
    or set on the instances of a decorated class as *attr_name*.
    """

    __test__ = False

    def __init__(self, attr_name: str | None = None, kwarg_name: str | None = None) -> None:
        self.attr_name = attr_name
        self.kwarg_name = kwarg_name

    def enable(self) -> Any:
        """Begin."""
        raise NotImplementedError

    def disable(self) -> None:
        """End."""
        raise NotImplementedError

    def __enter__(self) -> Any:
        return self.enable()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.disable()

    def decorate_class(self, cls: type[Any]) -> type[Any]:
        """Enable before each test of the class *cls*, disable as its last clean-up."""
        if not issubclass(cls, TestCase):
            raise TypeError("Can only decorate subclasses of unittest.TestCase")
        inner = cls.setUp
        decorator = self

        def setUp(self: TestCase) -> None:
            value = decorator.enable()
            self.addCleanup(decorator.disable)
            if decorator.attr_name:
                setattr(self, decorator.attr_name, value)
            inner(self)

        cls.setUp = setUp  # type: ignore[method-assign]
        return cls

    def decorate_callable(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Enable while *func* runs (also when it is a coroutine function)."""
        if asyncio.iscoroutinefunction(func):

            @functools.wraps(func)
            async def asynchronous(*args: Any, **kwargs: Any) -> Any:
                with self as value:
                    return await func(*args, **self._with_value(kwargs, value))

            return asynchronous

        @functools.wraps(func)
        def blocking(*args: Any, **kwargs: Any) -> Any:
            with self as value:
                return func(*args, **self._with_value(kwargs, value))

        return blocking

    def _with_value(self, kwargs: dict[str, Any], value: Any) -> dict[str, Any]:
        return {**kwargs, self.kwarg_name: value} if self.kwarg_name else kwargs

    def __call__(self, decorated: Any) -> Any:
        if isinstance(decorated, type):
            return self.decorate_class(decorated)
        if callable(decorated):
            return self.decorate_callable(decorated)
        raise TypeError(f"Cannot decorate object of type {type(decorated)}")


class override_settings(TestContextDecorator):
    """Give settings other values for a while; sends ``setting_changed`` at both ends."""

    enable_exception: Exception | None = None

    def __init__(self, **kwargs: Any) -> None:
        self.options = kwargs
        super().__init__()

    def enable(self) -> None:
        """Put a layer with the new values above the settings."""
        if "INSTALLED_APPS" in self.options:
            try:
                apps.set_installed_apps(self.options["INSTALLED_APPS"])
            except Exception:
                apps.unset_installed_apps()
                raise
        if not settings.configured:
            settings._setup()
        layer = UserSettingsHolder(settings._wrapped)
        for key, value in self.options.items():
            setattr(layer, key, value)
        self.wrapped = settings._wrapped
        settings._wrapped = layer
        for key, value in self.options.items():
            try:
                setting_changed.send(sender=type(settings._wrapped), setting=key, value=value, enter=True)
            except Exception as error:
                self.enable_exception = error
                self.disable()

    def disable(self) -> None:
        """Take the layer away."""
        if "INSTALLED_APPS" in self.options:
            apps.unset_installed_apps()
        settings._wrapped = self.wrapped
        del self.wrapped
        failures = []
        for key in self.options:
            value = getattr(settings, key, None)
            responses = setting_changed.send_robust(
                sender=type(settings._wrapped), setting=key, value=value, enter=False
            )
            failures += [response for _, response in responses if isinstance(response, Exception)]
        if self.enable_exception is not None:
            error, self.enable_exception = self.enable_exception, None
            raise error
        if failures:
            raise failures[0]

    def save_options(self, test_func: Any) -> None:
        """Keep the options on a test class, so that subclasses add to them."""
        if test_func._overridden_settings is None:
            test_func._overridden_settings = self.options
        else:
            test_func._overridden_settings = {**test_func._overridden_settings, **self.options}

    def decorate_class(self, cls: type[Any]) -> type[Any]:
        """Have the settings in force from ``setUpClass`` on; only for classes of the framework's own test cases."""
        if not hasattr(cls, "_overridden_settings"):
            raise ValueError(
                f"Only subclasses of {names.framework()} SimpleTestCase can be decorated with override_settings"
                if names.installed()
                else f"{cls.__name__} must be a SimpleTestCase to be decorated with override_settings."
            )
        self.save_options(cls)
        return cls


class modify_settings(override_settings):
    """Add to, or take from, settings that are lists: ``modify_settings(MIDDLEWARE={"append": "…", "remove": […]})``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # a tuple from an earlier decoration comes as the only positional argument
        self.operations = list(args[0]) if args else list(kwargs.items())
        super(override_settings, self).__init__()

    def save_options(self, test_func: Any) -> None:
        """Keep the operations on a test class, before those that are there: the outermost decorator comes last."""
        if test_func._modified_settings is None:
            test_func._modified_settings = self.operations
        else:
            test_func._modified_settings = [*test_func._modified_settings, *self.operations]

    def enable(self) -> None:
        """Compute the new lists from the present ones."""
        self.options = {}
        for name, operations in self.operations:
            value = self.options[name] if name in self.options else list(getattr(settings, name, ()))
            for action, items in operations.items():
                wanted = [items] if isinstance(items, str) else items
                value = self._changed(action, value, wanted)
            self.options[name] = value
        super().enable()

    @staticmethod
    def _changed(action: str, value: list[Any], items: Iterable[Any]) -> list[Any]:
        if action == "append":
            return value + [item for item in items if item not in value]
        if action == "prepend":
            return [item for item in items if item not in value] + value
        if action == "remove":
            return [item for item in value if item not in items]
        raise ValueError(f"Unsupported action: {action}")


class override_system_checks(TestContextDecorator):
    """Run with other system checks than those registered."""

    def __init__(self, new_checks: Iterable[Any], deployment_checks: Iterable[Any] | None = None) -> None:
        self.new_checks = new_checks
        self.deployment_checks = deployment_checks
        super().__init__()

    def enable(self) -> None:
        """Swap the registered checks."""
        self.old_checks = registry.registered_checks
        registry.registered_checks = set()
        for check in self.new_checks:
            registry.register(check, *getattr(check, "tags", ()))
        self.old_deployment_checks = registry.deployment_checks
        if self.deployment_checks is not None:
            registry.deployment_checks = set()
            for check in self.deployment_checks:
                registry.register(check, *getattr(check, "tags", ()), deploy=True)

    def disable(self) -> None:
        """Swap back."""
        registry.registered_checks = self.old_checks
        registry.deployment_checks = self.old_deployment_checks


class isolate_apps(TestContextDecorator):
    """Let models that are declared meanwhile register with an app registry of their own, holding *installed_apps*."""

    def __init__(self, *installed_apps: Any, **kwargs: Any) -> None:
        self.installed_apps = installed_apps
        super().__init__(**kwargs)

    def enable(self) -> Apps:
        """Make and return the isolated registry."""
        self.old_apps = Options.default_apps
        isolated = Apps(self.installed_apps)
        Options.default_apps = isolated
        return isolated

    def disable(self) -> None:
        """Register with the former registry again."""
        Options.default_apps = self.old_apps


class ignore_warnings(TestContextDecorator):
    """Ignore warnings; arguments as for ``warnings.filterwarnings`` (with *message* or *module*) or ``simplefilter``."""

    def __init__(self, **kwargs: Any) -> None:
        self.ignore_kwargs = kwargs
        pattern = "message" in kwargs or "module" in kwargs
        self.filter_func: Callable[..., None] = warnings.filterwarnings if pattern else warnings.simplefilter
        super().__init__()

    def enable(self) -> Any:
        """Begin to ignore."""
        self.catch_warnings = warnings.catch_warnings()
        value = self.catch_warnings.__enter__()
        self.filter_func("ignore", **self.ignore_kwargs)
        return value

    def disable(self) -> None:
        """Restore the filters."""
        self.catch_warnings.__exit__(None, None, None)


class override_script_prefix(TestContextDecorator):
    """Reverse URLs as if the application were mounted at *prefix*."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        super().__init__()

    def enable(self) -> None:
        """Set the prefix."""
        self.old_prefix = get_script_prefix()
        set_script_prefix(self.prefix)

    def disable(self) -> None:
        """Set the former prefix."""
        set_script_prefix(self.old_prefix)


class isolate_lru_cache(TestContextDecorator):
    """Empty the cache of an ``lru_cache`` function before and after."""

    def __init__(self, lru_cache_object: Any) -> None:
        self.cache = lru_cache_object
        # a function that needs no cache has nothing to be emptied
        self.clear = getattr(lru_cache_object, "cache_clear", lambda: None)
        super().__init__()

    def enable(self) -> Any:
        """Empty the cache."""
        self.clear()
        return self.cache

    def disable(self) -> None:
        """Empty the cache."""
        self.clear()


@contextmanager
def override(obj: Any, name: str, value: Any) -> Iterator[None]:
    """Set an attribute for a while."""
    kept = getattr(obj, name)
    setattr(obj, name, value)
    try:
        yield
    finally:
        setattr(obj, name, kept)


@contextmanager
def register_lookup(field: Any, *lookups: Any, lookup_name: str | None = None) -> Iterator[None]:
    """Register lookups on a field class or instance for a while."""
    try:
        for lookup in lookups:
            field.register_lookup(lookup, lookup_name)
        yield
    finally:
        for lookup in lookups:
            field._unregister_lookup(lookup, lookup_name)


@contextmanager
def freeze_time(t: float) -> Iterator[None]:
    """Let ``time.time()`` return *t*."""
    real = time.time
    time.time = lambda: t
    try:
        yield
    finally:
        time.time = real


def require_jinja2(test_func: Any) -> Any:
    """Skip unless Jinja2 is installed, and run with a Jinja2 template engine beside the usual one."""
    test_func = skipIf(find_spec("jinja2") is None, "this test requires jinja2")(test_func)
    return override_settings(
        TEMPLATES=[
            {"BACKEND": names.public("nuages.template.backends.native.Templates"), "APP_DIRS": True},
            {
                "BACKEND": names.public("nuages.template.backends.jinja2.Jinja2"),
                "APP_DIRS": True,
                "OPTIONS": {"keep_trailing_newline": True},
            },
        ]
    )(test_func)


def tag(*tags: str) -> Callable[[Any], Any]:
    """Decorate a test class or method with tags, by which the runner can select."""

    def decorator(obj: Any) -> Any:
        obj.tags = set(getattr(obj, "tags", ())).union(tags)
        return obj

    return decorator


TZ_SUPPORT = hasattr(time, "tzset")
requires_tz_support = skipUnless(TZ_SUPPORT, "The time zone of the process cannot be changed on this system.")
