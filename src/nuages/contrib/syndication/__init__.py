"""Feeds of a site's news, as RSS or Atom (documentation: ref/contrib/syndication)."""
