"""``ExclusionConstraint``: no two rows may be so related (documentation: ref/contrib/postgres/constraints)."""

from __future__ import annotations

from types import NoneType
from typing import Any

from nuages.contrib.postgres.installation import installation_errors
from nuages.db import DEFAULT_DB_ALIAS
from nuages.db.schema.references import Statement, Table
from nuages.models import Deferrable, Q
from nuages.models.constraints import BaseConstraint
from nuages.models.indexes import IndexExpression, condition_sql
from nuages.models.refchecks import check_field_names, expression_field_names
from nuages.sql.expressions import ExpressionList, F
from nuages.sql.lookups import PostgresOperatorLookup
from nuages.sql.query import Query

__all__ = ["ExclusionConstraint"]

_INDEX_TYPES = frozenset({"gist", "hash", "spgist"})
_DEFAULT_TYPE = "GIST"


class _ExclusionExpression(IndexExpression):
    template = "%(expressions)s WITH %(operator)s"


class _Related(PostgresOperatorLookup):
    """Two values and the operator between them."""

    def __init__(self, lhs: Any, rhs: Any, operator: str) -> None:
        super().__init__(lhs, rhs)
        self.postgres_operator = operator.replace("%", "%%")  # type: ignore[misc]


class ExclusionConstraint(BaseConstraint):
    """No two rows may have all *expressions* related by their operators.

    Args:
        expressions: Pairs of an expression (or the name of a field) and an operator, such as those of ``RangeOperators``.
        index_type: "GiST" (the default), "SPGiST" or "Hash".
        condition: Which rows it holds for.
        deferrable: When it is checked.
        include: Fields that the index carries along.
    """

    def __init__(
        self,
        *,
        name: str,
        expressions: Any,
        index_type: str | None = None,
        condition: Any = None,
        deferrable: Any = None,
        include: Any = None,
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        self._check_arguments(expressions, index_type, condition, deferrable, include)
        self.expressions = expressions
        self.index_type = index_type or _DEFAULT_TYPE
        self.condition = condition
        self.deferrable = deferrable
        self.include = tuple(include) if include else ()
        super().__init__(
            name=name, violation_error_code=violation_error_code, violation_error_message=violation_error_message
        )

    @staticmethod
    def _check_arguments(
        expressions: Any, index_type: str | None, condition: Any, deferrable: Any, include: Any
    ) -> None:
        kind = (index_type or _DEFAULT_TYPE).lower()
        hashed = kind == "hash"
        pairs = bool(expressions) and all(isinstance(one, (list, tuple)) and len(one) == 2 for one in expressions)
        for wrong, message in (
            (kind not in _INDEX_TYPES, "ExclusionConstraint.index_type is GiST, SPGiST or Hash."),
            (not expressions, "An exclusion constraint needs an expression."),
            (not pairs, "ExclusionConstraint.expressions are pairs of an expression and an operator."),
            (not isinstance(condition, (NoneType, Q)), "ExclusionConstraint.condition is a Q object, or None."),
            (
                not isinstance(deferrable, (NoneType, Deferrable)),
                "ExclusionConstraint.deferrable is a member of Deferrable, or None.",
            ),
            (
                not isinstance(include, (NoneType, list, tuple)),
                "ExclusionConstraint.include is a list or tuple of names.",
            ),
            (hashed and include, "A hash index carries no other columns along: leave out include."),
            (
                hashed and len(expressions or ()) > 1,
                "A hash index takes only one expression.",
            ),
            (
                hashed and pairs and any(operator != "=" for _, operator in expressions),
                "A hash index knows no operator but RangeOperators.EQUAL.",
            ),
        ):
            if wrong:
                raise ValueError(message)

    # -- SQL --------------------------------------------------------------------------------------------------

    def _expressions_sql(self, model: Any, schema_editor: Any) -> str:
        wrapped = []
        for expression, operator in self.expressions:
            source = F(expression) if isinstance(expression, str) else expression
            made = _ExclusionExpression(source, operator=operator.replace("%", "%%"))
            made.set_wrapper_classes(schema_editor.connection)
            wrapped.append(made)
        query = Query(model, alias_cols=False)
        resolved = ExpressionList(*wrapped).resolve_expression(query)
        sql, params = query.get_compiler(connection=schema_editor.connection).compile(resolved)
        return str(sql % tuple(schema_editor.quote_value(one) for one in params))

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        parts = [
            f"CONSTRAINT {schema_editor.quote_name(self.name)} EXCLUDE USING {self.index_type}",
            f" ({self._expressions_sql(model, schema_editor)})",
        ]
        if self.include:
            columns = [schema_editor.quote_name(model._meta.get_field(name).column) for name in self.include]
            parts.append(f" INCLUDE ({', '.join(columns)})")
        if self.condition is not None:
            parts.append(f" WHERE ({condition_sql(self.condition, model, schema_editor)})")
        parts.append(schema_editor._deferrable_constraint_sql(self.deferrable))
        return "".join(parts)

    def create_sql(self, model: Any, schema_editor: Any) -> Statement:
        return Statement(
            "ALTER TABLE %(table)s ADD %(constraint)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            constraint=self.constraint_sql(model, schema_editor),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._delete_constraint_sql(schema_editor.sql_delete_check, model, self.name)

    # -- checks -----------------------------------------------------------------------------------------------

    def check(self, model: Any, connection: Any) -> list[Any]:
        """postgres.E005, and what is wrong with the fields."""
        names: set[str] = set()
        for expression, _ in self.expressions:
            names.update(expression_field_names(F(expression) if isinstance(expression, str) else expression))
        if self.condition is not None:
            names.update(expression_field_names(self.condition))
        return [*check_field_names(model, [*self.include, *sorted(names)], "constraints"), *installation_errors(self)]

    # -- validation -------------------------------------------------------------------------------------------

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        excluded = set(exclude or ())
        values = instance._get_field_expression_map(model._meta, excluded)
        replacements = {F(name): value for name, value in values.items()}
        related = []
        for given, operator in self.expressions:
            expression = F(given) if isinstance(given, str) else given
            if excluded and self._expression_refs_exclude(model, expression, excluded):
                return
            if hasattr(expression, "get_expression_for_validation"):
                expression = expression.get_expression_for_validation()
            related.append(_Related(expression, expression.replace_expressions(replacements), operator))
        queryset = model._default_manager.using(using).filter(*related)
        if self._meets_row(self.condition, queryset, instance, excluded, using):
            raise self._violation()

    # -- description ------------------------------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs["expressions"] = self.expressions
        if self.index_type.lower() != _DEFAULT_TYPE.lower():
            kwargs["index_type"] = self.index_type
        for option in ("condition", "deferrable", "include"):
            if getattr(self, option):
                kwargs[option] = getattr(self, option)
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExclusionConstraint):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return self._shown(
            f"index_type={self.index_type!r}",
            f"expressions={self.expressions!r}",
            f"name={self.name!r}",
            self.condition is not None and f"condition={self.condition}",
            self.deferrable is not None and f"deferrable={self.deferrable!r}",
            self.include and f"include={self.include!r}",
        )
