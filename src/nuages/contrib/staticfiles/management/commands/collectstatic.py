"""Collect the static files of all applications in one place."""

from __future__ import annotations

import os
from typing import Any

from nuages.apps import apps
from nuages.checks import Tags
from nuages.cli.command import BaseCommand, CommandError
from nuages.contrib.staticfiles.finders import get_finders
from nuages.contrib.staticfiles.storage import staticfiles_storage


class Command(BaseCommand):
    """``collectstatic``: copy or link what changed, then let the storage post-process it."""

    help = "Collects static files in one place, the storage of static files."
    requires_system_checks = [Tags.staticfiles]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage: Any = staticfiles_storage
        self._reset()

    def _reset(self) -> None:
        self.copied_files: list[str] = []
        self.symlinked_files: list[str] = []
        self.unmodified_files: list[str] = []
        self.post_processed_files: list[str] = []
        self.skipped_files: list[str] = []
        self.deleted_files: list[str] = []

    @property
    def local(self) -> bool:
        """Whether the storage keeps files in a folder of this machine."""
        try:
            self.storage.path("")
        except NotImplementedError:
            return False
        return True

    def add_arguments(self, parser: Any) -> None:
        """The options."""
        add = parser.add_argument
        add("--noinput", "--no-input", dest="interactive", action="store_false", help="Ask nothing.")
        add(
            "--no-post-process",
            dest="post_process",
            action="store_false",
            help="Leave the collected files as they are.",
        )
        add(
            "-i",
            "--ignore",
            dest="ignore_patterns",
            metavar="PATTERN",
            action="append",
            default=[],
            help="Ignore files that match this shell pattern; may be given several times.",
        )
        add("-n", "--dry-run", action="store_true", help="Change nothing, only say what would be done.")
        add("-c", "--clear", action="store_true", help="Delete what the storage holds first.")
        add("-l", "--link", action="store_true", help="Link to the files instead of copying them.")
        add(
            "--no-default-ignore",
            dest="use_default_ignore_patterns",
            action="store_false",
            help="Do not ignore 'CVS', '.*' and '*~'.",
        )

    def set_options(self, **options: Any) -> None:
        """Take over the parsed options."""
        self.interactive: bool = options["interactive"]
        self.verbosity: int = options["verbosity"]
        self.symlink: bool = options["link"]
        self.clear: bool = options["clear"]
        self.dry_run: bool = options["dry_run"]
        patterns = list(options["ignore_patterns"])
        if options["use_default_ignore_patterns"]:
            patterns += apps.get_app_config("staticfiles").ignore_patterns  # type: ignore[attr-defined]
        self.ignore_patterns = list(dict.fromkeys(os.path.normpath(pattern) for pattern in patterns))
        self.post_process: bool = options["post_process"]

    def collect(self) -> dict[str, list[str]]:
        """Do it; returns the names of the files by what happened to them."""
        if self.symlink and not self.local:
            raise CommandError("Can't symlink to a remote destination.")
        if self.clear:
            self.clear_dir("")
        handler = self.link_file if self.symlink else self.copy_file
        found: dict[str, tuple[Any, str]] = {}
        for finder in get_finders():
            for path, storage in finder.list(self.ignore_patterns):
                prefix = getattr(storage, "prefix", None)
                target = os.path.join(prefix, path) if prefix else path
                if target in found:
                    self.skipped_files.append(path)
                    self.log(
                        f"Another file is collected as '{target}' already: only the first one counts. Give one of them a folder "
                        "of its own if both are needed.",
                        level=1 if self.verbosity > 1 else 2,
                    )
                else:
                    found[target] = (storage, path)
                    handler(path, target, storage)
        if self.post_process and hasattr(self.storage, "post_process"):
            self._post_process(found)
        return {
            "deleted": self.deleted_files,
            "modified": [*self.copied_files, *self.symlinked_files],
            "unmodified": self.unmodified_files,
            "skipped": self.skipped_files,
            "post_processed": self.post_processed_files,
        }

    def _post_process(self, found: dict[str, tuple[Any, str]]) -> None:
        for name, processed_name, processed in self.storage.post_process(found, dry_run=self.dry_run):
            if isinstance(processed, Exception):
                self.stderr.write(f"Post-processing '{name}' failed!")
                self.stderr.write("")
                raise processed
            if processed:
                self.log(f"Post-processed '{name}' as '{processed_name}'", level=2)
                self.post_processed_files.append(name)
            else:
                self.log(f"Skipped post-processing '{name}'")

    def handle(self, **options: Any) -> str | None:  # type: ignore[override]
        """Ask where files may be lost, then collect."""
        self._reset()
        self.set_options(**options)
        if self.interactive and not self.dry_run and not self._confirmed():
            raise CommandError("Collecting static files cancelled.")
        try:
            collected = self.collect()
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from error
        if self.verbosity < 1:
            return None
        return self._summary(collected)

    def _confirmed(self) -> bool:
        place = f":\n\n    {self.storage.location}\n\n" if self._has_files() else ".\n\n"
        if not self._has_files() and not self.clear:
            return True
        what = "This will DELETE ALL FILES there!" if self.clear else "This will overwrite existing files!"
        question = (
            "You have requested to collect static files at the destination\nlocation as specified in your settings"
            f"{place}{what}\nAre you sure you want to do this?\n\nType 'yes' to continue, or 'no' to cancel: "
        )
        return input(question) == "yes"

    def _has_files(self) -> bool:
        if not self.local or not self.storage.location:
            return False
        try:
            folders, files = self.storage.listdir("")
        except OSError:
            return False
        return bool(folders or files)

    def _summary(self, collected: dict[str, list[str]]) -> str:
        modified, unmodified = len(collected["modified"]), len(collected["unmodified"])
        verb = "symlinked" if self.symlink else "copied"
        parts = [f"{modified} static file{'' if modified == 1 else 's'} {verb}"]
        if self.local and self.storage.location:
            parts[0] += f" to '{self.storage.location}'"
        if unmodified:
            parts.append(f"{unmodified} unmodified")
        if collected["post_processed"]:
            parts.append(f"{len(collected['post_processed'])} post-processed")
        if collected["skipped"] and self.verbosity > 1:
            parts.append(f"{len(collected['skipped'])} skipped")
        return f"\n{', '.join(parts)}."

    def log(self, msg: str, level: int = 2) -> None:
        """Write a line, if the verbosity is at least ``level``."""
        if self.verbosity >= level:
            self.stdout.write(msg)

    def clear_dir(self, path: str) -> None:
        """Delete all below a folder of the storage."""
        if not self.storage.exists(path):
            return
        folders, files = self.storage.listdir(path)
        for name in files:
            target = os.path.join(path, name)
            if self.dry_run:
                self.log(f"Pretending to delete '{target}'", level=1)
                continue
            self.log(f"Deleting '{target}'", level=1)
            self.deleted_files.append(target)
            self._delete(target)
        for name in folders:
            self.clear_dir(os.path.join(path, name))

    def _delete(self, target: str) -> None:
        try:
            full = self.storage.path(target)
        except NotImplementedError:
            self.storage.delete(target)
            return
        if os.path.lexists(full) and not os.path.exists(full):
            os.unlink(full)  # a link that leads nowhere
        else:
            self.storage.delete(target)

    def delete_file(self, path: str, prefixed_path: str, source_storage: Any) -> bool:
        """Make room for a file; false if what is there is up to date."""
        if not self.storage.exists(prefixed_path):
            return True
        if self._is_current(path, prefixed_path, source_storage):
            if prefixed_path not in self.unmodified_files:
                self.unmodified_files.append(prefixed_path)
            self.log(f"Skipping '{path}' (not modified)")
            return False
        if self.dry_run:
            self.log(f"Pretending to delete '{path}'")
        else:
            self.log(f"Deleting '{path}'")
            self.storage.delete(prefixed_path)
        return True

    def _is_current(self, path: str, target: str, source: Any) -> bool:
        try:
            target_time = self.storage.get_modified_time(target)
            source_time = source.get_modified_time(path)
        except (OSError, NotImplementedError, AttributeError):
            return False
        is_link = self.local and os.path.islink(self.storage.path(target))
        if self.local and is_link != self.symlink:
            return False
        # File systems keep times of different precision: whole seconds are compared.
        return bool(target_time.replace(microsecond=0) >= source_time.replace(microsecond=0))

    def link_file(self, path: str, prefixed_path: str, source_storage: Any) -> None:
        """Link to a file."""
        if prefixed_path in self.symlinked_files:
            self.log(f"Skipping '{path}' (already linked earlier)")
            return
        if not self.delete_file(path, prefixed_path, source_storage):
            return
        source = source_storage.path(path)
        if self.dry_run:
            self.log(f"Pretending to link '{source}'", level=1)
        else:
            self.log(f"Linking '{source}'", level=2)
            full = self.storage.path(prefixed_path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if os.path.lexists(full):
                os.unlink(full)
            os.symlink(source, full)
        self.symlinked_files.append(prefixed_path)

    def copy_file(self, path: str, prefixed_path: str, source_storage: Any) -> None:
        """Copy a file."""
        if prefixed_path in self.copied_files:
            self.log(f"Skipping '{path}' (already copied earlier)")
            return
        if not self.delete_file(path, prefixed_path, source_storage):
            return
        if self.dry_run:
            self.log(f"Pretending to copy '{path}'", level=1)
        else:
            self.log(f"Copying '{path}'", level=2)
            with source_storage.open(path) as file:
                self.storage.save(prefixed_path, file)
        self.copied_files.append(prefixed_path)
