"""Finding URLs and addresses in text and turning them into links."""

import warnings
from html import escape, unescape
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlsplit, urlunsplit

from nuages.text.ambient import setting
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.encoding import MAX_URL_LENGTH
from nuages.text.lazy import keep_lazy_text
from nuages.text.regex import lazy_compile
from nuages.text.safestring import SafeData, SafeString

MAX_EMAIL_LENGTH = 320

_LETTER = r"A-Za-z0-9_\u00a1-\U0010ffff"
_HOST = rf"(?:[{_LETTER}](?:[{_LETTER}-]*[{_LETTER}])?\.)+"
_WORD_SEPARATOR = lazy_compile(r"""([\s<>"']+)""")
# Upper and lower case are written out: to ignore the case of so many letters takes the compiler long.
_WITH_SCHEME = lazy_compile(rf"[hH][tT]{{2}}[pP][sS]?://\[?[{_LETTER}]")
_WITH_WWW = lazy_compile(rf"[wW]{{3}}\.[{_LETTER}]")
_WITH_KNOWN_ENDING = lazy_compile(rf"(?!http){_HOST}(?i:com|edu|gov|int|mil|net|org)(?:$|/)")
_EMAIL_DOMAIN = lazy_compile(rf"{_HOST}[A-Za-z\u00a1-\U0010ffff][{_LETTER}-]*\Z")
_EMAIL_LOCAL = lazy_compile(rf"[{_LETTER}!#$%&'*+/=?^`{{}}|~.-]+\Z")
_ENTITY_AT_END = lazy_compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});\Z")
_BRACKETS = {")": "(", "]": "["}
_ENTITY_ROOM = 40


def _requote(text: str, safe: str) -> str:
    # Unquoted first, so that what was encoded already is not encoded twice.
    return quote(unquote(text), safe=safe)


def smart_urlquote(url: str) -> str:
    """Percent-encode what needs it in each part of ``url``, and leave alone what is encoded."""
    try:
        scheme, netloc, path, query, fragment = urlsplit(url)
    except ValueError:
        return _requote(url, "!*'();:@&=+$,/?#[]~")
    if query:
        pairs = (part.partition("=") for part in query.split("&") if part)
        query = "&".join(quote_plus(unquote_plus(name)) + mark + quote_plus(unquote_plus(value)) for name, mark, value in pairs)
    parts = (scheme, _requote(netloc, "!*'();:@&=+$,/?#[]~"), _requote(path, "!*'();:@&=+$,/~"), query, _requote(fragment, "!*'();:@&=+$,/?~"))
    return urlunsplit(parts)


class Urlizer:
    """Turns bare URLs and e-mail addresses of a text into links; subclasses may change the templates and marks."""

    trailing_punctuation_chars = ".,:;!"
    wrapping_punctuation = [("(", ")"), ("[", "]")]
    url_template = '<a href="{href}"{attrs}>{url}</a>'
    mailto_template = "mailto:{local}@{domain}"

    def __call__(self, text: Any, trim_url_limit: int | None = None, nofollow: bool = True, autoescape: bool = False) -> str:
        """Return ``text`` with links; see :func:`urlize`."""
        must_escape = autoescape and not isinstance(text, SafeData)
        pieces = []
        for position, word in enumerate(_WORD_SEPARATOR.split(str(text))):
            if position % 2 or not any(mark in word for mark in ".@:"):
                pieces.append(escape(word) if must_escape else word)
            else:
                pieces.append(self.handle_word(word, must_escape, trim_url_limit, nofollow))
        return "".join(pieces)

    def handle_word(self, word: str, must_escape: bool, trim_url_limit: int | None = None, nofollow: bool = False) -> str:
        """Return one word of the text, as a link if it is one."""
        lead, middle, trail = self.trim_punctuation(word)
        href = self.href(middle)
        if href is None:
            return escape(word) if must_escape else word
        attrs = ' rel="nofollow"' if nofollow and not href.startswith("mailto:") else ""
        shown = self.trim_url(middle, limit=trim_url_limit)
        if must_escape:
            lead, shown, trail = map(escape, (lead, shown, trail))
        return lead + self.url_template.format(href=escape(href), attrs=attrs, url=shown) + trail

    def href(self, middle: str) -> str | None:
        """Return the target of the link that ``middle`` is, or None if it is none."""
        if len(middle) <= MAX_URL_LENGTH:
            if _WITH_SCHEME.match(middle):
                return smart_urlquote(unescape(middle))
            if (_WITH_WWW.match(middle) or _WITH_KNOWN_ENDING.match(middle)) and "@" not in middle.partition("/")[0]:
                return smart_urlquote(f"{self.default_scheme()}://{unescape(middle)}")
        if len(middle) <= MAX_EMAIL_LENGTH and self.is_email_simple(middle):
            local, _, domain = middle.rpartition("@")
            return self.mailto_template.format(local=quote(local, safe=""), domain=quote(domain, safe=""))
        return None

    def default_scheme(self) -> str:
        """Return the scheme of links that are written without one; ``http`` until the transitional setting is switched on."""
        if setting("URLIZE_ASSUME_HTTPS", False):
            return "https"
        warnings.warn(
            "The default protocol will be changed from HTTP to HTTPS in the next version. Set the transitional setting "
            "URLIZE_ASSUME_HTTPS to True to have it now.",
            RemovedInNextVersionWarning,
            stacklevel=2,
        )
        return "http"

    def trim_url(self, text: str, *, limit: int | None) -> str:
        """Return ``text`` cut to ``limit`` characters, an ellipsis included."""
        if limit is None or len(text) <= limit:
            return text
        return text[: max(0, limit - 1)] + "…"

    def trim_punctuation(self, word: str) -> tuple[str, str, str]:
        """Split ``word`` into opening brackets, the middle, and closing brackets and punctuation. Linear in its length."""
        start, end = 0, len(word)
        openers = {opening: word.count(opening) for opening, _ in self.wrapping_punctuation}
        closers = {closing: word.count(closing) for _, closing in self.wrapping_punctuation}
        while start < end and word[start] in openers:
            openers[word[start]] -= 1
            start += 1
        while end > start:
            last = word[end - 1]
            if last in closers and closers[last] > openers[_BRACKETS[last]]:
                closers[last] -= 1
            elif last not in self.trailing_punctuation_chars or (last == ";" and _ENTITY_AT_END.search(word[max(start, end - _ENTITY_ROOM) : end])):
                break
            end -= 1
        return word[:start], word[start:end], word[end:]

    @staticmethod
    def is_email_simple(value: str) -> bool:
        """Tell whether ``value`` has the look of an e-mail address; cheaper and looser than the validator."""
        local, _, domain = value.partition("@")
        return bool(local and domain and _EMAIL_LOCAL.match(local) and _EMAIL_DOMAIN.match(domain))


urlizer = Urlizer()


@keep_lazy_text
def urlize(text: Any, trim_url_limit: int | None = None, nofollow: bool = False, autoescape: bool = False) -> str:
    """Turn URLs and e-mail addresses in ``text`` into links.

    ``trim_url_limit`` cuts the shown text of links, ``nofollow`` adds the ``rel``, ``autoescape`` escapes everything.
    """
    return SafeString(urlizer(text, trim_url_limit=trim_url_limit, nofollow=nofollow, autoescape=autoescape))
