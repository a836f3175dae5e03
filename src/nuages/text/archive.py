"""Unpacking of tar and zip archives into a directory, and only into it."""

import os
import shutil
import stat
import tarfile
import zipfile
from typing import Any

from nuages.exceptions import SuspiciousOperation


class ArchiveException(Exception):
    """Anything wrong with an archive."""


class UnrecognizedArchiveFormat(ArchiveException):
    """The file is not an archive of a known kind."""


def extract(path: Any, to_path: Any) -> None:
    """Unpack the archive at ``path`` into the directory ``to_path``; a single leading directory is left away."""
    with Archive(path) as archive:
        archive.extract(to_path)


class Archive:
    """An archive, whatever its kind. Raises UnrecognizedArchiveFormat for a file that is none."""

    def __init__(self, file: Any) -> None:
        self._archive: _Tar | _Zip
        if tarfile.is_tarfile(file):
            self._archive = _Tar(file)
        elif zipfile.is_zipfile(file):
            self._archive = _Zip(file)
        else:
            raise UnrecognizedArchiveFormat(f"Path is not a recognized archive format: {getattr(file, 'name', file)}")

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def extract(self, to_path: Any) -> None:
        """Unpack everything into ``to_path``. Raises SuspiciousOperation for a member that would land elsewhere."""
        self._archive.extract(os.fspath(to_path))

    def list(self) -> None:
        """Print the members."""
        self._archive.show()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()


def _leading_directory(names: list[str]) -> str:
    # Archives of a project hold one directory with everything in it: that one is not repeated in the target.
    firsts = {name.lstrip("/").partition("/")[0] for name in names}
    if len(firsts) != 1 or not all("/" in name.strip("/") or name.endswith("/") for name in names):
        return ""
    return firsts.pop() + "/"


def _target(directory: str, name: str) -> str:
    root = os.path.abspath(directory)
    path = os.path.abspath(os.path.join(root, name))
    if path != root and not path.startswith(os.path.join(root, "")):
        raise SuspiciousOperation(f"Archive contains invalid path: '{name}'")
    return path


def _write(source: Any, path: str, mode: int) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as target:
        shutil.copyfileobj(source, target)
    if mode & stat.S_IROTH:
        os.chmod(path, mode)


class _Tar:
    def __init__(self, file: Any) -> None:
        self._file = tarfile.open(name=file) if isinstance(file, str | os.PathLike) else tarfile.open(fileobj=file)

    def show(self) -> None:
        self._file.list()

    def extract(self, directory: str) -> None:
        members = [member for member in self._file.getmembers() if member.name != "pax_global_header"]
        leading = _leading_directory([f"{member.name}/" if member.isdir() else member.name for member in members])
        for member in members:
            name = f"{member.name}/".removeprefix(leading).rstrip("/") if leading else member.name
            path = _target(directory, name)
            if member.isdir():
                os.makedirs(path, exist_ok=True)
            elif (source := self._file.extractfile(member)) is not None:
                with source:
                    _write(source, path, member.mode)

    def close(self) -> None:
        self._file.close()


class _Zip:
    def __init__(self, file: Any) -> None:
        self._file = zipfile.ZipFile(file)

    def show(self) -> None:
        self._file.printdir()

    def extract(self, directory: str) -> None:
        names = self._file.namelist()
        leading = _leading_directory(names)
        for name in names:
            path = _target(directory, name.removeprefix(leading))
            if name.endswith(("/", "\\")):
                os.makedirs(path, exist_ok=True)
            else:
                with self._file.open(name) as source:
                    _write(source, path, self._file.getinfo(name).external_attr >> 16)

    def close(self) -> None:
        self._file.close()
