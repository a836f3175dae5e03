"""Checks of security headers, redirects, secret keys and hosts."""

from typing import Any

from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.checks.registry import Tags, register
from nuages.checks.security.middlewares import FRAMES, SECURITY, has_middleware
from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured

CROSS_ORIGIN_OPENER_POLICY_VALUES = {"same-origin", "same-origin-allow-popups", "unsafe-none"}
REFERRER_POLICY_VALUES = {
    "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin", "strict-origin",
    "strict-origin-when-cross-origin", "unsafe-url",
}  # fmt: skip
# Keys with these beginnings were made by startproject.
SECRET_KEY_INSECURE_PREFIX = "django-insecure-"
INSECURE_PREFIXES = (SECRET_KEY_INSECURE_PREFIX, "nuages-insecure-")
SECRET_KEY_MIN_LENGTH = 50
SECRET_KEY_MIN_UNIQUE_CHARACTERS = 5

_WEAK_KEY = (
    f"Your %s is too weak: it needs at least {SECRET_KEY_MIN_LENGTH} characters, {SECRET_KEY_MIN_UNIQUE_CHARACTERS} of them "
    "different, and must not be the one that a new project comes with. Signatures are worth no more than this key."
)

W001 = Warning(
    "SecurityMiddleware is not in your MIDDLEWARE, so HSTS, the nosniff, Referrer-Policy and Cross-Origin-Opener-Policy headers "
    "and the redirect to HTTPS are all without effect.",
    id="security.W001",
)
W002 = Warning(
    "XFrameOptionsMiddleware is not in your MIDDLEWARE, so pages are sent without an X-Frame-Options header. Unless other sites "
    "have a good reason to frame yours, add it against clickjacking.",
    id="security.W002",
)
W004 = Warning(
    "SECURE_HSTS_SECONDS is not set. A site that is served over TLS only can have browsers remember this; read about HTTP Strict "
    "Transport Security first, for a careless value cannot be taken back.",
    id="security.W004",
)
W005 = Warning(
    "SECURE_HSTS_INCLUDE_SUBDOMAINS is not True, so subdomains remain open to attacks on insecure connections. Set it only if all "
    "of your domain's subdomains are served over TLS.",
    id="security.W005",
)
W006 = Warning(
    "SECURE_CONTENT_TYPE_NOSNIFF is not True, so responses lack the header that keeps browsers from guessing content types.",
    id="security.W006",
)
W008 = Warning(
    "SECURE_SSL_REDIRECT is not True. Unless the site is meant to be reached without TLS, set it, or let a proxy redirect.",
    id="security.W008",
)
W009 = Warning(_WEAK_KEY % "SECRET_KEY", id="security.W009")
W018 = Warning("DEBUG is True: error pages would show the code and the settings to visitors.", id="security.W018")
W019 = Warning(
    "XFrameOptionsMiddleware is installed, but X_FRAME_OPTIONS is not 'DENY'. Change it, unless parts of the site are framed by itself.",
    id="security.W019",
)
W020 = Warning("ALLOWED_HOSTS is empty, so no request of a deployed site would be answered.", id="security.W020")
W021 = Warning(
    "SECURE_HSTS_PRELOAD is not True, so the site cannot be put on the preload list of browsers.",
    id="security.W021",
)
W022 = Warning(
    "SECURE_REFERRER_POLICY is not set, so no Referrer-Policy header protects the privacy of your users.",
    id="security.W022",
)
E023 = Error(
    "SECURE_REFERRER_POLICY holds what is no value of the Referrer-Policy header.",
    hint=f"Valid values are: {', '.join(sorted(REFERRER_POLICY_VALUES))}.",
    id="security.E023",
)
E024 = Error(
    "SECURE_CROSS_ORIGIN_OPENER_POLICY holds what is no value of the Cross-Origin-Opener-Policy header.",
    hint=f"Valid values are: {', '.join(sorted(CROSS_ORIGIN_OPENER_POLICY_VALUES))}.",
    id="security.E024",
)
W025 = Warning(_WEAK_KEY, id="security.W025")

Messages = list[CheckMessage]


@register(Tags.security, deploy=True)
def check_security_middleware(app_configs: Any, **kwargs: Any) -> Messages:
    """W001."""
    return [] if has_middleware(SECURITY) else [W001]


@register(Tags.security, deploy=True)
def check_xframe_options_middleware(app_configs: Any, **kwargs: Any) -> Messages:
    """W002."""
    return [] if has_middleware(FRAMES) else [W002]


@register(Tags.security, deploy=True)
def check_sts(app_configs: Any, **kwargs: Any) -> Messages:
    """W004."""
    return [W004] if has_middleware(SECURITY) and not settings.SECURE_HSTS_SECONDS else []


def _strict_transport_without(name: str) -> bool:
    return has_middleware(SECURITY) and bool(settings.SECURE_HSTS_SECONDS) and getattr(settings, name) is not True


@register(Tags.security, deploy=True)
def check_sts_include_subdomains(app_configs: Any, **kwargs: Any) -> Messages:
    """W005."""
    return [W005] if _strict_transport_without("SECURE_HSTS_INCLUDE_SUBDOMAINS") else []


@register(Tags.security, deploy=True)
def check_sts_preload(app_configs: Any, **kwargs: Any) -> Messages:
    """W021."""
    return [W021] if _strict_transport_without("SECURE_HSTS_PRELOAD") else []


@register(Tags.security, deploy=True)
def check_content_type_nosniff(app_configs: Any, **kwargs: Any) -> Messages:
    """W006."""
    return [W006] if has_middleware(SECURITY) and settings.SECURE_CONTENT_TYPE_NOSNIFF is not True else []


@register(Tags.security, deploy=True)
def check_ssl_redirect(app_configs: Any, **kwargs: Any) -> Messages:
    """W008."""
    return [W008] if has_middleware(SECURITY) and settings.SECURE_SSL_REDIRECT is not True else []


def _is_strong(key: Any) -> bool:
    long_enough = len(key) >= SECRET_KEY_MIN_LENGTH and len(set(key)) >= SECRET_KEY_MIN_UNIQUE_CHARACTERS
    beginnings: Any = INSECURE_PREFIXES if isinstance(key, str) else tuple(prefix.encode() for prefix in INSECURE_PREFIXES)
    return long_enough and not key.startswith(beginnings)


@register(Tags.security, deploy=True)
def check_secret_key(app_configs: Any, **kwargs: Any) -> Messages:
    """W009."""
    try:
        key = settings.SECRET_KEY
    except (ImproperlyConfigured, AttributeError):
        return [W009]
    return [] if _is_strong(key) else [W009]


@register(Tags.security, deploy=True)
def check_secret_key_fallbacks(app_configs: Any, **kwargs: Any) -> Messages:
    """W025."""
    try:
        fallbacks = settings.SECRET_KEY_FALLBACKS
    except (ImproperlyConfigured, AttributeError):
        return [Warning(W025.msg % "SECRET_KEY_FALLBACKS", id=W025.id)]
    return [
        Warning(W025.msg % f"SECRET_KEY_FALLBACKS[{position}]", id=W025.id)
        for position, key in enumerate(fallbacks)
        if not _is_strong(key)
    ]


@register(Tags.security, deploy=True)
def check_debug(app_configs: Any, **kwargs: Any) -> Messages:
    """W018."""
    return [W018] if settings.DEBUG else []


@register(Tags.security, deploy=True)
def check_xframe_deny(app_configs: Any, **kwargs: Any) -> Messages:
    """W019."""
    return [W019] if has_middleware(FRAMES) and settings.X_FRAME_OPTIONS != "DENY" else []


@register(Tags.security, deploy=True)
def check_allowed_hosts(app_configs: Any, **kwargs: Any) -> Messages:
    """W020."""
    return [] if settings.ALLOWED_HOSTS else [W020]


@register(Tags.security, deploy=True)
def check_referrer_policy(app_configs: Any, **kwargs: Any) -> Messages:
    """W022 and E023."""
    if not has_middleware(SECURITY):
        return []
    policy = settings.SECURE_REFERRER_POLICY
    if policy is None:
        return [W022]
    values = {value.strip() for value in policy.split(",")} if isinstance(policy, str) else set(policy)
    return [] if values <= REFERRER_POLICY_VALUES else [E023]


@register(Tags.security, deploy=True)
def check_cross_origin_opener_policy(app_configs: Any, **kwargs: Any) -> Messages:
    """E024."""
    policy = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    known = policy is None or policy in CROSS_ORIGIN_OPENER_POLICY_VALUES
    return [E024] if has_middleware(SECURITY) and not known else []
