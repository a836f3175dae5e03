"""Look-ups into JSON documents: keys and indexes as transforms, containment, and comparisons of what a key holds."""

from __future__ import annotations

import json
from typing import Any

from nuages.sql import outputs
from nuages.sql.errors import NotSupportedError
from nuages.sql.expressions import Expression
from nuages.sql.lookups import (
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IContains,
    IEndsWith,
    IExact,
    In,
    IRegex,
    IsNull,
    IStartsWith,
    LessThan,
    LessThanOrEqual,
    PostgresOperatorLookup,
    Regex,
    StartsWith,
    Transform,
)
from nuages.sql.slots import applied


def compile_json_path(keys: list[Any], include_root: bool = True) -> str:
    """A JSON path such as ``$."a"[0]``; keys that are integers are indexes."""
    parts = ["$"] if include_root else []
    for key in keys:
        try:
            number = int(key)
        except ValueError:
            parts.append(f".{json.dumps(key)}")
        else:
            parts.append(f"[{number}]" if number >= 0 else f"[#{number}]")
    return "".join(parts)


class JSONNull(Expression):
    """The JSON null, as opposed to the SQL NULL that None stands for."""

    def __init__(self) -> None:
        super().__init__(output_field=outputs.field("JSONField"))

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The document ``null`` as a parameter."""
        return "%s", [connection.ops.adapt_json_value(None, None)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JSONNull)

    def __hash__(self) -> int:
        return hash(JSONNull)

    def __repr__(self) -> str:
        return "JSONNull()"


class KeyTransform(Transform):
    """What stands under `key_name` in the document."""

    postgres_operator = "->"
    postgres_nested_operator = "#>"
    lookup_key = True

    def __init__(self, key_name: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_name = str(key_name)

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two transforms equal: the key too."""
        return (*super().identity, self.key_name)

    def preprocess_lhs(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...], list[str]]:
        """SQL and parameters of the document, and the keys that lead into it, outermost first."""
        keys = [self.key_name]
        previous = self.lhs
        while isinstance(previous, KeyTransform):
            keys.insert(0, previous.key_name)
            previous = previous.lhs
        sql, params = compiler.compile(previous)
        return sql, tuple(params), keys

    def as_mysql(self, compiler: Any, connection: Any) -> Any:
        """JSON_EXTRACT."""
        sql, params, keys = self.preprocess_lhs(compiler, connection)
        return f"JSON_EXTRACT({sql}, %s)", [*params, self._path(keys, connection)]

    @staticmethod
    def _path(keys: list[str], connection: Any) -> str:
        if not connection.features.supports_json_negative_indexing:
            for key in keys:
                if key.lstrip("-").isdigit() and int(key) < 0:
                    raise NotSupportedError(f"Using negative JSON array indices is not supported on this database backend ({connection.display_name}).")
        return compile_json_path(keys)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """``->``, or ``#>`` with a path."""
        sql, params, keys = self.preprocess_lhs(compiler, connection)
        if len(keys) > 1:
            return f"({sql} {self.postgres_nested_operator} %s)", [*params, keys]
        try:
            key: Any = int(self.key_name)
        except ValueError:
            key = self.key_name
        mark = "%s::integer" if isinstance(key, int) else "%s::text"
        return f"({sql} {self.postgres_operator} {mark})", [*params, key]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:  # type: ignore[override]
        """JSON_EXTRACT, but for the three values that it would turn into numbers and NULL."""
        sql, params, keys = self.preprocess_lhs(compiler, connection)
        path = compile_json_path(keys)
        kind = f"JSON_TYPE({sql}, %s)"
        text = f"(CASE WHEN {kind} IN ('false', 'true', 'null') THEN {kind} ELSE JSON_EXTRACT({sql}, %s) END)"
        return text, [*params, path] * 3


class KeyTextTransform(KeyTransform):
    """What stands under the key, as text."""

    postgres_operator = "->>"
    postgres_nested_operator = "#>>"
    gives_json = False

    @property
    def output_field(self) -> Any:  # type: ignore[override]
        """Text."""
        return outputs.field("TextField")

    def as_mysql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_mysql(compiler, connection)
        return f"JSON_UNQUOTE({sql})", params

    @classmethod
    def from_lookup(cls, lookup: str) -> Any:
        """The transform for a path such as ``field__key__0``."""
        inner, *keys = lookup.split("__")
        if not keys:
            raise ValueError("Lookup must contain key or index transforms.")
        found: Any = inner
        for key in keys[:-1]:
            found = KeyTransform(key, found)
        return cls(keys[-1], found)


KT = KeyTextTransform.from_lookup


class KeyTransformFactory:
    """Makes the transform for one key; what ``JSONField.get_transform()`` gives."""

    def __init__(self, key_name: str) -> None:
        self.key_name = key_name

    def __call__(self, *args: Any, **kwargs: Any) -> KeyTransform:
        return KeyTransform(self.key_name, *args, **kwargs)


# -- containment ----------------------------------------------------------------------------------------------


class DataContains(PostgresOperatorLookup):
    """``contains``: the document has these pairs at its top level."""

    lookup_name = "contains"
    postgres_operator = "@>"

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [self.lhs.output_field.get_db_prep_value(value, connection, prepared=True)]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """JSON_CONTAINS; raises NotSupportedError where there is nothing like it."""
        left, right, params = self._sides(compiler, connection)
        return f"JSON_CONTAINS({left}, {right})", params

    def _sides(self, compiler: Any, connection: Any) -> tuple[str, str, list[Any]]:
        if not connection.features.supports_json_field_contains:
            raise NotSupportedError(f"{self.lookup_name} lookup is not supported on this database backend.")
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return left, right, [*left_params, *right_params]


class ContainedBy(DataContains):
    """``contained_by``: the other way round."""

    lookup_name = "contained_by"
    postgres_operator = "<@"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not connection.features.supports_json_field_contains:
            raise NotSupportedError(f"{self.lookup_name} lookup is not supported on this database backend.")
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"JSON_CONTAINS({right}, {left})", [*right_params, *left_params]


class HasKeyLookup(PostgresOperatorLookup):
    """``has_key`` and its plural forms."""

    logical_operator: str | None = None

    def _paths(self, compiler: Any, connection: Any) -> tuple[str, list[Any], list[str]]:
        """SQL and parameters of the document, and the path of each key."""
        if isinstance(self.lhs, KeyTransform):
            sql, params, root = self.lhs.preprocess_lhs(compiler, connection)
        else:
            sql, params = self.process_lhs(compiler, connection)
            root = []
        wanted = self.rhs if isinstance(self.rhs, (list, tuple)) else [self.rhs]
        paths = []
        for key in wanted:
            if isinstance(key, KeyTransform):
                *_rest, inner = key.preprocess_lhs(compiler, connection)
                paths.append(compile_json_path([*root, *inner]))
            else:
                paths.append(compile_json_path(root) + self.compile_json_path_final_key(key))
        return sql, list(params), paths

    def compile_json_path_final_key(self, key: Any) -> str:
        """The last step: always a key of an object here, digits or not."""
        return f".{json.dumps(str(key))}"

    def _combined(self, each: str, sql: str, params: list[Any], paths: list[str]) -> Any:
        glue = self.logical_operator or " AND "
        text = glue.join([each.format(sql)] * len(paths))
        found: list[Any] = []
        for path in paths:
            found += [*params, path]
        return (f"({text})" if len(paths) > 1 else text), found

    def as_mysql(self, compiler: Any, connection: Any) -> Any:
        """JSON_CONTAINS_PATH."""
        return self._combined("JSON_CONTAINS_PATH({}, 'one', %s)", *self._paths(compiler, connection))

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """JSON_TYPE, which is NULL for what is not there."""
        return self._combined("JSON_TYPE({}, %s) IS NOT NULL", *self._paths(compiler, connection))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """The operators of jsonb."""
        if isinstance(self.rhs, KeyTransform):
            *_rest, keys = self.rhs.preprocess_lhs(compiler, connection)
            document: Any = self.lhs
            for key in keys[:-1]:
                document = KeyTransform(key, document)
            return HasKey(document, keys[-1]).as_postgresql(compiler, connection)
        return super().as_postgresql(compiler, connection)


class HasKey(HasKeyLookup):
    """``has_key``."""

    lookup_name = "has_key"
    postgres_operator = "?"
    prepare_rhs = False


class HasKeys(HasKeyLookup):
    """``has_keys``: all of them."""

    lookup_name = "has_keys"
    postgres_operator = "?&"
    logical_operator = " AND "

    def get_prep_lookup(self) -> Any:
        return [str(item) for item in self.rhs]


class HasAnyKeys(HasKeys):
    """``has_any_keys``: at least one."""

    lookup_name = "has_any_keys"
    postgres_operator = "?|"
    logical_operator = " OR "


class HasKeyOrArrayIndex(HasKey):
    """A key, or an index of an array."""

    def compile_json_path_final_key(self, key: Any) -> str:
        return compile_json_path([key], include_root=False)


class CaseInsensitiveMixin:
    """MySQL compares JSON text with case: lower both sides."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        """The left side, in lower case on MySQL."""
        sql, params = super().process_lhs(compiler, connection, lhs)  # type: ignore[misc]
        return (f"LOWER({sql})" if connection.vendor == "mysql" else sql), params

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The right side, in lower case on MySQL."""
        sql, params = super().process_rhs(compiler, connection)  # type: ignore[misc]
        return (f"LOWER({sql})" if connection.vendor == "mysql" else sql), params


def null_as_json(value: Any) -> Any:
    """The document null where a parameter is None."""
    return "null" if value is None else value


class JSONExact(Exact):
    """``exact`` of a whole document; None means the JSON null."""

    can_use_none_as_rhs = True

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().process_rhs(compiler, connection)
        if sql == "%s" and len(params) == 1:
            params = [applied(null_as_json, params[0])]
        if connection.vendor == "mysql" and not hasattr(self.rhs, "as_sql"):
            sql = self._given_document(connection)
        return sql, params

    def _given_document(self, connection: Any) -> str:
        # MariaDB would take the quotes off a string that a function of JSON gives, and leave those of the column.
        return "CONCAT(JSON_EXTRACT(%s, '$'))" if is_mariadb(connection) else "JSON_EXTRACT(%s, '$')"


class JSONIContains(CaseInsensitiveMixin, IContains):
    """``icontains`` over the text of the document."""


# -- comparisons of what a key holds --------------------------------------------------------------------------


class KeyTransformTextLookupMixin:
    """Compares the value of the key as text."""

    def __init__(self, key_transform: Any, *args: Any, **kwargs: Any) -> None:
        if not isinstance(key_transform, KeyTransform):
            raise TypeError("Transform should be an instance of KeyTransform in order to use this lookup.")
        text = KeyTextTransform(key_transform.key_name, *key_transform.source_expressions, **key_transform.extra)
        super().__init__(text, *args, **kwargs)  # type: ignore[call-arg]


class KeyTransformIsNull(IsNull):
    """``isnull``: whether the key is missing. A key that holds null is there."""

    def _there(self) -> HasKeyOrArrayIndex:
        return HasKeyOrArrayIndex(self.lhs.lhs, self.lhs.key_name)

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """By JSON_TYPE: JSON_EXTRACT does not tell null from nothing."""
        sql, params = self._there().as_sqlite(compiler, connection)
        return (sql.replace("IS NOT NULL", "IS NULL") if self.rhs else sql), params


class KeyTransformIn(In):
    """``in`` for the value of a key."""

    def resolve_expression_parameter(self, compiler: Any, connection: Any, sql: str, param: Any) -> Any:
        """One value of the list as the database compares it."""
        return document_value(sql, param, connection)

    def batch_process_rhs(self, compiler: Any, connection: Any, rhs: Any = None) -> Any:
        texts, params = super().batch_process_rhs(compiler, connection, rhs)
        if connection.features.has_native_json_field or len(texts) != len(params):
            return texts, params
        pairs = [document_value(text, param, connection) for text, param in zip(texts, params, strict=True)]
        return tuple(text for text, _param in pairs), tuple(param for _text, param in pairs)


def document_value(sql: str, param: Any, connection: Any) -> tuple[str, Any]:
    """A JSON text as the scalar that JSON_EXTRACT of a key would give."""
    if sql != "%s":
        return sql, param
    if param is None:
        param = "null"
    if connection.vendor == "sqlite" and param in ("true", "false", "null"):
        return "%s", param
    text = "JSON_EXTRACT(%s, '$')"
    return (f"JSON_UNQUOTE({text})" if is_mariadb(connection) else text), param


def is_mariadb(connection: Any) -> bool:
    """MariaDB keeps documents as text, and its comparison of two texts minds their quotes."""
    return bool(getattr(connection, "mysql_is_mariadb", False))


class KeyTransformExact(JSONExact):
    """``exact`` for the value of a key."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        sql, params = super().process_lhs(compiler, connection, lhs)
        if is_mariadb(connection) and not sql.startswith("JSON_UNQUOTE("):
            sql = f"JSON_UNQUOTE({sql})"
        return sql, params

    def _given_document(self, connection: Any) -> str:
        return "JSON_UNQUOTE(JSON_EXTRACT(%s, '$'))" if is_mariadb(connection) else "JSON_EXTRACT(%s, '$')"

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, KeyTransform):
            return super(Exact, self).process_rhs(compiler, connection)
        sql, params = super().process_rhs(compiler, connection)
        if is_mariadb(connection) and sql.startswith("JSON_EXTRACT("):
            sql = f"JSON_UNQUOTE({sql})"
        if connection.vendor == "sqlite" and sql == "%s" and len(params) == 1:
            plain = params[0] if isinstance(params[0], str) else None
            if plain in ("true", "false", "null"):
                return "%s", params
            if plain is not None:
                return "JSON_EXTRACT(%s, '$')", params
            mark = "(CASE WHEN JSON_TYPE(%s) IN ('false', 'true', 'null') THEN JSON_TYPE(%s) ELSE JSON_EXTRACT(%s, '$') END)"
            return mark, [params[0]] * 3
        return sql, params


class KeyTransformIExact(CaseInsensitiveMixin, KeyTransformTextLookupMixin, IExact):
    """``iexact``."""


class KeyTransformIContains(CaseInsensitiveMixin, KeyTransformTextLookupMixin, IContains):
    """``icontains``."""


class KeyTransformStartsWith(KeyTransformTextLookupMixin, StartsWith):
    """``startswith``."""


class KeyTransformIStartsWith(CaseInsensitiveMixin, KeyTransformTextLookupMixin, IStartsWith):
    """``istartswith``."""


class KeyTransformEndsWith(KeyTransformTextLookupMixin, EndsWith):
    """``endswith``."""


class KeyTransformIEndsWith(CaseInsensitiveMixin, KeyTransformTextLookupMixin, IEndsWith):
    """``iendswith``."""


class KeyTransformRegex(KeyTransformTextLookupMixin, Regex):
    """``regex``."""


class KeyTransformIRegex(CaseInsensitiveMixin, KeyTransformTextLookupMixin, IRegex):
    """``iregex``."""


class KeyTransformNumericLookupMixin:
    """Compares numbers as numbers, not as the text of a document."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The right side, read out of its document where the database has no JSON type."""
        sql, params = super().process_rhs(compiler, connection)  # type: ignore[misc]
        if not connection.features.has_native_json_field and not hasattr(self.rhs, "as_sql"):  # type: ignore[attr-defined]
            params = [applied(scalar, param) for param in params]
        return sql, params


def scalar(text: Any) -> Any:
    """The value of a JSON text."""
    return json.loads(text) if isinstance(text, str) else text


class KeyTransformLt(KeyTransformNumericLookupMixin, LessThan):
    """``lt``."""


class KeyTransformLte(KeyTransformNumericLookupMixin, LessThanOrEqual):
    """``lte``."""


class KeyTransformGt(KeyTransformNumericLookupMixin, GreaterThan):
    """``gt``."""


class KeyTransformGte(KeyTransformNumericLookupMixin, GreaterThanOrEqual):
    """``gte``."""


for lookup in (DataContains, ContainedBy, HasKey, HasKeys, HasAnyKeys, JSONExact, JSONIContains):
    outputs.class_lookup("JSONField")(lookup)
for key_lookup in (
    KeyTransformIn, KeyTransformExact, KeyTransformIExact, KeyTransformIsNull, KeyTransformIContains, KeyTransformStartsWith,
    KeyTransformIStartsWith, KeyTransformEndsWith, KeyTransformIEndsWith, KeyTransformRegex, KeyTransformIRegex,
    KeyTransformLt, KeyTransformLte, KeyTransformGt, KeyTransformGte,
):
    KeyTransform.register_lookup(key_lookup)

__all__ = [
    "KT", "ContainedBy", "DataContains", "HasAnyKeys", "HasKey", "HasKeys", "JSONExact", "JSONNull", "KeyTextTransform",
    "KeyTransform", "KeyTransformFactory", "KeyTransformTextLookupMixin", "compile_json_path",
]
