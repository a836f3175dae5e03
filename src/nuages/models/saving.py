"""Saving an instance: which tables, INSERT or UPDATE, and what the database hands back."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from nuages import bridge
from nuages.db import connections, router, transaction
from nuages.models import signals
from nuages.models.manager import Manager
from nuages.models.writing import insert_row, is_expression, parts_of, update_row
from nuages.sql.aggregates import Max
from nuages.sql.expressions import DatabaseDefault


class Saving:
    """The methods of Model that save."""

    _meta: Any
    _state: Any
    pk: Any

    def save(
        self,
        *,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save the instance; see "Saving objects".

        Raises ValueError for options that exclude each other and for related objects that are not saved themselves.
        """
        self._prepare_related_fields_for_save(operation_name="save")
        using = using or router.db_for_write(self.__class__, instance=self)
        if force_insert and (force_update or update_fields):
            raise ValueError("force_insert contradicts force_update and update_fields: a row is either new or there already.")
        if update_fields is not None:
            if not update_fields:
                return
            update_fields = frozenset(update_fields)
            self._check_update_fields(update_fields)
        elif not force_insert and using == self._state.db and self._is_pk_set():  # type: ignore[attr-defined]
            update_fields = self._only_loaded()
        self.save_base(using=using, force_insert=force_insert, force_update=force_update, update_fields=update_fields)

    asave = bridge.shell(save)

    def _check_update_fields(self, names: frozenset[str]) -> None:
        unknown = names - self._meta._non_pk_concrete_field_names
        if unknown:
            raise ValueError(
                "update_fields may hold names of concrete fields other than the primary key, which these are not: "
                + ", ".join(sorted(unknown))
            )

    def _only_loaded(self) -> frozenset[str] | None:
        """If some fields are deferred, the names of the others: only these are written back."""
        data = self.__dict__
        meta = self._meta
        if parts_of(meta).attnames <= data.keys():
            return None
        loaded = frozenset(
            field.name for field in meta.concrete_fields
            if field.attname in data and not field.primary_key and not field.generated
        )
        return loaded & meta._non_pk_concrete_field_names or None

    def _prepare_related_fields_for_save(self, operation_name: str, fields: Any = None) -> None:
        """Take over keys of related objects that were saved meanwhile; refuse those that were not."""
        cache = self._state.__dict__.get("fields_cache")
        if not cache:
            return
        for field in self._meta.concrete_fields:
            if not field.is_relation or (fields and field not in fields) or not field.is_cached(self):
                continue
            related = field.get_cached_value(self, default=None)
            if not related:
                continue
            if not related._is_pk_set():
                if not field.remote_field.multiple:
                    # Nothing may keep this unsaved pair alive.
                    field.remote_field.delete_cached_value(related)
                raise self._unsaved(operation_name, field)
            if getattr(self, field.attname) in field.empty_values:
                setattr(self, field.name, related)
            if getattr(related, field.target_field.attname) != getattr(self, field.attname):
                field.delete_cached_value(self)
        for field in self._meta.private_fields:
            if (not fields or field in fields) and field.is_relation and hasattr(field, "fk_field") and field.is_cached(self):
                related = field.get_cached_value(self, default=None)
                if related and not related._is_pk_set():
                    raise self._unsaved(operation_name, field)

    @staticmethod
    def _unsaved(operation: str, field: Any) -> ValueError:
        return ValueError(f"{operation}() prohibited to prevent data loss due to unsaved related object '{field.name}'.")

    def save_base(
        self, raw: bool = False, force_insert: Any = False, force_update: bool = False, using: str | None = None,
        update_fields: Any = None,
    ) -> None:
        """Save without preparation: signals, parents and the own table. `raw` saves values as they are, for fixtures."""
        using = using or router.db_for_write(self.__class__, instance=self)
        origin: Any = self.__class__
        cls = origin._meta.concrete_model if origin._meta.proxy else origin
        meta = cls._meta
        loud = not meta.auto_created
        if loud and signals.pre_save.receivers:
            signals.pre_save.send(sender=origin, instance=self, raw=raw, using=using, update_fields=update_fields)
        forced = self._validate_force_insert(force_insert) if force_insert else ()
        if meta.parents:
            with transaction.atomic(using=using, savepoint=False):
                inserted = False if raw else self._save_parents(cls, using, update_fields, forced)
                updated = self._save_table(raw, cls, bool(forced) or inserted, force_update, using, update_fields)
        elif connections[using].in_atomic_block:
            with transaction.mark_for_rollback_on_error(using=using):
                updated = self._save_table(raw, cls, bool(forced), force_update, using, update_fields)
        else:
            updated = self._save_table(raw, cls, bool(forced), force_update, using, update_fields)
        state = self._state
        state.db = using
        state.adding = False
        if loud and signals.post_save.receivers:
            signals.post_save.send(
                sender=origin, instance=self, created=not updated, update_fields=update_fields, raw=raw, using=using,
            )

    @classmethod
    def _validate_force_insert(cls, force_insert: Any) -> tuple[type, ...]:
        """The classes whose rows must be inserted. Raises TypeError."""
        if isinstance(force_insert, bool):
            return (cls,) if force_insert else ()
        if not isinstance(force_insert, tuple):
            message = "force_insert must be a bool or tuple."
            raise TypeError(message)
        for member in force_insert:
            if not inspect.isclass(member) or not issubclass(member, Saving):
                raise TypeError(f"Invalid force_insert member. {member!r} must be a model subclass.")
            if not issubclass(cls, member):
                raise TypeError(f"Invalid force_insert member. {member.__qualname__} must be a base of {cls.__qualname__}.")
        return force_insert

    def _save_parents(
        self, cls: Any, using: str, update_fields: Any, force_insert: tuple[type, ...], done: dict[Any, bool] | None = None
    ) -> bool:
        """Save the rows of all parents; whether any was inserted."""
        done = {} if done is None else done
        inserted = False
        for parent, link in cls._meta.parents.items():
            key_name = parent._meta.pk.attname
            if link and getattr(self, key_name) is None and getattr(self, link.attname) is not None:
                setattr(self, key_name, getattr(self, link.attname))
            if parent not in done:
                above = self._save_parents(parent, using, update_fields, force_insert, done)
                forced = above or issubclass(parent, force_insert)
                done[parent] = self._save_table(False, parent, forced, False, using, update_fields)
            if not done[parent]:
                inserted = True
            if link:
                setattr(self, link.attname, getattr(self, key_name))
                # The parent object cached under the link, if any, has older values.
                if link.is_cached(self):
                    link.delete_cached_value(self)
        return inserted

    def _save_table(
        self, raw: bool, cls: Any, force_insert: bool, force_update: bool, using: str, update_fields: Any
    ) -> bool:
        """Save the row in the table of `cls`; whether it was there before."""
        meta = cls._meta
        pk_set = self._is_pk_set(meta)  # type: ignore[attr-defined]
        if not pk_set:
            self._make_pk(meta)
            pk_set = self._is_pk_set(meta)  # type: ignore[attr-defined]
        if not pk_set and (force_update or update_fields):
            raise ValueError("An object without a primary key has no row yet that save() could be forced to update.")
        if not (raw or force_insert or force_update) and self._state.adding and self._pk_is_fresh(meta):
            force_insert = True
        if pk_set and not force_insert:
            if self._update_table(cls, using, raw, force_update, update_fields):
                return True
        self._insert_table(cls, using, raw, pk_set)
        return False

    def _make_pk(self, meta: Any) -> None:
        for field in meta.pk_fields:
            if getattr(self, field.attname) is None:
                value = field.get_pk_value_on_save(self)
                if value is not None:
                    setattr(self, field.attname, value)

    @staticmethod
    def _pk_is_fresh(meta: Any) -> bool:
        """A key from a default is new: no row can have it, so there is nothing to update."""
        return all(field.has_default() or field.has_db_default() for field in meta.pk_fields)

    def _update_table(self, cls: Any, using: str, raw: bool, force_update: bool, update_fields: Any) -> bool:
        meta = cls._meta
        parts = parts_of(meta)
        values = []
        for field in parts.updated:
            if update_fields and field.name not in update_fields and field.attname not in update_fields:
                continue
            values.append((field, None, getattr(self, field.attname) if raw else field.pre_save(self, False)))
        forced = bool(update_fields or force_update)
        returning = [field for field, _model, value in values if hasattr(value, "resolve_expression")]
        plain = not returning
        if parts.generated:
            written = {field for field, _model, _value in values}
            returning += [field for field in parts.generated if not written.isdisjoint(field.referenced_fields)]
        key = self._get_pk_val(meta)  # type: ignore[attr-defined]
        if values and plain and (forced or not self._meta.select_on_save) and plain_manager(cls):
            updated = self._write_row(cls, using, key, values, returning)
        else:
            updated = self._do_update(cls._base_manager.using(using), using, key, values, update_fields, forced, returning)
        if not updated and (force_update or update_fields):
            attempt = "Forced update" if force_update else "Save with update_fields"
            raise self.NotUpdated(f"{attempt} did not affect any rows.")  # type: ignore[attr-defined]
        return updated

    def _do_update(
        self, base_qs: Any, using: str, pk_val: Any, values: list[Any], update_fields: Any, forced_update: bool,
        returning_fields: list[Any],
    ) -> bool:
        """Try to update the row; whether there was one."""
        filtered = base_qs.filter(pk=pk_val)
        if not values:
            # Nothing to write: the row need only be there, unless saving was restricted to other tables.
            return update_fields is not None or bool(filtered.exists())
        if self._meta.select_on_save and not forced_update:
            # Some triggers report no changed rows: then the row's being there counts.
            return bool(filtered.exists() and (self._write_update(filtered, using, pk_val, values, returning_fields) or filtered.exists()))
        return self._write_update(filtered, using, pk_val, values, returning_fields)

    def _write_update(self, filtered: Any, using: str, pk_val: Any, values: list[Any], returning_fields: list[Any]) -> bool:
        if returning_fields and connections[using].features.can_return_rows_from_update:
            rows = filtered._update(values, returning_fields)
            if rows:
                self._assign_returned_values(rows[0], returning_fields)
            return bool(rows)
        done = bool(filtered._update(values) > 0)
        if done:
            self._forget(returning_fields)
        return done

    def _write_row(self, cls: Any, using: str, pk_val: Any, values: list[Any], returning_fields: list[Any]) -> bool:
        """Update the row by the statement kept for these columns."""
        done, row = update_row(cls, connections[using], values, pk_val, returning_fields)
        if row is not None:
            self._assign_returned_values(row, returning_fields)
        elif done and returning_fields:
            self._forget(returning_fields)
        return done

    def _insert_table(self, cls: Any, using: str, raw: bool, pk_set: bool) -> None:
        meta = cls._meta
        if meta.order_with_respect_to:
            self._take_last_place(cls, using)
        fields = [
            field for field in meta.local_concrete_fields if not field.generated and (pk_set or field is not meta.auto_field)
        ]
        returning = list(meta.db_returning_fields)
        returning += [
            field for field in fields if hasattr(getattr(self, field.attname), "resolve_expression") and field not in returning
        ]
        rows = self._do_insert(cls._base_manager, using, fields, returning, raw)
        if rows:
            self._assign_returned_values(rows[0], returning)
        else:
            self._forget([field for field in returning if field is not meta.auto_field])

    def _take_last_place(self, cls: Any, using: str) -> None:
        field = cls._meta.order_with_respect_to
        siblings = cls._base_manager.using(using).filter(**field.get_filter_kwargs_for_object(self))
        highest = siblings.aggregate(highest=Max("_order"))["highest"]
        self._order = 0 if highest is None else highest + 1

    def _do_insert(self, manager: Any, using: str, fields: list[Any], returning_fields: list[Any], raw: bool) -> list[Any]:
        """Insert the row; gives the returned row, if the database returns one."""
        cls = manager.model
        if plain_manager(cls):
            rows = insert_row(self, cls, connections[using], fields, returning_fields, raw)
            if rows is not None:
                return rows
        found: list[Any] = manager._insert([self], fields=fields, returning_fields=returning_fields, using=using, raw=raw)
        return found

    def _assign_returned_values(self, values: Any, fields: list[Any]) -> None:
        data = self.__dict__
        for value, field in zip(values, fields, strict=False):
            data[field.attname] = value

    def _forget(self, fields: Iterable[Any]) -> None:
        """The database made these values and did not tell: they are loaded when asked for."""
        for field in fields:
            value = self.__dict__.get(field.attname)
            if field.generated or is_expression(value) or isinstance(value, DatabaseDefault):
                self.__dict__.pop(field.attname, None)


def plain_manager(cls: Any) -> bool:
    """Whether the base manager is our own, so that rows may be written without asking its QuerySet."""
    manager = cls._base_manager
    return manager.__class__ is Manager and manager._queryset_class is Manager._queryset_class  # type: ignore[attr-defined]
