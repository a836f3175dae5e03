"""Models that were renamed, created or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.conf import settings
from nuages.migrations import operations
from nuages.migrations.detection.comparing import Comparison, OperationDependency
from nuages.migrations.model_state import ModelState
from nuages.migrations.references import ModelKey, resolve_relation

CREATE, REMOVE, ALTER = (
    OperationDependency.Type.CREATE,
    OperationDependency.Type.REMOVE,
    OperationDependency.Type.ALTER,
)


TYPES = OperationDependency.Type


class ModelChanges(Comparison):
    """Finds out what became of the models."""

    # --- renamed -------------------------------------------------------------------------------------------------------------

    def find_renamed_models(self) -> None:
        """A new model that looks like one that is gone may be the same under another name; the questioner decides."""
        for key in sorted(self.new_model_keys - self.old_model_keys):
            model_state = self.to_state.models[key]
            fields = self.only_relation_agnostic_fields(model_state.fields)
            for gone in sorted(self.old_model_keys - self.new_model_keys):
                if gone[0] != key[0]:
                    continue
                old_state = self.from_state.models[gone]
                if self.only_relation_agnostic_fields(old_state.fields) != fields:
                    continue
                if self.questioner.ask_rename_model(old_state, model_state):
                    self._rename_model(key, gone, old_state, model_state)
                    break

    def _rename_model(self, key: ModelKey, gone: ModelKey, old_state: ModelState, model_state: ModelState) -> None:
        dependencies: list[OperationDependency] = []
        for field in model_state.fields.values():
            if field.is_relation:
                dependencies.extend(self._dependencies_of(*key, field, self.to_state))
        own = [each for each in dependencies if each.app_label != key[0] or each.model_name.lower() != key[1]]
        # Whoever refers to the model by its old name must have been made by then.
        own += [
            OperationDependency(other[0], other[1], None, CREATE) for other in self.from_state.relations[gone] if other[0] != key[0]
        ]
        operation = operations.RenameModel(old_name=old_state.name, new_name=model_state.name)
        self.add_operation(key[0], operation, dependencies=own)
        self.renamed_models[key] = gone[1]
        old_label = f"{old_state.app_label}.{old_state.name_lower}"
        self.renamed_models_rel[old_label] = f"{model_state.app_label}.{model_state.name_lower}"
        self.old_model_keys.remove(gone)
        self.old_model_keys.add(key)

    # --- created -------------------------------------------------------------------------------------------------------------

    def _swappable_first(self, key: ModelKey) -> tuple[str, str]:
        """Sorts models that others may refer to by a setting before the rest."""
        model_state = self.to_state.models[key]
        is_user = _base_names(model_state) & {"AbstractUser", "AbstractBaseUser"}
        chosen = f"{key[0]}.{key[1]}" == settings.AUTH_USER_MODEL.lower()
        swappable = bool(model_state.options.get("swappable") or is_user or chosen)
        return ("___" if swappable else "") + key[0], ("___" if swappable else "") + key[1]

    def find_created_models(self) -> None:
        """Create new models; their relations are added afterwards, so that circles are possible."""
        added = self.new_model_keys - (self.old_model_keys | self.old_unmanaged_keys)
        unmanaged = self.new_unmanaged_keys - (self.old_unmanaged_keys | self.old_model_keys)
        ordered = sorted(added, key=self._swappable_first, reverse=True)
        ordered += sorted(unmanaged, key=self._swappable_first, reverse=True)
        for key in ordered:
            self._create(key, managed=key in added)

    def _create(self, key: ModelKey, managed: bool) -> None:
        app_label, model_name = key
        model_state = self.to_state.models[key]
        related, primary_target = self._related_fields(model_state)
        options = dict(model_state.options)
        indexes, constraints = options.pop("indexes", []), options.pop("constraints", [])
        unique_together = options.pop("unique_together", None)
        order_with_respect_to = options.pop("order_with_respect_to", None)
        if not managed:
            # Nobody else makes what belongs to a model that migrations leave alone.
            options |= _given(
                indexes=indexes,
                constraints=constraints,
                unique_together=unique_together,
                order_with_respect_to=order_with_respect_to,
            )
        dependencies = [OperationDependency(app_label, model_name, None, REMOVE)]
        dependencies.extend(self._base_dependencies(app_label, model_state))
        if primary_target:
            dependencies.append(
                OperationDependency(*resolve_relation(primary_target, app_label, model_name), None, CREATE)
            )
        kept = {} if not managed else related
        fields = [(name, field) for name, field in model_state.fields.items() if name not in kept]
        self.add_operation(
            app_label,
            operations.CreateModel(
                name=model_state.name,
                fields=fields,
                options=options,
                bases=model_state.bases,
                managers=model_state.managers,
            ),
            dependencies=dependencies,
            beginning=True,
        )
        if managed:
            self._add_related(key, related)
            self._add_options(key, related, indexes, constraints, unique_together, order_with_respect_to)
            if key in self.old_proxy_keys:
                self._repoint_relations(key)

    @staticmethod
    def _related_fields(model_state: ModelState) -> tuple[dict[str, Any], Any]:
        """Relations that can wait, and what a primary key that is one refers to."""
        related: dict[str, Any] = {}
        primary_target = None
        for name, field in model_state.fields.items():
            remote = field.remote_field
            if not remote:
                continue
            if remote.model:
                if field.primary_key:
                    primary_target = remote.model
                elif not remote.parent_link:
                    related[name] = field
            if getattr(remote, "through", None):
                related[name] = field
        return related, primary_target

    def _base_dependencies(self, app_label: str, model_state: ModelState) -> Iterator[OperationDependency]:
        """Bases must exist, without the fields that move from them to this model."""
        for base in model_state.bases:
            if not isinstance(base, str) or "." not in base:
                continue
            base_key = resolve_relation(base, app_label)
            yield OperationDependency(*base_key, None, CREATE)
            old_base, new_base = self.from_state.models.get(base_key), self.to_state.models.get(base_key)
            if old_base is not None and new_base is not None:
                moved = set(old_base.fields) - set(new_base.fields)
                for name in sorted(moved & set(model_state.fields)):
                    yield OperationDependency(*base_key, name, REMOVE)

    def _add_related(self, key: ModelKey, related: dict[str, Any]) -> None:
        for name, field in sorted(related.items()):
            dependencies = self._fk_dependencies(*key, field)
            dependencies.append(OperationDependency(*key, None, CREATE))
            operation = operations.AddField(model_name=key[1], name=name, field=field)
            self.add_operation(key[0], operation, dependencies=list(dict.fromkeys(dependencies)))

    def _add_options(
        self,
        key: ModelKey,
        related: dict[str, Any],
        indexes: list[Any],
        constraints: list[Any],
        unique_together: Any,
        order_with_respect_to: str | None,
    ) -> None:
        """What speaks of fields comes after all of them."""
        app_label, model_name = key
        made = OperationDependency(app_label, model_name, None, CREATE)
        after = [*(OperationDependency(app_label, model_name, name, CREATE) for name in sorted(related)), made]
        if order_with_respect_to:
            self.add_operation(
                app_label,
                operations.AlterOrderWithRespectTo(name=model_name, order_with_respect_to=order_with_respect_to),
                dependencies=[OperationDependency(app_label, model_name, order_with_respect_to, CREATE), made],
            )
        for index in indexes:
            self.add_operation(
                app_label, operations.AddIndex(model_name=model_name, index=index), dependencies=list(after)
            )
        for constraint in constraints:
            self.add_operation(
                app_label,
                operations.AddConstraint(model_name=model_name, constraint=constraint),
                dependencies=list(after),
            )
        if unique_together:
            self.add_operation(
                app_label,
                operations.AlterUniqueTogether(name=model_name, unique_together=unique_together),
                dependencies=list(after),
            )

    def _repoint_relations(self, key: ModelKey) -> None:
        """A proxy that became a model of its own has a table of its own, to which keys must refer now."""
        for related_key, fields in self.to_state.relations[key].items():
            for name, field in fields.items():
                self.add_operation(
                    related_key[0],
                    operations.AlterField(model_name=related_key[1], name=name, field=field),
                    dependencies=[OperationDependency(*key, None, CREATE)],
                )

    def find_created_proxies(self) -> None:
        """Create new proxies, which have no table."""
        for key in sorted(self.new_proxy_keys - self.old_proxy_keys):
            model_state = self.to_state.models[key]
            dependencies = [OperationDependency(*key, None, REMOVE)]
            dependencies += [
                OperationDependency(*resolve_relation(base, key[0]), None, CREATE)
                for base in model_state.bases
                if isinstance(base, str) and "." in base
            ]
            operation = operations.CreateModel(
                model_state.name, [], model_state.options, model_state.bases, model_state.managers
            )
            self.add_operation(key[0], operation, dependencies=dependencies)

    # --- deleted -------------------------------------------------------------------------------------------------------------

    def find_deleted_models(self) -> None:
        """Delete models that are gone: their relations first, and after everything that refers to them."""
        managed = self.old_model_keys - (self.new_model_keys | self.new_unmanaged_keys)
        unmanaged = self.old_unmanaged_keys - (self.new_unmanaged_keys | self.new_model_keys)
        for key in [*sorted(managed), *sorted(unmanaged)]:
            self._delete(key, managed=key in managed, deleted=managed | unmanaged)

    def _delete(self, key: ModelKey, managed: bool, deleted: set[ModelKey]) -> None:
        app_label, model_name = key
        model_state = self.from_state.models[key]
        related = {name: field for name, field in model_state.fields.items() if field.remote_field}
        if managed:
            if model_state.options.get("unique_together"):
                self.add_operation(
                    app_label, operations.AlterUniqueTogether(name=model_name, unique_together=None)
                )
            self._delete_what_uses(key, model_state, related)
            users = [
                OperationDependency(app_label, model_name, each.name, TYPES.REMOVE_INDEX_OR_CONSTRAINT)
                for option in ("indexes", "constraints")
                for each in model_state.options[option]
            ]
            for name in sorted(related):
                operation = operations.RemoveField(model_name=model_name, name=name)
                self.add_operation(app_label, operation, dependencies=users)
        dependencies: list[OperationDependency] = []
        for other, fields in self.from_state.relations[key].items():
            for name, field in fields.items():
                dependencies.append(OperationDependency(other[0], other[1], name, REMOVE))
                if not field.many_to_many:
                    dependencies.append(OperationDependency(other[0], other[1], name, ALTER))
        if managed:
            dependencies += [OperationDependency(app_label, model_name, name, REMOVE) for name in sorted(related)]
        user = self.through_users.get(key)
        if user:
            dependencies.append(OperationDependency(*user, REMOVE))
        for child in sorted(deleted):
            bases = self.from_state.models[child].bases
            if any(isinstance(base, str) and resolve_relation(base, child[0]) == key for base in bases):
                dependencies.append(OperationDependency(*child, None, REMOVE))
        self.add_operation(
            app_label,
            operations.DeleteModel(name=model_state.name),
            dependencies=list(dict.fromkeys(dependencies)),
        )

    def _delete_what_uses(self, key: ModelKey, model_state: ModelState, related: dict[str, Any]) -> None:
        """Indexes and constraints over relations go before these."""
        for index in model_state.options["indexes"]:
            if related.keys() & {name.lstrip("-") for name in index.fields}:
                self.add_operation(key[0], operations.RemoveIndex(model_name=key[1], name=index.name))
        for constraint in model_state.options["constraints"]:
            if related.keys() & set(getattr(constraint, "fields", ())):
                self.add_operation(key[0], operations.RemoveConstraint(model_name=key[1], name=constraint.name))

    def find_deleted_proxies(self) -> None:
        """Delete proxies that are gone."""
        for key in sorted(self.old_proxy_keys - self.new_proxy_keys):
            operation = operations.DeleteModel(name=self.from_state.models[key].name)
            self.add_operation(key[0], operation)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value}


def _base_names(model_state: ModelState) -> set[str]:
    return {base if isinstance(base, str) else base.__name__ for base in model_state.bases}
