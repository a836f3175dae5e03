"""Signals about models: their making, saving, deleting and migrating; see "Signals", "Model signals"."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nuages.apps.registry import apps as default_apps
from nuages.signals import Signal

class_prepared = Signal()


class ModelSignal(Signal):
    """A signal whose sender may be named ``"app_label.Model"`` before that model exists."""

    def _when_known(self, method: Callable[..., Any], receiver: Any, sender: Any, apps: Any, **options: Any) -> Any:
        connect = partial(method, receiver, **options)
        if isinstance(sender, str):
            registry = apps or default_apps
            label, name = sender.split(".")
            registry.lazy_model_operation(lambda model: connect(sender=model), (label, name.lower()))
            return None
        return connect(sender=sender)

    def connect(  # type: ignore[override]
        self, receiver: Any, sender: Any = None, weak: bool = True, dispatch_uid: Any = None, apps: Any = None
    ) -> None:
        """As ``Signal.connect``; `sender` may be a lazy reference, resolved in `apps`."""
        self._when_known(super().connect, receiver, sender, apps, weak=weak, dispatch_uid=dispatch_uid)

    def disconnect(  # type: ignore[override]
        self, receiver: Any = None, sender: Any = None, dispatch_uid: Any = None, apps: Any = None
    ) -> bool | None:
        """As ``Signal.disconnect``; `sender` may be a lazy reference."""
        done: bool | None = self._when_known(super().disconnect, receiver, sender, apps, dispatch_uid=dispatch_uid)
        return done


pre_init, post_init = ModelSignal(use_caching=True), ModelSignal(use_caching=True)
pre_save, post_save = ModelSignal(use_caching=True), ModelSignal(use_caching=True)
pre_delete, post_delete = ModelSignal(use_caching=True), ModelSignal(use_caching=True)
m2m_changed = ModelSignal(use_caching=True)
pre_migrate, post_migrate = Signal(), Signal()
