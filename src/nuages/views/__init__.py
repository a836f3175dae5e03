"""Views: generic ones, shortcuts, decorators, error pages (documentation: ref/views, topics/http/views)."""
