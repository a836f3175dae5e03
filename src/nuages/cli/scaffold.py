"""Making projects and apps from templates: folders, archives or URLs."""

import os
import posixpath
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import nuages
import nuages.conf
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.programs import handle_extensions, run_formatters
from nuages.conf import names
from nuages.template.context import Context
from nuages.template.engine import Engine
from nuages.text import archive

TEMPLATES = Path(nuages.conf.__file__).parent
URL_SCHEMES = ("http://", "https://", "ftp://")
# a template's file that must not look like Python code to packaging tools
REWRITTEN_SUFFIXES = ((".py-tpl", ".py"),)


def with_public_names(source: str) -> str:
    """The source of a template with the names by which a project sees what it imports or names in settings."""

    def imported(match: re.Match[str]) -> str:
        parent, _, name = names.public(f"nuages.{match[1]}").rpartition(".")
        return f"from {parent} import {name}"

    source = re.sub(r"\bfrom nuages import (\w+)$", imported, source, flags=re.MULTILINE)
    source = re.sub(r"\bnuages(?:\.\w+)+", lambda match: names.public(match[0]), source)
    return source.replace("NUAGES_SETTINGS_MODULE", names.ENVIRONMENT_VARIABLE)


class TemplateCommand(BaseCommand):
    """Copies a template of a project or an app, and renders its files on the way."""

    requires_system_checks = []
    url_schemes = ("http", "https", "ftp")
    rewrite_template_suffixes = REWRITTEN_SUFFIXES

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("name", help="Name of the application or project.")
        add("directory", nargs="?", help="Destination folder; made if it isn't there.")
        add("--template", help="A folder, an archive, or the URL of an archive.")
        add(
            "--extension",
            "-e",
            action="append",
            dest="extensions",
            default=["py"],
            help="Extensions of files to render (default: py).",
        )
        add("--name", "-n", action="append", dest="files", default=[], help="Names of other files to render.")
        add(
            "--exclude",
            "-x",
            action="append",
            default=None,
            nargs="?",
            const="",
            help="Folders to leave out, besides .git and __pycache__.",
        )

    def handle(self, app_or_project: str, name: str, target: str | None = None, **options: Any) -> None:  # type: ignore[override]
        """Make the project or app."""
        self.app_or_project = app_or_project
        self.a_or_an = "an" if app_or_project == "app" else "a"
        self.verbosity = options["verbosity"]
        self.validate_name(name)
        top = self._destination(name, target)
        context = Context({**options, **self._variables(name, top)}, autoescape=False)
        with ExitStack() as stack:
            source = self.handle_template(options["template"], f"{app_or_project}_template", stack)
            written = list(self._copy(source, top, name, context, options))
        run_formatters(written, stderr=self.stderr)

    def _destination(self, name: str, target: str | None) -> str:
        if target is None:
            top = os.path.join(os.getcwd(), name)
            try:
                os.makedirs(top)
            except FileExistsError:
                raise CommandError(f"'{top}' already exists") from None
            except OSError as error:
                raise CommandError(str(error)) from error
            return top
        top = os.path.abspath(os.path.expanduser(target))
        if self.app_or_project == "app":
            self.validate_name(os.path.basename(top), "directory")
        os.makedirs(top, exist_ok=True)
        return top

    def _variables(self, name: str, top: str) -> dict[str, Any]:
        kind = self.app_or_project
        version = names.version() or nuages.__version__
        root = names.public("nuages.conf").rpartition(".")[0]
        return {
            f"{kind}_name": name,
            f"{kind}_directory": top,
            f"camel_case_{kind}_name": "".join(part for part in name.title() if part != "_"),
            "docs_version": ".".join(version.split(".")[:2]),
            f"{root}_version": version,
            "django_version": version,
        }

    def _copy(self, source: str, top: str, name: str, context: Context, options: dict[str, Any]) -> Iterator[str]:
        rendered = handle_extensions(options["extensions"])
        extra = [part for given in options["files"] for part in given.split(",")]
        excluded = {".git", "__pycache__"} | set(filter(None, options["exclude"] or ()))
        placeholder = f"{self.app_or_project}_name"
        for root, folders, files in os.walk(source):
            relative = os.path.relpath(root, source).replace(placeholder, name)
            if relative != ".":
                os.makedirs(os.path.join(top, relative), exist_ok=True)
            hidden = options["exclude"] is None
            folders[:] = [d for d in folders if d not in excluded and not (hidden and d.startswith("."))]
            for filename in files:
                if filename.endswith((".pyo", ".pyc", ".py.class")):
                    continue
                new = os.path.normpath(os.path.join(top, relative, filename.replace(placeholder, name)))
                for old_suffix, new_suffix in self.rewrite_template_suffixes:
                    if new.endswith(old_suffix):
                        new = new.removesuffix(old_suffix) + new_suffix
                        break
                self._write(
                    os.path.join(root, filename), new, new.endswith(tuple(rendered)) or filename in extra, context
                )
                yield new

    def _write(self, old: str, new: str, render: bool, context: Context) -> None:
        if os.path.exists(new):
            raise CommandError(
                f"{new} already exists. Overlaying {self.a_or_an} {self.app_or_project} into an existing directory "
                "won't replace conflicting files."
            )
        if render:
            content = Path(old).read_text(encoding="utf-8")
            if Path(old).is_relative_to(TEMPLATES):
                content = with_public_names(content)
            Path(new).write_text(Engine().from_string(content).render(context), encoding="utf-8")
        else:
            shutil.copyfile(old, new)
        if self.verbosity >= 2:
            self.stdout.write(f"Creating {new}")
        try:
            self.apply_umask(old, new)
            self.make_writeable(new)
        except OSError:
            self.stderr.write(f"The permissions of {new} could not be set; everything else is done.", self.style.NOTICE)

    def handle_template(self, template: str | None, subdir: str, stack: ExitStack) -> str:
        """The folder of the template: our own, one given, or one unpacked from an archive."""
        if template is None:
            return str(TEMPLATES / subdir)
        path = os.path.expanduser(template.removeprefix("file://"))
        path = os.path.normpath(path) if not self.is_url(template) else template
        if os.path.isdir(path):
            return path
        if self.is_url(template):
            path = self.download(template, stack)
        else:
            path = os.path.abspath(path)
        if os.path.exists(path):
            return self.extract(path, stack)
        raise CommandError(f"couldn't handle {self.app_or_project} template {template}.")

    def validate_name(self, name: str | None, name_or_dir: str = "name") -> None:
        """Refuse a name that is no identifier, or that would hide an importable module."""
        if name is None:
            raise CommandError(f"you must provide {self.a_or_an} {self.app_or_project} name")
        if not name.isidentifier():
            raise CommandError(
                f"'{name}' is not a valid {self.app_or_project} {name_or_dir}. Please make sure the {name_or_dir} is a "
                "valid identifier."
            )
        if find_spec(name) is not None and name_or_dir == "name":
            raise CommandError(
                f"'{name}' conflicts with the name of an existing Python module and cannot be used as "
                f"{self.a_or_an} {self.app_or_project} {name_or_dir}. Please try another {name_or_dir}."
            )

    def download(self, url: str, stack: ExitStack) -> str:
        """Fetch the archive at *url* into a temporary folder; its path."""
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nuages_template_"))
        if self.verbosity >= 2:
            self.stdout.write(f"Downloading {url}")
        try:
            with urlopen(Request(url, headers={"User-Agent": f"Nuages/{nuages.__version__}"})) as response:
                content = response.read()
                disposition = response.headers.get_filename()
        except OSError as error:
            raise CommandError(f"couldn't download URL {url} to {folder}: {error}") from error
        filename = disposition or posixpath.basename(urlsplit(url).path.rstrip("/")) or "template"
        path = os.path.join(folder, os.path.basename(filename))
        Path(path).write_bytes(content)
        return path

    def extract(self, filename: str, stack: ExitStack) -> str:
        """Unpack an archive into a temporary folder; its path."""
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nuages_template_"))
        if self.verbosity >= 2:
            self.stdout.write(f"Extracting {filename}")
        try:
            archive.extract(filename, folder)
        except (archive.ArchiveException, OSError) as error:
            raise CommandError(f"couldn't extract file {filename} to {folder}: {error}") from error
        inside = os.listdir(folder)
        if len(inside) == 1 and os.path.isdir(os.path.join(folder, inside[0])):
            return os.path.join(folder, inside[0])
        return folder

    def is_url(self, template: str) -> bool:
        """Whether *template* is a URL."""
        return template.startswith(URL_SCHEMES)

    def apply_umask(self, old_path: str, new_path: str) -> None:
        """Give the new file the permissions of the old one, as far as the umask lets."""
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(new_path, stat.S_IMODE(os.stat(old_path).st_mode) & (0o777 - umask) | 0o600)

    def make_writeable(self, filename: str) -> None:
        """Let the owner write."""
        if not os.access(filename, os.W_OK):
            os.chmod(filename, stat.S_IMODE(os.stat(filename).st_mode) | stat.S_IWUSR)
