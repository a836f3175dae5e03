"""From queries to SQL, and from rows to values."""

from __future__ import annotations

from typing import Any

from nuages.sql.compiler.executing import SQLAggregateCompiler, SQLCompiler
from nuages.sql.compiler.plans import ModelPlan
from nuages.sql.compiler.writing import SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler

COMPILERS: dict[str, Any] = {
    "SQLCompiler": SQLCompiler,
    "SQLInsertCompiler": SQLInsertCompiler,
    "SQLUpdateCompiler": SQLUpdateCompiler,
    "SQLDeleteCompiler": SQLDeleteCompiler,
    "SQLAggregateCompiler": SQLAggregateCompiler,
}

__all__ = ["COMPILERS", "ModelPlan", "SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]
