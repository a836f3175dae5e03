"""The types of the objects of a project, as objects (documentation: ref/contrib/contenttypes)."""
