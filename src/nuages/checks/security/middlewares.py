"""Which middleware the project has, by native names."""

from nuages.conf import names, settings


def has_middleware(native_path: str) -> bool:
    """Tell whether MIDDLEWARE lists the class, under either of its names."""
    return any(names.native(path) == native_path for path in settings.MIDDLEWARE)


SECURITY = "nuages.middleware.security.SecurityMiddleware"
FRAMES = "nuages.middleware.clickjacking.XFrameOptionsMiddleware"
CSRF = "nuages.middleware.csrf.CsrfViewMiddleware"
CSP = "nuages.middleware.csp.ContentSecurityPolicyMiddleware"
SESSIONS = "nuages.contrib.sessions.middleware.SessionMiddleware"
