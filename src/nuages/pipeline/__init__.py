"""The way from a request to its response: middleware, views, exceptions."""

from nuages.pipeline.errors import convert_exception_to_response, response_for_exception
from nuages.pipeline.handler import BaseHandler
from nuages.pipeline.threads import cooperative, threaded

__all__ = ["BaseHandler", "convert_exception_to_response", "cooperative", "response_for_exception", "threaded"]
