"""Which database a model is read from, written to and migrated in (documentation: topics/db/multi-db)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.db.handler import DEFAULT_DB_ALIAS


class ConnectionRouter:
    """Asks the routers of ``DATABASE_ROUTERS`` in turn; the first that has an answer decides."""

    def __init__(self, routers: Any = None) -> None:
        self._routers = routers

    @cached_property
    def routers(self) -> list[Any]:
        """The router objects; paths are imported and instantiated."""
        given = settings.DATABASE_ROUTERS if self._routers is None else self._routers
        return [import_string(router)() if isinstance(router, str) else router for router in given]

    def _ask(self, method: str, *args: Any, **hints: Any) -> Any:
        for router in self.routers:
            asked = getattr(router, method, None)
            if asked is None:
                continue
            answer = asked(*args, **hints)
            if answer is not None:
                return answer
        return None

    def _choose(method: str) -> Callable[..., str]:  # type: ignore[misc]  # makes the two methods below
        def choose(self: ConnectionRouter, model: Any, **hints: Any) -> str:
            chosen = self._ask(method, model, **hints) if self.routers else None
            if chosen:
                return str(chosen)
            instance = hints.get("instance")
            if instance is not None and instance._state.db:
                return str(instance._state.db)
            return DEFAULT_DB_ALIAS

        choose.__name__ = method
        choose.__doc__ = f"The alias for ``{method}`` of a model, given hints such as ``instance``."
        return choose

    db_for_read = _choose("db_for_read")
    db_for_write = _choose("db_for_write")

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        """Whether two objects may be related; without an opinion, those of one database may."""
        answer = self._ask("allow_relation", obj1, obj2, **hints)
        return bool(obj1._state.db == obj2._state.db) if answer is None else bool(answer)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Whether an operation may run on a database; without an opinion, it may."""
        answer = self._ask("allow_migrate", db, app_label, **hints)
        return True if answer is None else bool(answer)

    def allow_migrate_model(self, db: str, model: Any) -> bool:
        """Whether a model's table belongs in a database."""
        return self.allow_migrate(db, model._meta.app_label, model_name=model._meta.model_name, model=model)

    def get_migratable_models(self, app_config: Any, db: str, include_auto_created: bool = False) -> list[Any]:
        """The models of an app whose tables belong in a database."""
        models = app_config.get_models(include_auto_created=include_auto_created)
        return [model for model in models if self.allow_migrate_model(db, model)]


router = ConnectionRouter()
