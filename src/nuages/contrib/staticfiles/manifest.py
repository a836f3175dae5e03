"""The list of hashed names, in a file beside the files."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from nuages.contrib.staticfiles.hashing import HashedFilesMixin
from nuages.files import ContentFile


class ManifestFilesMixin(HashedFilesMixin):
    """Remembers the hashed names in ``staticfiles.json``, so that serving reads no file to hash it."""

    manifest_version = "1.1"
    manifest_name = "staticfiles.json"
    manifest_strict = True
    keep_intermediate_files = False

    def __init__(self, *args: Any, manifest_storage: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manifest_storage: Any = self if manifest_storage is None else manifest_storage
        self.hashed_files, self.manifest_hash = self.load_manifest()

    def read_manifest(self) -> str | None:
        """The manifest's text, or ``None``."""
        try:
            with self.manifest_storage.open(self.manifest_name) as file:
                text: str = file.read().decode()
                return text
        except FileNotFoundError:
            return None

    def load_manifest(self) -> tuple[dict[str, str], str]:
        """(hashed names by name, the manifest's own hash); ``ValueError`` for another version."""
        text = self.read_manifest()
        if text is None:
            return {}, ""
        try:
            stored = json.loads(text)
        except json.JSONDecodeError:
            stored = {}
        if stored.get("version") in ("1.0", "1.1"):
            return stored.get("paths", {}), stored.get("hash", "")
        raise ValueError(
            f"Couldn't load manifest '{self.manifest_name}' (version {self.manifest_version}): run collectstatic again."
        )

    def post_process(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Hash the files, then write the manifest."""
        self.hashed_files = {}
        yield from super().post_process(*args, **kwargs)
        if not kwargs.get("dry_run"):
            self.save_manifest()

    def save_manifest(self) -> None:
        """Write the manifest, the same for the same files."""
        ordered = dict(sorted(self.hashed_files.items()))
        self.manifest_hash = self.file_hash(None, ContentFile(json.dumps(sorted(ordered.items())).encode())) or ""  # type: ignore[arg-type]
        payload = {"paths": ordered, "version": self.manifest_version, "hash": self.manifest_hash}
        if self.manifest_storage.exists(self.manifest_name):
            self.manifest_storage.delete(self.manifest_name)
        self.manifest_storage._save(self.manifest_name, ContentFile(json.dumps(payload).encode()))

    def stored_name(self, name: str) -> str:
        """The hashed name; ``ValueError`` for a file that was not collected, if ``manifest_strict``."""
        parts = list(urlsplit(unquote(name)))
        clean = parts[2].strip()
        key = self.hash_key(self.clean_name(posixpath.normpath(clean) if clean else clean))
        known = self.hashed_files.get(key)
        if known is None:
            if self.manifest_strict:
                raise ValueError(f"Missing staticfiles manifest entry for '{clean}'")
            known = self.clean_name(self.hashed_name(name))
        parts[2] = known
        if "?#" in name and not parts[3]:
            parts[2] += "?"
        return urlunsplit(parts)
