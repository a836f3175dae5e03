"""Views for languages: choosing one, and message catalogs for JavaScript (documentation: topics/i18n/translation)."""

from __future__ import annotations

import json
from typing import Any

from nuages.apps import apps
from nuages.conf import settings
from nuages.http import HttpResponse, HttpResponseRedirect, JsonResponse
from nuages.i18n import catalogs
from nuages.i18n.formats import get_format
from nuages.i18n.translation import check_for_language, get_language
from nuages.middleware.csrf import COOKIE_OPTIONS
from nuages.template import Context, Engine
from nuages.text.http import url_has_allowed_host_and_scheme
from nuages.urls import translate_url
from nuages.views.csrf import builtin_template_path, source_of
from nuages.views.generic.view import View

LANGUAGE_QUERY_PARAMETER = "language"
FORMATS = (
    *(f"{kind}_FORMAT" for kind in ("DATE", "TIME", "DATETIME", "SHORT_DATE", "SHORT_DATETIME", "YEAR_MONTH", "MONTH_DAY")),
    *(f"{kind}_INPUT_FORMATS" for kind in ("DATE", "TIME", "DATETIME")),
    *("DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR", "NUMBER_GROUPING", "FIRST_DAY_OF_WEEK"),
)


def set_language(request: Any) -> HttpResponse:
    """Keep the posted ``language`` in a cookie, and go back to ``next`` or to the page that the form stood on.

    A request by script that does not name ``next`` gets 204. The page is the one in the new language where its address
    depends on it.
    """
    target = request.POST.get("next", request.GET.get("next"))
    if (target or request.accepts("text/html")) and not is_own(target, request):
        target = request.META.get("HTTP_REFERER")
        if not is_own(target, request):
            target = "/"
    response = HttpResponseRedirect(target) if target else HttpResponse(status=204)
    if request.method == "POST":
        code = request.POST.get(LANGUAGE_QUERY_PARAMETER)
        if code and check_for_language(code):
            if target:
                translated = translate_url(target, code)
                if translated != target:
                    response = HttpResponseRedirect(translated)
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                code,
                **{option: getattr(settings, f"LANGUAGE_COOKIE_{name}") for option, name in COOKIE_OPTIONS.items()},
            )
    return response


def is_own(url: Any, request: Any) -> bool:
    """Tell if an address belongs to this site."""
    return url_has_allowed_host_and_scheme(url=url, allowed_hosts={request.get_host()}, require_https=request.is_secure())


def get_formats() -> dict[str, Any]:
    """Give the formats of the active language."""
    return {name: get_format(name) for name in FORMATS}


class JavaScriptCatalog(View):
    """The messages of the active language as a script, with ``gettext`` and its siblings.

    Attributes ``domain`` (default ``"djangojs"``) and ``packages`` (names of applications; all by default) may be given to
    ``as_view`` or in the URL (``packages`` joined by ``+``).
    """

    domain = "djangojs"
    packages: Any = None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the script."""
        domain = kwargs.get("domain", self.domain)
        named = kwargs.get("packages", "")
        packages = named.split("+") if named else self.packages
        paths = self.get_paths(packages) if packages else None
        self.catalog = merged(get_language() or settings.LANGUAGE_CODE, domain, paths)
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_paths(self, packages: list[str]) -> list[str]:
        """Give the folders of these applications' catalogs, and those of ``LOCALE_PATHS``, which win.

        :raises ValueError: one is not installed.
        """
        configs = {config.name: config for config in apps.get_app_configs()}
        unknown = [name for name in packages if name not in configs]
        if unknown:
            raise ValueError(f"Invalid package(s) provided to JavaScriptCatalog: {','.join(unknown)}")
        return [*(f"{configs[name].path}/locale" for name in packages), *map(str, reversed(settings.LOCALE_PATHS))]

    def get_plural(self) -> str | None:
        """Give the expression, in C and JavaScript, for the number of the plural form."""
        return self.catalog.plural_expression if self.catalog.messages or self.catalog.plurals else None

    def get_catalog(self) -> dict[str, Any]:
        """Give the messages; those with plural forms as lists."""
        found: dict[str, Any] = {}
        chain = []
        catalog: Any = self.catalog
        while catalog is not None:
            chain.append(catalog)
            catalog = catalog.fallback
        forms = max((len(texts) for texts, _rule in self.catalog.plurals.values()), default=2)
        for catalog in reversed(chain):
            found.update(catalog.messages)
            for key, (texts, _rule) in catalog.plurals.items():
                found[key] = [texts.get(number, "") for number in range(forms)]
        return dict(sorted(found.items()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give catalog, formats and plural expression."""
        return {"catalog": self.get_catalog(), "formats": get_formats(), "plural": self.get_plural()}

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Write the script."""

        def script(value: Any) -> str:
            return json.dumps(value, sort_keys=True, indent=2).replace("\n", "\n  ")

        context["catalog_str"] = script(context["catalog"]) if context["catalog"] else None
        context["formats_str"] = script(context["formats"])
        source = source_of(builtin_template_path("i18n_catalog.js"))
        content = Engine().from_string(source).render(Context(context, autoescape=False))
        return HttpResponse(content, 'text/javascript; charset="utf-8"')


class JSONCatalog(JavaScriptCatalog):
    """The same data as JSON: ``catalog``, ``formats`` and ``plural``."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Write the JSON."""
        return JsonResponse(context)


def merged(language: str, domain: str, paths: list[str] | None) -> catalogs.Catalog:
    """Read the catalog of a language with that of ``LANGUAGE_CODE`` behind it; English messages stand in the source."""
    if not settings.USE_I18N:
        return catalogs.Catalog(language, domain)
    own = catalogs.build(language, domain, paths)
    default = settings.LANGUAGE_CODE
    if language != default and not language.startswith("en"):
        own.fallback = catalogs.build(default, domain, paths)
    return own
