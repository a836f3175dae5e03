"""ContentType: one row for each model, so that rows of any table can be pointed at."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from nuages import models
from nuages.apps import apps
from nuages.i18n.translation import gettext_lazy as _


class ContentTypeManager(models.Manager):
    """Finds content types, and remembers them for each database."""

    use_in_migrations = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cache: dict[str, dict[Any, Any]] = {}

    def get_by_natural_key(self, app_label: str, model: str) -> Any:
        """The type of the model `model` of the app `app_label`. Raises DoesNotExist."""
        known = self._cache.get(self.db, {}).get((app_label, model))
        if known is None:
            known = self.get(app_label=app_label, model=model)
            self._add_to_cache(self.db, known)
        return known

    @staticmethod
    def _get_opts(model: Any, for_concrete_model: bool) -> Any:
        return model._meta.concrete_model._meta if for_concrete_model else model._meta

    def _get_from_cache(self, options: Any) -> Any:
        return self._cache[self.db][options.app_label, options.model_name]

    def get_for_model(self, model: Any, for_concrete_model: bool = True) -> Any:
        """The type of a model or instance; made if it is not there."""
        options = self._get_opts(model, for_concrete_model)
        try:
            return self._get_from_cache(options)
        except KeyError:
            pass
        try:
            # Reading first spares most databases a write that would fail.
            found = self.get(app_label=options.app_label, model=options.model_name)
        except self.model.DoesNotExist:
            found, _created = self.get_or_create(app_label=options.app_label, model=options.model_name)
        self._add_to_cache(self.db, found)
        return found

    def get_for_models(self, *model_list: Any, for_concrete_models: bool = True) -> dict[Any, Any]:
        """The types of several models, by model; one query for all that are not remembered."""
        found: dict[Any, Any] = {}
        missing: defaultdict[Any, list[Any]] = defaultdict(list)
        for model in model_list:
            options = self._get_opts(model, for_concrete_models)
            try:
                found[model] = self._get_from_cache(options)
            except KeyError:
                missing[options.app_label, options.model_name].append(model)
        if not missing:
            return found
        labels, names = {label for label, _name in missing}, {name for _label, name in missing}
        # Labels and names are asked for apart, which may give more rows than needed.
        for one in self.filter(app_label__in=labels, model__in=names):
            waiting = missing.pop((one.app_label, one.model), None)
            if waiting is not None:
                self._add_to_cache(self.db, one)
                found.update(dict.fromkeys(waiting, one))
        for (label, name), waiting in missing.items():
            made = self.create(app_label=label, model=name)
            self._add_to_cache(self.db, made)
            found.update(dict.fromkeys(waiting, made))
        return found

    def get_for_id(self, id: Any) -> Any:
        """The type with this key. Raises DoesNotExist."""
        known = self._cache.get(self.db, {}).get(id)
        if known is None:
            known = self.get(pk=id)
            self._add_to_cache(self.db, known)
        return known

    def clear_cache(self) -> None:
        """Forget all types."""
        self._cache.clear()

    def _add_to_cache(self, using: str, content_type: Any) -> None:
        known = self._cache.setdefault(using, {})
        known[content_type.app_label, content_type.model] = content_type
        known[content_type.id] = content_type


class ContentType(models.Model):
    """The type of a model: its app and its name."""

    app_label = models.CharField(max_length=100)
    model = models.CharField(_("python model class name"), max_length=100)
    objects: ClassVar[Any] = ContentTypeManager()

    class Meta:
        verbose_name = _("content type")
        verbose_name_plural = _("content types")
        db_table = "django_content_type"
        unique_together = [["app_label", "model"]]

    def __str__(self) -> str:
        return self.app_labeled_name

    @property
    def name(self) -> str:
        """The model's verbose name, or the name kept here if the model is gone."""
        model = self.model_class()
        return str(model._meta.verbose_name) if model else str(self.model)

    @property
    def app_labeled_name(self) -> str:
        """The verbose names of app and model."""
        model = self.model_class()
        if not model:
            return f"{self.app_label} | {self.model}"
        return f"{model._meta.app_config.verbose_name} | {model._meta.verbose_name}"

    def model_class(self) -> Any:
        """The model, or None if it is gone."""
        try:
            return apps.get_model(self.app_label, self.model)
        except LookupError:
            return None

    def get_object_for_this_type(self, using: str | None = None, **kwargs: Any) -> Any:
        """The object of this type that meets the conditions. Raises the model's DoesNotExist."""
        return self.model_class()._base_manager.using(using).get(**kwargs)

    def get_all_objects_for_this_type(self, **kwargs: Any) -> Any:
        """All objects of this type that meet the conditions."""
        return self.model_class()._base_manager.filter(**kwargs)

    def natural_key(self) -> tuple[str, str]:
        """App and name, by which other databases know the type."""
        return self.app_label, self.model
