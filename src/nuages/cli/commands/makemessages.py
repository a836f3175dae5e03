"""Collect translatable messages into message files."""

import glob
import os
import re
import sys
from functools import cached_property
from typing import Any

from babel.core import UnknownLocaleError
from babel.messages.plurals import get_plural

from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.messages import (
    NO_LOCALE_DIR,
    STATUS_OK,
    BuildFile,
    TranslatableFile,
    check_programs,
    write_pot_file,
)
from nuages.cli.programs import (
    find_command,
    handle_extensions,
    is_ignored_path,
    normalize_path_patterns,
    popen_wrapper,
)
from nuages.conf import names, settings
from nuages.exceptions import ImproperlyConfigured

__all__ = ["BuildFile", "Command", "TranslatableFile", "check_programs", "find_command", "popen_wrapper", "write_pot_file"]


LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2,3}|[0-9]{3})(-[a-z0-9-]+)?)?(@[a-z]+)?")


def _country(text: str) -> str:
    """A country in capitals, a script with one."""
    return text.title() if len(text) == 4 else text.upper()


class Command(BaseCommand):
    """``makemessages``: runs gettext's tools over the current folder."""

    help = "Collects all strings marked for translation below the current folder into message files."
    requires_system_checks = []
    translatable_file_class, build_file_class = TranslatableFile, BuildFile
    # The options of gettext's programs, for sub-classes to change.
    xgettext_options = ["--from-code=UTF-8", "--add-comments=Translators"]
    msguniq_options, msgattrib_options = ["--to-code=utf-8"], ["--no-obsolete"]
    msgmerge_options = ["-q", "--backup=none", "--previous", "--update"]

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("--locale", "-l", default=[], action="append", help="A locale to write messages for.")
        add("--exclude", "-x", default=[], action="append", help="A locale to leave out.")
        add("--domain", "-d", default="django", help='The domain of the messages ("django" or "djangojs").')
        add("--all", "-a", action="store_true", help="Update the files of all locales that have some.")
        add("--extension", "-e", dest="extensions", action="append", help="Extensions of files to read.")
        add("--symlinks", "-s", action="store_true", help="Follow symbolic links to folders.")
        add("--ignore", "-i", action="append", dest="ignore_patterns", default=[], help="Pattern of files to leave out.")
        add("--no-default-ignore", action="store_false", dest="use_default_ignore_patterns", help="Don't leave out CVS, .*, *~ and *.pyc.")
        add("--no-wrap", action="store_true", help="Don't break long lines.")
        add("--no-location", action="store_true", help="Don't write comments with places.")
        add(
            "--add-location",
            choices=("full", "file", "never"),
            const="full",
            nargs="?",
            help="How exact comments with places are.",
        )
        add("--no-obsolete", action="store_true", help="Remove obsolete messages.")
        add("--keep-pot", action="store_true", help="Keep the .pot file.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect and write."""
        self._take(options)
        if self.domain not in ("django", "djangojs"):
            raise CommandError("currently makemessages only supports domains 'django' and 'djangojs'")
        if not (options["locale"] or options["exclude"] or options["all"]):
            raise CommandError(
                f"Type '{os.path.basename(sys.argv[0])} help {os.path.basename(sys.argv[1])}' for usage information."
                if len(sys.argv) > 1
                else "Name a locale with -l, or take all with -a."
            )
        self._locale_folders()
        locales = self._locales(options)
        if locales:
            check_programs("msguniq", "msgmerge", "msgattrib")
        check_programs("xgettext")
        try:
            potfiles = self.build_potfiles()
            for locale in locales:
                if not self._accepts(locale):
                    continue
                for potfile in potfiles:
                    self.write_po_file(potfile, locale)
        finally:
            if not self.keep_pot:
                self.remove_potfiles()

    def _take(self, options: dict[str, Any]) -> None:
        self.domain, self.verbosity = options["domain"], options["verbosity"]
        self.symlinks = options["symlinks"]
        patterns = list(options["ignore_patterns"])
        if options["use_default_ignore_patterns"]:
            patterns += ["CVS", ".*", "*~", "*.pyc"]
        self.ignore_patterns = list(set(normalize_path_patterns(patterns)))
        self.no_obsolete, self.keep_pot = options["no_obsolete"], options["keep_pot"]
        extensions = options["extensions"] or (["js"] if self.domain == "djangojs" else ["html", "txt", "py"])
        self.extensions = handle_extensions(extensions)
        common = []
        if options["no_wrap"]:
            common.append("--no-wrap")
        if options["no_location"]:
            common.append("--no-location")
        if options["add_location"]:
            common.append(f"--add-location={options['add_location']}")
        for name in ("msgmerge_options", "msguniq_options", "msgattrib_options", "xgettext_options"):
            setattr(self, name, [*getattr(type(self), name), *common])

    def _accepts(self, locale: str) -> bool:
        """Say that the locale is being processed, or what is wrong with its name."""
        language, *rest = re.split(r"[-_+]", locale, maxsplit=1)
        country = rest[0] if rest else ""
        private = re.split(r"[-_]", country, maxsplit=1)
        fine = "_".join([language.lower(), "-".join([_country(private[0]), *private[1:]])]) if rest else language.lower()
        if LOCALE.fullmatch(locale):
            if self.verbosity > 0:
                self.stdout.write(f"processing locale {locale}")
            return True
        if self.verbosity > 0:
            hint = f", did you mean {fine}?" if LOCALE.fullmatch(fine) and fine != locale else ""
            self.stdout.write(f"invalid locale {locale}{hint}")
        return False

    def _locale_folders(self) -> None:
        self.invoked_for_core = False
        self.locale_paths: list[str] = []
        self.default_locale_path: str | None = None
        if settings.configured or names.ENVIRONMENT_VARIABLE in os.environ:
            self.locale_paths = list(map(str, settings.LOCALE_PATHS))
        if os.path.isdir("locale"):
            own = os.path.abspath("locale")
            self.locale_paths = [*(path for path in self.locale_paths if os.path.abspath(path) != own), own]
        if self.locale_paths:
            self.default_locale_path = self.locale_paths[-1] if os.path.isdir("locale") else self.locale_paths[0]
            os.makedirs(self.default_locale_path, exist_ok=True)

    def _locales(self, options: dict[str, Any]) -> set[str]:
        present = [
            os.path.basename(path)
            for path in glob.glob(f"{self.default_locale_path}/*")
            if os.path.isdir(path) and re.match(r"[a-z]{2}", os.path.basename(path))
        ] if self.default_locale_path else []
        chosen = present if options["all"] else options["locale"]
        if options["exclude"] and not options["all"] and not options["locale"]:
            chosen = present
        return set(chosen).difference(options["exclude"])

    @cached_property
    def gettext_version(self) -> tuple[int, ...]:
        """The version of gettext's tools."""
        out, err, status = popen_wrapper(["xgettext", "--version"], stdout_encoding="utf-8")
        match = re.search(r"(\d+)\.(\d+)\.?(\d+)?", out)
        if match is None:
            raise CommandError(f"Unable to get gettext version. Is it installed? {err} ({status})")
        return tuple(int(number) for number in match.groups() if number is not None)

    def build_potfiles(self) -> list[str]:
        """Write the template files; their paths."""
        files = self.find_files(".")
        self.remove_potfiles()
        self.process_files(files)
        potfiles = []
        for path in self.locale_paths:
            potfile = os.path.join(path, f"{self.domain}.pot")
            if not os.path.exists(potfile):
                continue
            messages, errors, status = popen_wrapper(["msguniq", *self.msguniq_options, potfile])
            self._judge(errors, status, "msguniq")
            with open(potfile, "w", encoding="utf-8", newline="\n") as file:
                file.write(messages)
            potfiles.append(potfile)
        return potfiles

    def _judge(self, errors: str, status: int, program: str, cleanup: Any = None) -> None:
        """Report what a program wrote to standard error: as an error, or as a warning."""
        if not errors:
            return
        if status != STATUS_OK:
            if cleanup is not None:
                cleanup()
            raise CommandError(f"errors happened while running {program}\n{errors}")
        if self.verbosity > 0:
            self.stdout.write(errors)

    def remove_potfiles(self) -> None:
        """Delete the template files."""
        for path in self.locale_paths:
            potfile = os.path.join(path, f"{self.domain}.pot")
            if os.path.exists(potfile):
                os.unlink(potfile)

    def find_files(self, root: str) -> list[TranslatableFile]:
        """All files below *root* that may hold messages."""
        found: list[TranslatableFile] = []
        left_out = [os.path.normpath(path) for path in self._served_folders()]
        for dirpath, folders, filenames in os.walk(root, followlinks=self.symlinks):
            for folder in folders[:]:
                path = os.path.normpath(os.path.join(dirpath, folder))
                if is_ignored_path(path, self.ignore_patterns) or os.path.join(os.path.abspath(dirpath), folder) in left_out:
                    folders.remove(folder)
                    if self.verbosity > 1:
                        self.stdout.write(f"ignoring directory {folder}")
                elif folder == "locale":
                    folders.remove(folder)
                    found_here = os.path.join(os.path.abspath(dirpath), folder)
                    if found_here not in self.locale_paths:
                        self.locale_paths.insert(0, found_here)
            for filename in filenames:
                path = os.path.normpath(os.path.join(dirpath, filename))
                extension = os.path.splitext(filename)[1]
                if extension not in self.extensions or is_ignored_path(path, self.ignore_patterns):
                    if self.verbosity > 1:
                        self.stdout.write(f"ignoring file {filename} in {dirpath}")
                    continue
                found.append(self.translatable_file_class(dirpath, filename, self._locale_dir(dirpath)))
        return sorted(found)

    def _locale_dir(self, dirpath: str) -> Any:
        absolute = os.path.abspath(dirpath)
        for path in self.locale_paths:
            if absolute.startswith(os.path.dirname(path)):
                return path
        return self.default_locale_path or NO_LOCALE_DIR

    @staticmethod
    def _served_folders() -> list[str]:
        try:
            return [str(path) for path in (settings.MEDIA_ROOT, settings.STATIC_ROOT) if path]
        except ImproperlyConfigured:
            return []

    def process_files(self, files: list[TranslatableFile]) -> None:
        """Collect the messages of all files, by locale folder."""
        by_folder: dict[Any, list[TranslatableFile]] = {}
        for file in files:
            by_folder.setdefault(file.locale_dir, []).append(file)
        for folder, group in by_folder.items():
            self.process_locale_dir(folder, group)

    def process_locale_dir(self, locale_dir: Any, files: list[TranslatableFile]) -> None:
        """Run xgettext over files whose messages go to the same folder."""
        build_files: list[BuildFile] = []
        for translatable in files:
            if self.verbosity > 1:
                self.stdout.write(f"processing file {translatable.file} in {translatable.dirpath}")
            build_file = self.build_file_class(self, self.domain, translatable)
            try:
                build_file.preprocess()
            except UnicodeDecodeError as error:
                self.stdout.write(f"UnicodeDecodeError: skipped file {translatable.file} in {translatable.dirpath} (reason: {error})")
                continue
            except BaseException:
                for each in build_files:
                    each.cleanup()
                raise
            build_files.append(build_file)
        if not build_files:
            return

        def cleanup() -> None:
            for each in build_files:
                each.cleanup()

        messages, errors, status = self._xgettext([os.path.relpath(each.work_path) for each in build_files])
        names_ = "\n".join(os.path.relpath(each.work_path) for each in build_files)
        self._judge(errors, status, f"xgettext on\n{names_}", cleanup)
        if messages:
            if locale_dir is NO_LOCALE_DIR:
                cleanup()
                raise CommandError(
                    f"Unable to find a locale path to store translations for file {os.path.normpath(build_files[0].path)}. "
                    "Make a folder 'locale' in the app, or name one in LOCALE_PATHS."
                )
            for each in build_files:
                messages = each.postprocess_messages(messages)
            write_pot_file(os.path.join(locale_dir, f"{self.domain}.pot"), messages)
        cleanup()

    def _xgettext(self, paths: list[str]) -> tuple[str, str, int]:
        if self.domain == "djangojs":
            language = "JavaScript"
        else:
            language = "Python"
        keywords = [k for k in _KEYWORDS if language == "Python" or k not in _PYTHON_ONLY]
        arguments = ["xgettext", "-d", self.domain, f"--language={language}", *(f"--keyword={k}" for k in keywords)]
        arguments += ["--output=-", *self.xgettext_options, *paths]
        return popen_wrapper(arguments)

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Update (or make) the message file of a locale from a template file."""
        folder = os.path.join(os.path.dirname(potfile), locale, "LC_MESSAGES")
        os.makedirs(folder, exist_ok=True)
        pofile = os.path.join(folder, f"{self.domain}.po")
        if os.path.exists(pofile):
            _, errors, status = popen_wrapper(["msgmerge", *self.msgmerge_options, pofile, potfile])
            self._judge(errors, status, "msgmerge")
            with open(pofile, encoding="utf-8") as file:
                messages = file.read()
        else:
            with open(potfile, encoding="utf-8") as file:
                messages = self.copy_plural_forms(file.read(), locale)
        messages = re.sub(rf"^#\. #-#-#-#-#  {self.domain}\.pot \(PACKAGE VERSION\)  #-#-#-#-#$\n?", "", messages, flags=re.MULTILINE)
        with open(pofile, "w", encoding="utf-8", newline="\n") as file:
            file.write(messages)
        if self.no_obsolete:
            _, errors, status = popen_wrapper(["msgattrib", *self.msgattrib_options, "-o", pofile, pofile])
            self._judge(errors, status, "msgattrib")

    def copy_plural_forms(self, msgs: str, locale: str) -> str:
        """Put the name of the locale and its plural forms (as the CLDR has them) into the header of *msgs*."""
        try:
            count, expression = get_plural(locale)
        except (UnknownLocaleError, ValueError):
            return msgs
        header, blank, rest = msgs.partition("\n\n")
        # xgettext writes a line to be filled in by hand, where there are plurals
        header = re.sub(r'\n"Plural-Forms: nplurals=INTEGER.*', "", header)
        header = header.replace('"Language: \\n"', f'"Language: {locale}\\n"')
        if "Plural-Forms" in header or not blank:
            return msgs
        return f'{header}\n"Plural-Forms: nplurals={count}; plural={expression};\\n"\n\n{rest}'


_KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
_PYTHON_ONLY = {"pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3"}
