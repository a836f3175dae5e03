"""Indexes of a model; see "Model index reference"."""

from __future__ import annotations

from collections.abc import Iterable
from types import NoneType
from typing import Any, ClassVar

from nuages import checks
from nuages.conf.names import public_home
from nuages.models.refchecks import check_field_names, expression_field_names, nothing_named
from nuages.sql.expressions import Col, ExpressionList, F, Func, OrderBy
from nuages.sql.functions.comparison import Collate
from nuages.sql.naming import names_digest, split_identifier
from nuages.sql.q import Q
from nuages.sql.query import Query


class Index:
    """A database index over fields or expressions."""

    suffix: ClassVar[str] = "idx"
    #: The shortest limit among the supported databases; the name must fit everywhere.
    max_name_length: ClassVar[int] = 30

    def __init__(
        self, *expressions: Any, fields: Any = (), name: str | None = None, db_tablespace: str | None = None,
        opclasses: Any = (), condition: Any = None, include: Any = None,
    ) -> None:
        self._check_arguments(expressions, fields, name, opclasses, condition, include)
        self.fields = list(fields)
        # Order and column of each field: a leading hyphen means descending.
        self.fields_orders = [(field[1:], "DESC") if field.startswith("-") else (field, "") for field in self.fields]
        self.name = name or ""
        self.db_tablespace = db_tablespace
        self.opclasses = opclasses
        self.condition = condition
        self.include = tuple(include) if include else ()
        self.expressions = tuple(F(one) if isinstance(one, str) else one for one in expressions)

    @staticmethod
    def _check_arguments(expressions: Any, fields: Any, name: Any, opclasses: Any, condition: Any, include: Any) -> None:
        for wrong, message in (
            (opclasses and not name, "An index must be named to use opclasses."),
            (not isinstance(condition, (NoneType, Q)), "Index.condition must be a Q instance."),
            (condition and not name, "An index must be named to use condition."),
            (not isinstance(fields, (list, tuple)), "Index.fields must be a list or tuple."),
            (not isinstance(opclasses, (list, tuple)), "Index.opclasses must be a list or tuple."),
            (not expressions and not fields, nothing_named("an index")),
            (expressions and fields, "Index.fields and expressions are mutually exclusive."),
            (expressions and not name, "An index must be named to use expressions."),
            (expressions and opclasses, "Index.opclasses cannot be used with expressions. Use OpClass() in an expression instead."),
            (opclasses and len(fields) != len(opclasses), "Index.fields and Index.opclasses must have the same number of elements."),
            (fields and not all(isinstance(field, str) for field in fields), "Index.fields must contain only strings with field names."),
            (include and not name, "A covering index must be named."),
            (not isinstance(include, (NoneType, list, tuple)), "Index.include must be a list or tuple."),
        ):
            if wrong:
                raise ValueError(message)

    @property
    def contains_expressions(self) -> bool:
        """Whether it is over expressions."""
        return bool(self.expressions)

    # -- SQL --------------------------------------------------------------------------------------------------

    def _get_condition_sql(self, model: Any, schema_editor: Any) -> str | None:
        if self.condition is None:
            return None
        return condition_sql(self.condition, model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """The statement that creates the index."""
        options = model._meta
        common = {
            "name": self.name, "using": using, "db_tablespace": self.db_tablespace,
            "condition": self._get_condition_sql(model, schema_editor),
            "include": [options.get_field(name).column for name in self.include],
        }
        if self.expressions:
            expressions = [IndexExpression.wrapped(one, schema_editor.connection) for one in self.expressions]
            resolved = ExpressionList(*expressions).resolve_expression(Query(model, alias_cols=False))
            return schema_editor._create_index_sql(model, fields=None, col_suffixes=None, expressions=resolved, **common, **kwargs)
        fields = [options.get_field(name) for name, _order in self.fields_orders]
        if schema_editor.connection.features.supports_index_column_ordering:
            suffixes: Any = tuple(order for _name, order in self.fields_orders)
        else:
            suffixes = ("",) * len(self.fields_orders)
        return schema_editor._create_index_sql(
            model, fields=fields, col_suffixes=suffixes, opclasses=self.opclasses, expressions=None, **common, **kwargs,
        )

    def remove_sql(self, model: Any, schema_editor: Any, **kwargs: Any) -> Any:
        """The statement that drops the index."""
        return schema_editor._delete_index_sql(model, self.name, **kwargs)

    # -- description ------------------------------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Path and arguments from which the index can be made again."""
        kwargs: dict[str, Any] = {"name": self.name}
        for option in ("db_tablespace", "opclasses", "condition", "include"):
            value = getattr(self, option)
            if value or (option == "db_tablespace" and value is not None):
                kwargs[option] = value
        if not self.expressions:
            kwargs["fields"] = self.fields
        return public_home(self.__class__), self.expressions, kwargs

    def clone(self) -> Any:
        """An equal index."""
        _path, args, kwargs = self.deconstruct()
        return self.__class__(*args, **kwargs)

    def set_name_with_model(self, model: Any) -> None:
        """Make a name of table, columns and a digest, within 30 characters."""
        _namespace, table = split_identifier(model._meta.db_table)
        columns = [model._meta.get_field(name).column for name, _order in self.fields_orders]
        marked = [f"-{column}" if order else column for column, (_name, order) in zip(columns, self.fields_orders, strict=True)]
        digest = names_digest(table, *marked, self.suffix, length=6)
        name = f"{table[:11]}_{columns[0][:7]}_{digest}_{self.suffix}"
        if len(name) > self.max_name_length:
            raise ValueError("Index too long for multiple database support. Is self.suffix longer than 3 characters?")
        # No database likes a name that begins with an underscore or a digit.
        self.name = f"D{name[1:]}" if name[0] == "_" or name[0].isdigit() else name

    def __repr__(self) -> str:
        parts = [
            self.fields and f"fields={self.fields!r}",
            self.expressions and f"expressions={self.expressions!r}",
            self.name and f"name={self.name!r}",
            self.db_tablespace is not None and f"db_tablespace={self.db_tablespace!r}",
            self.condition is not None and f"condition={self.condition}",
            self.include and f"include={self.include!r}",
            self.opclasses and f"opclasses={self.opclasses!r}",
        ]
        return f"<{self.__class__.__qualname__}: {' '.join(part for part in parts if part)}>"

    def __eq__(self, other: object) -> bool:
        if self.__class__ == other.__class__:
            return self.deconstruct() == other.deconstruct()  # type: ignore[attr-defined]
        return NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    # -- checks -----------------------------------------------------------------------------------------------

    def check(self, model: Any, connection: Any) -> list[Any]:
        """Messages models.E033, E034, W037, W040, W043 and those about the fields."""
        found: list[Any] = []
        if self.name[:1] == "_" or self.name[:1].isdigit():
            found.append(checks.Error(
                f"The index name '{self.name}' cannot start with an underscore or a number.", obj=model, id="models.E033",
            ))
        if len(self.name) > self.max_name_length:
            found.append(checks.Error(
                f"The index name '{self.name}' is too long: {self.max_name_length} characters are allowed.", obj=model, id="models.E034",
            ))
        found += self._check_support(model, connection)
        references: set[str] = set()
        if self.condition is not None:
            references.update(expression_field_names(self.condition))
        for expression in self.expressions:
            references.update(expression_field_names(expression))
        names = [*(name for name, _order in self.fields_orders), *self.include, *sorted(references)]
        return found + check_field_names(model, names, "indexes")

    def _check_support(self, model: Any, connection: Any) -> Iterable[Any]:
        features, required = connection.features, model._meta.required_db_features
        for used, feature, what, code in (
            (self.condition is not None, "supports_partial_indexes", "indexes with conditions", "models.W037"),
            (self.include, "supports_covering_indexes", "indexes with non-key columns", "models.W040"),
            (self.expressions, "supports_expression_indexes", "indexes on expressions", "models.W043"),
        ):
            if used and not getattr(features, feature) and feature not in required:
                yield checks.Warning(
                    f"{connection.display_name} does not support {what}.",
                    hint="The index will be left out there. Where that does no harm, silence the warning.",
                    obj=model, id=code,
                )


class IndexExpression(Func):
    """One expression of an index, with the wrappers (OrderBy, Collate, …) in the order that the grammar wants."""

    template = "%(expressions)s"
    wrapper_classes: ClassVar[tuple[type, ...]] = (OrderBy, Collate)

    @classmethod
    def register_wrappers(cls, *wrapper_classes: type) -> None:
        """Replace the classes that are unwrapped and put in order."""
        cls.wrapper_classes = wrapper_classes

    @classmethod
    def wrapped(cls, expression: Any, connection: Any) -> IndexExpression:
        """`expression` for an index on `connection`."""
        made = cls(expression)
        made.set_wrapper_classes(connection)
        return made

    def set_wrapper_classes(self, connection: Any = None) -> None:
        """Take out what the database treats as a mere key: no wrapping there."""
        if connection is not None and connection.features.collate_as_index_expression:
            self.wrapper_classes = tuple(cls for cls in self.wrapper_classes if cls is not Collate)  # type: ignore[misc]

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        """Put the root expression in brackets, and the wrappers around it in their fixed order."""
        every = list(self.flatten())
        wrappers: list[Any] = [one for one in every if isinstance(one, self.wrapper_classes)]
        kinds = [type(one) for one in wrappers]
        if len(kinds) != len(set(kinds)):
            raise ValueError(
                f"Multiple references to {', '.join(cls.__qualname__ for cls in self.wrapper_classes)} can't be used in an indexed expression."
            )
        if kinds and tuple(kinds) != tuple(type(one) for one in every[1:len(kinds) + 1]):
            names = ", ".join(cls.__qualname__ for cls in self.wrapper_classes)
            raise ValueError(f"{names} must be topmost expressions in an indexed expression.")
        root = every[len(wrappers) + 1]
        if not isinstance(root.resolve_expression(query, allow_joins, reuse, summarize, for_save), Col):
            root = Func(root, template="(%(expressions)s)")
        for wrapper_class in reversed(self.wrapper_classes):
            chosen: list[Any] = [one for one in wrappers if type(one) is wrapper_class]
            for wrapper in chosen:
                outer: Any = wrapper.copy()
                outer.set_source_expressions([root, *wrapper.get_source_expressions()[1:]])
                root = outer
        self.set_source_expressions([root])
        return super().resolve_expression(query, allow_joins, reuse, summarize, for_save)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As everywhere; SQLite would otherwise cast decimals."""
        return self.as_sql(compiler, connection, **extra)


def condition_sql(condition: Any, model: Any, schema_editor: Any) -> str:
    """`condition` (a Q) as SQL text over the columns of `model`, with its values written in."""
    query = Query(model=model, alias_cols=False)
    where = query.build_where(condition)
    compiler = query.get_compiler(connection=schema_editor.connection)
    sql, params = where.as_sql(compiler, schema_editor.connection)
    return str(sql % tuple(schema_editor.quote_value(one) for one in params))
