"""Pages of the back office about the project's own code (documentation: ref/contrib/admin/admindocs)."""
