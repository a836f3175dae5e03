"""Site: a domain and a name for the people who read them."""

from __future__ import annotations

import string
from typing import Any, ClassVar

from nuages import models
from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured, ValidationError
from nuages.http.hosts import split_domain_port
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.signals import pre_delete, pre_save

SITE_CACHE: dict[Any, Any] = {}


def _simple_domain_name_validator(value: str) -> None:
    """Refuse domains with white space; names of hosts are too varied to check more."""
    if any(character in string.whitespace for character in value):
        raise ValidationError(_("A domain name has no spaces or tabs in it."), code="invalid")


class SiteManager(models.Manager):
    """Finds the current site, and remembers sites."""

    use_in_migrations = True

    def _get_site_by_id(self, site_id: Any) -> Any:
        if site_id not in SITE_CACHE:
            SITE_CACHE[site_id] = self.get(pk=site_id)
        return SITE_CACHE[site_id]

    def _get_site_by_request(self, request: Any) -> Any:
        host = request.get_host()
        for known in (host, split_domain_port(host)[0]):
            if known not in SITE_CACHE:
                try:
                    SITE_CACHE[known] = self.get(domain__iexact=known)
                except self.model.DoesNotExist:
                    continue
            return SITE_CACHE[known]
        raise self.model.DoesNotExist(f"Site matching query does not exist: no site has the domain {host!r}.")

    def get_current(self, request: Any = None) -> Any:
        """The site of ``SITE_ID``, else the one of the request's host. Raises ImproperlyConfigured and DoesNotExist."""
        if getattr(settings, "SITE_ID", ""):
            return self._get_site_by_id(settings.SITE_ID)
        if request:
            return self._get_site_by_request(request)
        raise ImproperlyConfigured(
            "The sites app cannot tell which site is meant: set SITE_ID in the settings, or pass a request to Site.objects.get_current()."
        )

    def clear_cache(self) -> None:
        """Forget all sites."""
        SITE_CACHE.clear()

    def get_by_natural_key(self, domain: str) -> Any:
        """The site with the domain. Raises DoesNotExist."""
        return self.get(domain=domain)


class Site(models.Model):
    """A site that the project serves."""

    domain = models.CharField(_("domain name"), max_length=100, validators=[_simple_domain_name_validator], unique=True)
    name = models.CharField(_("display name"), max_length=50)
    objects: ClassVar[Any] = SiteManager()

    class Meta:
        db_table = "django_site"
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["domain"]

    def __str__(self) -> str:
        return str(self.domain)

    def natural_key(self) -> tuple[str]:
        """The domain, by which other databases know the site."""
        return (self.domain,)


def clear_site_cache(sender: Any, **kwargs: Any) -> None:
    """Forget a site that changes or goes."""
    instance, using = kwargs["instance"], kwargs["using"]
    SITE_CACHE.pop(instance.pk, None)
    try:
        before = Site.objects.using(using).get(pk=instance.pk)
    except Site.DoesNotExist:
        return
    SITE_CACHE.pop(before.domain, None)


pre_save.connect(clear_site_cache, sender=Site)
pre_delete.connect(clear_site_cache, sender=Site)

__all__ = ["SITE_CACHE", "Site", "SiteManager", "clear_site_cache"]
