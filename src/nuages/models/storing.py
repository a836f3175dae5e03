"""The methods of a QuerySet that write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from nuages import bridge
from nuages.db import connections, transaction
from nuages.exceptions import EmptyResultSet, FieldDoesNotExist, FieldError
from nuages.models.bulk import delete_rows, update_rows
from nuages.models.constants import OnConflict
from nuages.models.deletion import Collector
from nuages.models.fields.field import Field
from nuages.models.ordering import assign_places
from nuages.models.resultset import M
from nuages.models.retrieving import Retrieving
from nuages.sql.constants import LOOKUP_SEP, ROW_COUNT
from nuages.sql.errors import IntegrityError, lacking
from nuages.sql.expressions import Case, Value, When
from nuages.sql.functions.comparison import Cast
from nuages.sql.query import DeleteQuery, InsertQuery, UpdateQuery
from nuages.sql.slots import Rebind


def _require_concrete(fields: Iterable[Any], method: str, where: str = "") -> None:
    if any(field.many_to_many or not field.concrete for field in fields):
        raise ValueError(f"{method}() can only be used with concrete fields{where}.")


class Storing(Retrieving[M]):
    """Insert, update and delete."""

    def create(self, **kwargs: Any) -> M:
        """A new object with these values, saved. Raises ValueError for names of reverse one-to-one relations."""
        reverse = set(kwargs).intersection(self.model._meta._reverse_one_to_one_field_names)
        if reverse:
            names = ", ".join(sorted(reverse))
            raise ValueError(f"The following fields do not exist in this model: {names}")
        obj = self.model(**kwargs)
        if self._fetch_mode is not None:
            obj._state.fetch_mode = self._fetch_mode
        self._for_write = True
        obj.save(force_insert=True, using=self.db)
        return obj  # type: ignore[no-any-return]

    acreate = bridge.shell(create)

    # -- many at once ----------------------------------------------------------------------------------------------

    def bulk_create(
        self,
        objs: Any,
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> list[M]:
        """Insert all these objects with as few statements as possible, without ``save()`` or signals. Returns them.

        Raises ValueError or NotSupportedError for options that exclude each other or that the database has not.
        """
        if batch_size is not None and batch_size <= 0:
            raise ValueError("Batch size must be a positive integer.")
        opts = self.model._meta
        for parent in opts.all_parents:
            if parent._meta.concrete_model is not opts.concrete_model:
                raise ValueError("Can't bulk create a multi-table inherited model")
        if not objs:
            return objs  # type: ignore[no-any-return]
        objs = list(objs)
        self._for_write = True
        on_conflict, updated, unique = self._conflict_options(ignore_conflicts, update_conflicts, update_fields, unique_fields)
        self._prepare_for_bulk_create(objs)
        if opts.order_with_respect_to:
            assign_places(self.model, objs, self.db)
        fields = [field for field in opts.concrete_fields if not field.generated]
        with_pk = [obj for obj in objs if obj._is_pk_set()]
        without_pk = [obj for obj in objs if not obj._is_pk_set()]
        together = transaction.atomic(using=self.db, savepoint=False)
        with together if self._needs_transaction(with_pk, without_pk, fields, batch_size) else nullcontext():
            if with_pk:
                rows = self._batched_insert(with_pk, fields, batch_size, on_conflict, updated, unique)
                self._take_returned(with_pk, rows, opts, skip_pk=True)
            if without_pk:
                auto = [field for field in fields if not _is_auto(field, opts)]
                rows = self._batched_insert(without_pk, auto, batch_size, on_conflict, updated, unique)
                self._take_returned(without_pk, rows, opts, skip_pk=False)
            for obj in objs:
                obj._state.adding = False
                obj._state.db = self.db
        return list(objs)

    def _needs_transaction(self, with_pk: list[Any], without_pk: list[Any], fields: list[Any], batch_size: int | None) -> bool:
        """Whether it takes more than one statement."""
        if with_pk and without_pk:
            return True
        objs = with_pk or without_pk
        connection = connections[self.db]
        features = connection.features
        if not features.has_bulk_insert or not (features.can_return_rows_from_bulk_insert or with_pk):
            return bool(len(objs) > 1)
        limit = max(connection.ops.bulk_batch_size(fields, objs), 1)
        return bool(len(objs) > (min(batch_size, limit) if batch_size else limit))

    abulk_create = bridge.shell(bulk_create)

    def _conflict_options(self, ignore: bool, update: bool, update_fields: Any, unique_fields: Any) -> Any:
        opts = self.model._meta
        features = connections[self.db].features
        if ignore and update:
            message = "ignore_conflicts and update_conflicts are mutually exclusive."
            raise ValueError(message)
        if ignore:
            if not features.supports_ignore_conflicts:
                raise lacking("ignoring conflicts")
            return OnConflict.IGNORE, (), ()
        if not update:
            return None, (), ()
        if not features.supports_update_conflicts:
            raise lacking("updating conflicts")
        if not update_fields:
            raise ValueError("update_conflicts needs update_fields: what to set in the rows that are there already.")
        if unique_fields and not features.supports_update_conflicts_with_target:
            raise lacking("updating conflicts with specifying unique fields that can trigger the upsert")
        if not unique_fields and features.supports_update_conflicts_with_target:
            raise ValueError("update_conflicts needs unique_fields on this database: those by which a row counts as there already.")
        updated = [opts.get_field(name) for name in update_fields]
        _require_concrete(updated, "bulk_create", " in update_fields")
        if any(field in opts.pk_fields for field in updated):
            raise ValueError("bulk_create() never changes primary keys: leave them out of update_fields.")
        unique: list[Any] = []
        for name in unique_fields or ():
            unique.extend(opts.pk_fields if name == "pk" else [opts.get_field(name)])
        _require_concrete(unique, "bulk_create", " in unique_fields")
        return OnConflict.UPDATE, updated, unique

    def _prepare_for_bulk_create(self, objs: Sequence[Any]) -> None:
        fields = self.model._meta.pk_fields
        for obj in objs:
            if not obj._is_pk_set():
                for field in fields:
                    if getattr(obj, field.attname) is None:
                        value = field.get_pk_value_on_save(obj)
                        if value is not None:
                            setattr(obj, field.attname, value)
            obj._prepare_related_fields_for_save(operation_name="bulk_create")

    def _batched_insert(
        self, objs: list[Any], fields: list[Any], batch_size: int | None, on_conflict: Any, update_fields: Any, unique_fields: Any
    ) -> list[Any]:
        connection = connections[self.db]
        limit = max(connection.ops.bulk_batch_size(fields, objs), 1)
        size = min(batch_size, limit) if batch_size else limit
        can_return = connection.features.can_return_rows_from_bulk_insert and on_conflict != OnConflict.IGNORE
        rows: list[Any] = []
        for start in range(0, len(objs), size):
            batch = objs[start : start + size]
            returning = self.model._meta.db_returning_fields if can_return else None
            rows.extend(
                self._insert(
                    batch, fields=fields, using=self.db, on_conflict=on_conflict, update_fields=update_fields,
                    unique_fields=unique_fields, returning_fields=returning,
                )
                or ()
            )
        return rows

    def _take_returned(self, objs: list[Any], rows: list[Any], opts: Any, skip_pk: bool) -> None:
        if len(rows) != len(objs):
            return
        for obj, values in zip(objs, rows, strict=True):
            for value, field in zip(values, opts.db_returning_fields, strict=False):
                if not (skip_pk and field in opts.pk_fields) or hasattr(getattr(obj, field.attname), "resolve_expression"):
                    setattr(obj, field.attname, value)

    def _insert(
        self,
        objs: Sequence[Any],
        fields: Sequence[Any],
        returning_fields: Any = None,
        raw: bool = False,
        using: str | None = None,
        on_conflict: Any = None,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> Any:
        """One INSERT for these objects."""
        self._for_write = True
        query = InsertQuery(self.model, on_conflict=on_conflict, update_fields=update_fields or (), unique_fields=unique_fields or ())
        query.insert_values(fields, objs, raw=raw)
        return query.get_compiler(using=using or self.db).execute_sql(returning_fields)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Write these fields of all these objects with as few statements as possible. Returns the number of rows matched.

        Raises ValueError for objects without primary key, and for fields that are none or belong to it.
        """
        if batch_size is not None and batch_size < 1:
            raise ValueError("Batch size must be a positive integer.")
        opts = self.model._meta
        found = [opts.get_field(name) for name in fields]
        if not found:
            message = "Field names must be given to bulk_update()."
            raise ValueError(message)
        objs = tuple(objs)
        if any(not obj._is_pk_set() for obj in objs):
            raise ValueError("bulk_update() knows rows by their primary keys, and an object has none yet: save it first.")
        _require_concrete(found, "bulk_update")
        keys = {*opts.pk_fields, opts.pk} | {field for parent in opts.all_parents for field in parent._meta.pk_fields}
        if any(field in keys for field in found):
            message = "bulk_update() cannot be used with primary key fields."
            raise ValueError(message)
        if not objs:
            return 0
        for obj in objs:
            obj._prepare_related_fields_for_save(operation_name="bulk_update", fields=found)
        self._for_write = True
        connection = connections[self.db]
        limit = max(connection.ops.bulk_batch_size([opts.pk, opts.pk, *found], objs), 1)
        size = min(batch_size, limit) if batch_size else limit
        needs_cast = connection.features.requires_casted_case_in_updates
        queryset = self.using(self.db)
        total = 0
        with transaction.atomic(using=self.db, savepoint=False):
            for start in range(0, len(objs), size):
                batch = objs[start : start + size]
                values = {field.attname: _case_for(field, batch, needs_cast) for field in found}
                total += queryset.filter(pk__in=[obj.pk for obj in batch]).update(**values)
        return total

    abulk_update = bridge.shell(bulk_update)

    # -- get or create ---------------------------------------------------------------------------------------------

    def get_or_create(self, defaults: Any = None, **kwargs: Any) -> tuple[M, bool]:
        """The object that matches, or a new one with these values and ``defaults``; and whether it is new."""
        self._for_write = True
        try:
            return self.get(**kwargs), False
        except self.model.DoesNotExist:
            params = self._extract_model_params(defaults, **kwargs)
            try:
                with transaction.atomic(using=self.db):
                    params = dict(_called(params))
                    return self.create(**params), True
            except IntegrityError:
                try:
                    return self.get(**kwargs), False
                except self.model.DoesNotExist:
                    pass
                raise

    aget_or_create = bridge.shell(get_or_create)

    def update_or_create(self, defaults: Any = None, create_defaults: Any = None, **kwargs: Any) -> tuple[M, bool]:
        """The object that matches, updated with ``defaults``, or a new one with ``create_defaults``; and whether it is new."""
        update_defaults = defaults or {}
        if create_defaults is None:
            create_defaults = update_defaults
        self._for_write = True
        with transaction.atomic(using=self.db):
            obj, created = self.select_for_update().get_or_create(create_defaults, **kwargs)
            if created:
                return obj, created
            for name, value in _called(update_defaults):
                setattr(obj, name, value)
            names = set(update_defaults)
            concrete = self.model._meta._non_pk_concrete_field_names
            if concrete.issuperset(names):
                for field in self.model._meta.local_concrete_fields:
                    if not (field.primary_key or type(field).pre_save is Field.pre_save):
                        names.add(field.name)
                        if field.name != field.attname:
                            names.add(field.attname)
                obj.save(using=self.db, update_fields=names)  # type: ignore[attr-defined]
            else:
                obj.save(using=self.db)  # type: ignore[attr-defined]
        return obj, False

    aupdate_or_create = bridge.shell(update_or_create)

    def _extract_model_params(self, defaults: Any, **kwargs: Any) -> dict[str, Any]:
        params = {name: value for name, value in kwargs.items() if LOOKUP_SEP not in name}
        params.update(defaults or {})
        settable = self.model._meta._property_names
        invalid = []
        for name in params:
            try:
                self.model._meta.get_field(name)
            except FieldDoesNotExist:
                if name != "pk" and not (name in settable and getattr(self.model, name).fset):
                    invalid.append(name)
        if invalid:
            names = "', '".join(sorted(invalid))
            raise FieldError(f"Invalid field name(s) for model {self.model._meta.object_name}: '{names}'.")
        return params

    # -- update and delete -----------------------------------------------------------------------------------------

    def update(self, **kwargs: Any) -> int:
        """Set these values on all rows, in one statement. Returns the number of rows matched."""
        self._not_combined("update")
        self._not_sliced("update a query")
        self._for_write = True
        if self._shape is not None and kwargs and (done := self._update_by_shape(kwargs)) is not None:
            return done
        if self.query.distinct_fields:
            raise TypeError("Cannot call update() after .distinct(*fields).")
        query = self.query.chain(UpdateQuery)
        query.add_update_values(kwargs)
        self._inline_annotations_in_order(query)
        query.annotations = {}
        query._annotation_select_cache = None
        connection = connections[self.db]
        if connection.in_atomic_block:
            with transaction.mark_for_rollback_on_error(using=self.db):
                rows = query.get_compiler(self.db).execute_sql(ROW_COUNT)
        elif query.related_updates:
            with transaction.atomic(using=self.db, savepoint=False):
                rows = query.get_compiler(self.db).execute_sql(ROW_COUNT)
        else:
            rows = query.get_compiler(self.db).execute_sql(ROW_COUNT)
        self._result_cache = None
        return rows  # type: ignore[no-any-return]

    aupdate = bridge.shell(update)

    def _update_by_shape(self, values: dict[str, Any]) -> int | None:
        """Update by the statement kept for the shape and these names; None where that does not go."""
        if self._deferred_filter is not None:
            return None
        try:
            done = update_rows(self._shape, self._values_given, values, connections[self.db])  # type: ignore[arg-type]
        except Rebind:
            return None
        except EmptyResultSet:
            done = 0
        self._result_cache = None
        return done

    def _inline_annotations_in_order(self, query: Any) -> None:
        """An UPDATE has no SELECT list that its order could refer to: annotations stand in it themselves."""
        order: list[Any] = []
        for item in query.order_by:
            name = item.lstrip("-") if isinstance(item, str) else None
            if name in query.annotations:
                if getattr(query.annotations[name], "contains_aggregate", False):
                    raise FieldError(f"Cannot update when ordering by an aggregate: {query.annotations[name]}")
                expression = query.annotations[name]
                order.append(expression.desc() if item.startswith("-") else expression.asc())
            else:
                order.append(item)
        query.order_by = tuple(order)

    def _update(self, values: Any, returning_fields: Any = None) -> Any:
        """UPDATE with ``(field, model, value)`` triples, as saving an instance does."""
        self._not_sliced("update a query")
        self._result_cache = None
        query = self.query.chain(UpdateQuery)
        query.annotations, query._annotation_select_cache = {}, None
        query.add_update_fields(values)
        writer = query.get_compiler(self.db)
        if not returning_fields:
            return writer.execute_sql(ROW_COUNT)
        return writer.execute_returning_sql(returning_fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete all these objects and what depends on them. Returns how many, and how many of each model."""
        self._not_combined("delete")
        self._not_limited("delete")
        query = self._shape.query if self._shape is not None else self.query
        for refused, method in ((query.distinct_fields, ".distinct(*fields)."), (self._fields is not None, ".values() or .values_list()")):
            if refused:
                raise TypeError(f"Cannot call delete() after {method}")
        doomed = self._changed(("delete",), _bare)
        doomed._for_write = True
        collector = Collector(using=doomed.db, origin=self)
        collector.collect(doomed)
        result = collector.delete()
        self._result_cache = None
        return result  # type: ignore[no-any-return]

    adelete = bridge.shell(delete)

    def _raw_delete(self, using: str) -> int:
        """DELETE these rows and nothing else, without signals."""
        if self._shape is not None and self._deferred_filter is None:
            try:
                return delete_rows(self._shape, self._values_given, connections[using]) or 0
            except Rebind:
                pass
            except EmptyResultSet:
                return 0
        query = self.query.clone()
        query.__class__ = DeleteQuery
        return query.get_compiler(using).execute_sql(ROW_COUNT)  # type: ignore[no-any-return]


def _bare(query: Any) -> None:
    """Leave of a query only what says which rows are meant."""
    query.select_for_update = False
    query.select_related = False
    query.clear_ordering(force=True)


def _called(params: Any) -> Any:
    for name, value in params.items():
        yield name, value() if callable(value) else value


def _is_auto(field: Any, opts: Any) -> bool:
    return field is opts.auto_field


def _case_for(field: Any, batch: Sequence[Any], needs_cast: bool) -> Any:
    """``CASE WHEN pk = … THEN value …`` over the objects of a batch."""
    cases = []
    for obj in batch:
        value = getattr(obj, field.attname)
        if not hasattr(value, "resolve_expression"):
            value = Value(value, output_field=field)
        cases.append(When(pk=obj.pk, then=value))
    made: Any = Case(*cases, output_field=field)
    return Cast(made, output_field=field) if needs_cast else made
