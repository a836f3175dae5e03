"""SQL as objects: expressions, lookups, the query builder and the compiler. Pure: no input or output."""
