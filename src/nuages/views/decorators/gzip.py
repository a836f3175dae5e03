"""Compression of single pages."""

from nuages.middleware.gzip import GZipMiddleware
from nuages.text.decorators import decorator_from_middleware

gzip_page = decorator_from_middleware(GZipMiddleware)
gzip_page.__doc__ = "Compress the page for clients that accept it."
