"""Names with hashes: ``css/site.css`` is served as ``css/site.4f1e8a0c9d3b.css``, and style sheets refer to it so.

A file's hash depends on its content, and a style sheet's content on the hashed names of the files that it refers to. Files are
therefore hashed after those they need; files that need each other are hashed again until nothing changes.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import unquote, urldefrag, urlsplit, urlunsplit

from nuages.conf import settings
from nuages.contrib.staticfiles.sources import matches_patterns
from nuages.files import ContentFile

Pattern = str | tuple[str, str]

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.I)


class HashedFilesMixin:
    """For a storage: hashes in names, and references rewritten to them."""

    default_template = """url("%(url)s")"""
    max_post_process_passes = 5
    support_js_module_import_aggregation = False
    keep_intermediate_files = True
    manifest_strict = True
    hashed_files: dict[str, str]

    _js_patterns: ClassVar[tuple[str, tuple[Pattern, ...]]] = (
        "*.js",
        (
            (
                r"""(?P<matched>import(?s:(?P<import>[\s\{].*?|\*\s*as\s*\w+))\s*from\s*['"](?P<url>[./].*?)["']\s*;)""",
                """import%(import)s from "%(url)s";""",
            ),
            (
                r"""(?P<matched>export(?s:(?P<exports>[\s\{].*?))\s*from\s*["'](?P<url>[./].*?)["']\s*;)""",
                """export%(exports)s from "%(url)s";""",
            ),
            (r"""(?P<matched>import\s*['"](?P<url>[./].*?)["']\s*;)""", """import"%(url)s";"""),
            (r"""(?P<matched>import\(["'](?P<url>.*?)["']\))""", """import("%(url)s")"""),
        ),
    )
    _source_map: ClassVar[tuple[Pattern, ...]] = (
        (r"(?m)^(?P<matched>//#[ \t](?-i:sourceMappingURL)=(?P<url>.*))$", "//# sourceMappingURL=%(url)s"),
    )
    patterns: ClassVar[tuple[Any, ...]] = (
        (
            "*.css",
            (
                r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", """@import url("%(url)s")"""),
                (
                    r"(?m)^(?P<matched>/\*#[ \t](?-i:sourceMappingURL)=(?P<url>.*)[ \t]*\*/)$",
                    "/*# sourceMappingURL=%(url)s */",
                ),
            ),
        ),
        ("*.js", _source_map),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self.support_js_module_import_aggregation:
            self.patterns = (*self.patterns, self._js_patterns)  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.hashed_files = {}
        self._compiled = [
            (extension, [_compile(pattern, self.default_template) for pattern in patterns])
            for extension, patterns in self.patterns
        ]

    # Names

    def file_hash(self, name: str, content: Any = None) -> str | None:
        """Twelve hexadecimal digits of the content's MD5; ``None`` without content."""
        if content is None:
            return None
        digest = hashlib.md5(usedforsecurity=False)
        for chunk in content.chunks():
            digest.update(chunk)
        return digest.hexdigest()[:12]

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """The name with the hash; ``ValueError`` for a file that does not exist."""
        parsed = urlsplit(unquote(name))
        clean = parsed.path.strip()
        source = (filename and urlsplit(unquote(filename)).path.strip()) or clean
        opened = content is None
        if opened:
            if not self.exists(source):  # type: ignore[attr-defined]
                raise ValueError(f"The file '{source}' could not be found with {self!r}.")
            try:
                content = self.open(source)  # type: ignore[attr-defined]
            except OSError:  # a folder, say: it has no hash
                return name
        try:
            digest = self.file_hash(clean, content)
        finally:
            if opened:
                content.close()
        folder, base = os.path.split(clean)
        stem, extension = os.path.splitext(base)
        named = os.path.join(folder, f"{stem}{f'.{digest}' if digest else ''}{extension}")
        parts = list(parsed)
        parts[2] = named
        # A query's bare question mark would get lost: "font.eot?#iefix".
        if "?#" in name and not parts[3]:
            parts[2] += "?"
        return urlunsplit(parts)

    def hash_key(self, name: str) -> str:
        """The key of a name in ``hashed_files``."""
        return name

    def clean_name(self, name: str) -> str:
        """The name with slashes, on every system."""
        return name.replace("\\", "/")

    def stored_name(self, name: str) -> str:
        """The hashed name, from memory or worked out."""
        clean = posixpath.normpath(name) if name else name
        key = self.hash_key(self.clean_name(clean))
        known = self.hashed_files.get(key)
        if known is None:
            known = self.clean_name(self.hashed_name(name))
            self.hashed_files[key] = known
        return known

    def url(self, name: str | None, force: bool = False) -> str:
        """The address; with the hash unless DEBUG is on (and not ``force``)."""
        return self._url(self.stored_name, name or "", force)

    def _url(self, hashed_name: Any, name: str, force: bool = False, hashed_files: Any = None) -> str:
        if settings.DEBUG and not force:
            hashed, fragment = name, ""
        else:
            clean, fragment = urldefrag(name)
            if urlsplit(clean).path.endswith("/"):  # a folder
                hashed = name
            else:
                hashed = hashed_name(clean) if hashed_files is None else hashed_name(clean, hashed_files)
        address = super().url(hashed)  # type: ignore[misc]
        if fragment:
            joint = "?#" if "?#" in name else "#"
            if fragment and not urlsplit(address).fragment:
                address = f"{address.removesuffix('?')}{joint}{fragment}"
        return str(address)

    # Post-processing

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash the collected files; yields (name, hashed name, processed or an exception) of each.

        ``paths`` maps names to (storage, path). Files that refer to others are rewritten and saved under their hashed name.
        """
        if dry_run:
            return
        hashed: dict[str, str] = {}
        adjustable = {name for name in paths if matches_patterns(name, [extension for extension, _ in self._compiled])}
        done: dict[str, Any] = {}
        for name in sorted(set(paths) - adjustable):
            done[name] = self._save_hashed(name, paths, hashed, None)
        passes = 0
        changed = True
        while adjustable and changed and passes < self.max_post_process_passes:
            changed = False
            passes += 1
            for name in sorted(adjustable, key=lambda name: name.count(os.sep), reverse=True):
                before = hashed.get(self.hash_key(self.clean_name(name)))
                done[name] = self._save_hashed(name, paths, hashed, paths)
                if isinstance(done[name][2], Exception):
                    yield done[name]
                    return
                changed = changed or done[name][1] != before
        yield from (done[name] for name in sorted(done))
        self.hashed_files.update(hashed)
        if changed and adjustable:
            yield "All", None, RuntimeError("Max post-process passes exceeded.")

    def _save_hashed(
        self, name: str, paths: dict[str, Any], hashed: dict[str, str], rewrite: Any
    ) -> tuple[str, str | None, Any]:
        storage, path = paths[name]
        with storage.open(path) as original:
            content: Any = original
            rewritten = False
            if rewrite is not None:
                try:
                    text = original.read().decode("utf-8")
                except UnicodeDecodeError as error:
                    return name, None, error
                try:
                    new = self._rewritten(name, text, hashed, paths)
                except ValueError as error:
                    return name, None, error
                rewritten = new != text
                content = ContentFile(new.encode())
            if hasattr(content, "seek"):
                content.seek(0)
            hashed_name = self.clean_name(self.hashed_name(name, content))
            if not self.exists(hashed_name):  # type: ignore[attr-defined]
                if hasattr(content, "seek"):
                    content.seek(0)
                hashed_name = self.clean_name(self._save(hashed_name, content))  # type: ignore[attr-defined]
                rewritten = True
        hashed[self.hash_key(self.clean_name(name))] = hashed_name
        return name, hashed_name, rewritten

    def _rewritten(self, name: str, text: str, hashed: dict[str, str], paths: dict[str, Any]) -> str:
        for extension, patterns in self._compiled:
            if not matches_patterns(name, (extension,)):
                continue
            for pattern, template in patterns:
                skipped = [match.span() for match in _COMMENT.finditer(text)] if name.endswith(".css") else []
                convert = self.url_converter(name, hashed, template, skipped)
                text = pattern.sub(convert, text)
        return text

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None, comment_blocks: Any = ()
    ) -> Any:
        """The function that replaces a reference in the file ``name`` by one to the hashed file."""
        chosen = template or self.default_template

        def convert(match: re.Match[str]) -> str:
            found = match.groupdict()
            matched, url = found["matched"], found["url"]
            if "sourceMappingURL" not in matched and any(a <= match.start() < b for a, b in comment_blocks):
                return matched
            if _ELSEWHERE.match(url) or url.startswith("//"):
                return matched
            static = settings.STATIC_URL or ""
            if url.startswith("/") and not url.startswith(static):
                return matched
            path, fragment = urldefrag(url)
            if not path:
                return matched
            if path.startswith("/"):
                target = path.removeprefix(static)
            else:
                own = name if os.sep == "/" else name.replace(os.sep, "/")
                target = posixpath.join(posixpath.dirname(own), path)
            try:
                address = self._url(self._stored_for_rewrite, unquote(target), force=True, hashed_files=hashed_files)
            except ValueError as error:
                line = match.string.count("\n", 0, match.start()) + 1
                error.add_note(f"Referenced in {name!r}, line {line}: {matched}")
                raise ValueError(f"{error} It is referenced in {name!r}, line {line}: {matched}") from error
            # Stay relative where the reference was.
            new = "/".join([*url.split("/")[:-1], *address.split("/")[-1:]])
            if fragment:
                new += ("?#" if "?#" in url else "#") + fragment
            found["url"] = unquote(new)
            return chosen % found

        return convert

    def _stored_for_rewrite(self, name: str, hashed_files: dict[str, str]) -> str:
        clean = posixpath.normpath(urlsplit(name).path)
        known = hashed_files.get(self.hash_key(self.clean_name(clean)))
        return known if known is not None else self.clean_name(self.hashed_name(posixpath.normpath(name)))


def _compile(pattern: Pattern, default: str) -> tuple[re.Pattern[str], str]:
    expression, template = (pattern, default) if isinstance(pattern, str) else pattern
    return re.compile(expression, re.IGNORECASE), template
