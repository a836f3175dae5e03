"""Compression."""

from __future__ import annotations

import re
from typing import Any

from nuages.http.caching import patch_vary_headers
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.formatting import acompress_sequence, compress_sequence, compress_string

ACCEPTS_GZIP = re.compile(r"\bgzip\b")
SHORTEST = 200  # below that, compression does not pay


class GZipMiddleware(MiddlewareMixin):
    """Compresses responses for clients that accept it. A random file name in the header blurs lengths (BREACH)."""

    max_random_bytes = 100

    def process_response(self, request: Any, response: Any) -> Any:
        """Compress what is long enough and not encoded yet."""
        if not response.streaming and len(response.content) < SHORTEST:
            return response
        if response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response
        if response.streaming:
            self._compress_stream(response)
        else:
            compressed = compress_string(response.content, max_random_bytes=self.max_random_bytes)
            if len(compressed) >= len(response.content):
                return response
            response.content = compressed
            response.headers["Content-Length"] = str(len(compressed))
        response.headers["Content-Encoding"] = "gzip"
        tag = response.headers.get("ETag", "")
        if tag.startswith('"'):  # equal in meaning, no longer byte for byte
            response.headers["ETag"] = f"W/{tag}"
        return response

    def _compress_stream(self, response: Any) -> None:
        if response.is_async:
            response.streaming_content = acompress_sequence(
                response.streaming_content, max_random_bytes=self.max_random_bytes
            )
        else:
            response.streaming_content = compress_sequence(
                response.streaming_content, max_random_bytes=self.max_random_bytes
            )
        del response.headers["Content-Length"]
