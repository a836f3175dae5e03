"""Template tags about users."""

from __future__ import annotations

from nuages.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, identify_hasher
from nuages.i18n.translation import gettext
from nuages.template import Library
from nuages.text.html import format_html, format_html_join

register = Library()


@register.simple_tag
def render_password_as_hash(value: str | None) -> str:
    """What may be shown of a stored password."""
    if not value or value.startswith(UNUSABLE_PASSWORD_PREFIX):
        return format_html("<p><strong>{}</strong></p>", gettext("No password set."))
    try:
        hasher = identify_hasher(value)
    except ValueError:
        return format_html(
            "<p><strong>{}</strong></p>", gettext("Invalid password format or unknown hashing algorithm.")
        )
    parts = ((gettext(name), part) for name, part in hasher.safe_summary(value).items())
    return format_html("<p>{}</p>", format_html_join(" ", "<strong>{}</strong>: <bdi>{}</bdi>", parts))
