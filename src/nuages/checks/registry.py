"""The register of system checks, and running them."""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, TypeVar, overload

from nuages.conf import settings
from nuages.text.inspect import func_accepts_kwargs

C = TypeVar("C", bound=Callable[..., Any])


class Tags:
    """The names by which checks are grouped."""

    # What a project writes.
    models, urls, templates, signals = "models", "urls", "templates", "signals"
    commands, translation = "commands", "translation"
    # What it is configured to use.
    database, caches, files, mail, staticfiles = "database", "caches", "files", "mail", "staticfiles"
    admin, sites, gis = "admin", "sites", "gis"
    # How it runs.
    security, async_support, compatibility = "security", "async_support", "compatibility"


# Each wing has its own checks, in a module that registers them when it is imported: the first time checks are run.
WINGS = [f"nuages.{wing}.checks" for wing in ("i18n", "urls", "cache", "files", "mail", "db", "template", "models", "pipeline", "cli", "tasks")]


class CheckRegistry:
    """Holds the check functions, those for deployment apart."""

    def __init__(self, wings: Iterable[str] = ()) -> None:
        self._own: tuple[set[Any], set[Any]] = (set(), set())
        self.registered_checks, self.deployment_checks = self._own
        self._wings = list(wings)
        self._discovering = False

    @overload
    def register(self, check: C, *tags: str, **kwargs: Any) -> C: ...
    @overload
    def register(self, check: str | None = None, *tags: str, **kwargs: Any) -> Callable[[C], C]: ...
    def register(self, check: Any = None, *tags: str, **kwargs: Any) -> Any:
        """Register a check function, also as a decorator, with or without tags.

        A check takes ``app_configs`` and ``databases`` as keyword arguments, and others that may come, and returns a list of
        messages. ``deploy=True`` makes it one that runs only with ``check --deploy``. Raises TypeError if it takes no ``**kwargs``.
        """

        def add(function: Any) -> Any:
            if not func_accepts_kwargs(function):
                raise TypeError("Check functions must accept keyword arguments (**kwargs).")
            function.tags = tags
            deploy = bool(kwargs.get("deploy"))
            # While tests have put other sets in place, the checks of the wings still belong to the registry's own.
            current = self._own if self._discovering else (self.registered_checks, self.deployment_checks)
            current[deploy].add(function)
            return function

        if callable(check):
            return add(check)
        if check:
            tags = (check, *tags)
        return add

    def discover(self) -> None:
        """Import the modules of the wings' checks, once."""
        wings, self._wings = self._wings, []
        self._discovering = True
        try:
            for name in wings:
                if find_spec(name.rpartition(".")[0]) and find_spec(name):
                    import_module(name)
        finally:
            self._discovering = False

    def run_checks(
        self,
        app_configs: Sequence[Any] | None = None,
        tags: Iterable[str] | None = None,
        include_deployment_checks: bool = False,
        databases: Sequence[str] | None = None,
    ) -> list[Any]:
        """Run the checks (of the given tags) and return all their messages.

        Checks of the database run only if ``databases`` names any, or their tag is asked for. Where none is named, checks are told
        all aliases. Raises TypeError for a check that returns no list.
        """
        checks = self.get_checks(include_deployment_checks)
        wanted = set(tags or ())
        if tags is not None:
            checks = [check for check in checks if not wanted.isdisjoint(check.tags)]
        if not databases and Tags.database not in wanted:
            checks = [check for check in checks if Tags.database not in check.tags]
        if databases is None:
            databases = list(settings.DATABASES) or ["default"]
        messages: list[Any] = []
        for check in checks:
            found = check(app_configs=app_configs, databases=databases)
            if not isinstance(found, Iterable):
                raise TypeError(
                    f"The function {check!r} did not return a list. A check returns the list of its messages, empty where all is well."
                )
            messages.extend(found)
        return messages

    def tag_exists(self, tag: str, include_deployment_checks: bool = False) -> bool:
        """Tell whether any check has ``tag``."""
        return tag in self.tags_available(include_deployment_checks)

    def tags_available(self, deployment_checks: bool = False) -> set[str]:
        """Return the tags of all checks."""
        return set(chain.from_iterable(check.tags for check in self.get_checks(deployment_checks)))

    def get_checks(self, include_deployment_checks: bool = False) -> list[Any]:
        """Return the check functions."""
        self.discover()
        checks = list(self.registered_checks)
        return checks + list(self.deployment_checks) if include_deployment_checks else checks


registry = CheckRegistry(WINGS)
register = registry.register
run_checks = registry.run_checks
tag_exists = registry.tag_exists
