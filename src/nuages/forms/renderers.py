"""Renderers: how a template name and a context become the HTML of forms, fields and widgets.

See "The form rendering API" in the documentation.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, ClassVar

from nuages.conf import names, settings
from nuages.forms.markup import COMPILED
from nuages.forms.markup import render as render_compiled
from nuages.signals import receiver, setting_changed
from nuages.template import autoreload
from nuages.template.backends.native import Templates
from nuages.template.loader import get_template
from nuages.text.lazy import cached_property

_HERE = Path(__file__).parent


@functools.cache
def _renderer(path: str) -> Any:
    return names.import_string(path)()


def get_default_renderer() -> Any:
    """The renderer that the ``FORM_RENDERER`` setting names, one instance for the process."""
    return _renderer(settings.FORM_RENDERER)


@receiver(setting_changed, dispatch_uid="nuages.forms.renderers")
def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in ("FORM_RENDERER", "TEMPLATES", "INSTALLED_APPS"):
        _renderer.cache_clear()


# A changed template must also be forgotten by the engine that renders forms.
autoreload.hold(lambda: getattr(get_default_renderer(), "engine", None))


class BaseRenderer:
    """What all renderers share: the names of the default templates. Subclasses find the templates."""

    form_template_name = "django/forms/div.html"
    formset_template_name = "django/forms/formsets/div.html"
    field_template_name = "django/forms/field.html"
    bound_field_class: ClassVar[Any] = None

    def get_template(self, template_name: str) -> Any:
        """The template of that name, with a ``render(context, request=None)`` method."""
        raise NotImplementedError("subclasses must implement get_template()")

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The rendered template; raises ``TemplateDoesNotExist`` when nothing has that name."""
        return str(self.get_template(template_name).render(context, request=request).strip())


class EngineMixin:
    """Templates from an engine of the renderer's own, apart from the ``TEMPLATES`` setting."""

    backend: ClassVar[Any]

    def get_template(self, template_name: str) -> Any:
        """The template from the renderer's engine."""
        return self.engine.get_template(template_name)

    @cached_property
    def engine(self) -> Any:
        """The engine: built-in templates first, then those of the installed apps."""
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [_HERE / self.backend.app_dirname],
                "NAME": "djangoforms",
                "OPTIONS": {},
            }
        )


class NativeTemplates(EngineMixin, BaseRenderer):
    """The default renderer. Built-in templates run as compiled functions, others in an engine of its own."""

    backend = Templates

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The rendered template; see ``BaseRenderer.render``."""
        function = COMPILED.get(template_name)
        if function is not None and self._finds_built_in:
            return render_compiled(function, self, context)
        return super().render(template_name, context, request)

    @cached_property
    def _finds_built_in(self) -> bool:
        """Whether lookups are as in this class, so that the built-in templates win over all others."""
        cls = type(self)
        return cls.get_template is NativeTemplates.get_template and cls.__dict__.get("engine") is None


class Jinja2(EngineMixin, BaseRenderer):
    """Renders with Jinja2; built-in templates stand in ``jinja2`` beside this module."""

    @cached_property
    def backend(self) -> Any:  # type: ignore[override]
        """The Jinja2 backend, whose package must be installed."""
        return names.import_string("nuages.template.backends.jinja2.Jinja2")


class NativeDivFormRenderer(NativeTemplates):
    """The default renderer under the name that it had while ``<div>`` output was still to be chosen."""


class Jinja2DivFormRenderer(Jinja2):
    """The Jinja2 renderer under the name that it had while ``<div>`` output was still to be chosen."""


class TemplatesSetting(BaseRenderer):
    """Templates from the engines of the ``TEMPLATES`` setting, so that a project can override the built-in ones."""

    def get_template(self, template_name: str) -> Any:
        """The template from the first engine that has it."""
        return get_template(template_name)


__all__ = [
    "BaseRenderer",
    "NativeDivFormRenderer",
    "NativeTemplates",
    "EngineMixin",
    "Jinja2",
    "Jinja2DivFormRenderer",
    "TemplatesSetting",
    "get_default_renderer",
]
