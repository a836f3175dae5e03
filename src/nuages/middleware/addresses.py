"""Small services for every site: forbidden user agents, slashes, Content-Length; and mail about broken links."""

from __future__ import annotations

import contextlib
import re
from typing import Any
from urllib.parse import urlsplit

from nuages.conf import names, settings
from nuages.exceptions import PermissionDenied
from nuages.http.response import HttpResponsePermanentRedirect
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.http import escape_leading_slashes
from nuages.urls.current import is_valid_path


class CommonMiddleware(MiddlewareMixin):
    """Keeps out ``DISALLOWED_USER_AGENTS``, redirects by ``APPEND_SLASH`` and ``PREPEND_WWW``, and sets Content-Length."""

    response_redirect_class: Any = HttpResponsePermanentRedirect

    def process_request(self, request: Any) -> Any:
        """Refuse or redirect where settings say so.

        :raises PermissionDenied: the user agent is not welcome.
        """
        unwelcome = settings.DISALLOWED_USER_AGENTS
        if unwelcome:
            user_agent = request.META.get("HTTP_USER_AGENT")
            if user_agent is not None and any(pattern.search(user_agent) for pattern in unwelcome):
                raise PermissionDenied("Forbidden user agent")
        host = request.get_host()
        if settings.PREPEND_WWW and host and not host.startswith("www."):
            path = self.get_full_path_with_slash(request) if self.should_redirect_with_slash(request) else (
                request.get_full_path()
            )
            return self.response_redirect_class(f"{request.scheme}://www.{host}{path}")
        return None

    def should_redirect_with_slash(self, request: Any) -> bool:
        """Tell if the path is only valid with a slash at its end."""
        if not settings.APPEND_SLASH or request.path_info.endswith("/"):
            return False
        urlconf = getattr(request, "urlconf", None)
        if is_valid_path(request.path_info, urlconf):
            return False
        match = is_valid_path(f"{request.path_info}/", urlconf)
        return bool(match) and getattr(match.func, "should_append_slash", True)  # type: ignore[union-attr]

    def get_full_path_with_slash(self, request: Any) -> str:
        """Give the path with a slash.

        :raises RuntimeError: in development, when a redirect would lose posted data.
        """
        path = escape_leading_slashes(request.get_full_path(force_append_slash=True))
        if settings.DEBUG and request.method in ("DELETE", "POST", "PUT", "PATCH"):
            raise RuntimeError(
                f"A {request.method} request came to a path without its final slash, and the redirect of APPEND_SLASH would "
                f"lose its data. Let the form point to {request.get_host() + path} (with the slash), or set "
                "APPEND_SLASH=False."
            )
        return path

    def process_response(self, request: Any, response: Any) -> Any:
        """Try again with a slash on a 404, and add Content-Length."""
        if response.status_code == 404 and self.should_redirect_with_slash(request):
            response = self.response_redirect_class(self.get_full_path_with_slash(request))
        if not response.streaming and "content-length" not in response.headers._store:
            response.headers._store["content-length"] = "Content-Length", str(len(response.content))
        return response


class BrokenLinkEmailsMiddleware(MiddlewareMixin):
    """Mails the managers about links of other sites, and of this one, that lead nowhere."""

    using: str | None = None

    def process_response(self, request: Any, response: Any) -> Any:
        """Send a mail for a 404 that came from a link."""
        if response.status_code == 404 and not settings.DEBUG:
            domain = request.get_host()
            path = request.get_full_path()
            referer = request.META.get("HTTP_REFERER", "")
            if not self.is_ignorable_request(request, path, domain, referer):
                user_agent = request.META.get("HTTP_USER_AGENT", "<none>")
                address = request.META.get("REMOTE_ADDR", "<none>")
                internal = "INTERNAL " if self.is_internal_request(domain, referer) else ""
                self.send_mail(
                    f"Broken {internal}link on {domain}",
                    f"Referrer: {referer}\nRequested URL: {path}\nUser agent: {user_agent}\nIP address: {address}\n",
                )
        return response

    def send_mail(self, subject: str, message: str, *args: Any, **kwargs: Any) -> None:
        """Mail the managers, through the mailer ``using`` if a subclass names one; override it to send elsewhere."""
        mail_managers = names.import_string("nuages.mail.mail_managers")
        if self.using is not None:
            mail_managers(subject, message, *args, using=self.using, **kwargs)
            return
        # A project without mail still answers requests.
        with contextlib.suppress(names.import_string("nuages.mail.MailerDoesNotExist")):
            mail_managers(subject, message, *args, fail_silently=names.import_string("nuages.mail.transitional.SILENTLY"), **kwargs)

    def is_internal_request(self, domain: str, referer: str) -> bool:
        """Tell if the link stood on this site."""
        return bool(re.match(f"^https?://{re.escape(domain)}/", referer))

    def is_ignorable_request(self, request: Any, uri: str, domain: str, referer: str) -> bool:
        """Tell if a mail would be noise: no referer, a path to be ignored, or a page that links to itself."""
        if not referer:
            return True
        if settings.APPEND_SLASH and uri.endswith("/") and referer == uri[:-1]:
            return True
        if not self.is_internal_request(domain, referer) and "?" in referer:
            return True  # search engines
        parts = urlsplit(referer)
        if parts.netloc in ("", domain) and parts.path == uri:
            return True
        return any(pattern.search(uri) for pattern in settings.IGNORABLE_404_URLS)
