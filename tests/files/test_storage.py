"""Storages on disk and in memory behave alike."""

import pytest

from nuages.exceptions import SuspiciousFileOperation
from nuages.files import ContentFile, File
from nuages.files.storage import FileSystemStorage, InMemoryStorage


@pytest.fixture(params=["disk", "memory"])
def storage(request, tmp_path):
    return FileSystemStorage(location=tmp_path, base_url="/m") if request.param == "disk" else InMemoryStorage(location=tmp_path, base_url="/m")


def test_save_read_delete(storage):
    name = storage.save("a/b.tar.gz", ContentFile(b"x"))
    other = storage.save("a/b.tar.gz", ContentFile("y"))
    assert name == "a/b.tar.gz" and other != name and other.endswith(".tar.gz")
    with storage.open(name) as file:
        assert file.read() == b"x"
    assert storage.url(name) == "/m/a/b.tar.gz" and storage.size(name) == 1
    assert len(storage.listdir("a")[1]) == 2
    storage.delete(name)
    assert not storage.exists(name)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", ".."])
def test_names_cannot_leave(storage, name):
    with pytest.raises(SuspiciousFileOperation):
        storage.save(name, ContentFile(b""))


def test_long_names_are_cut(storage):
    storage.save("abcdefghijkl.txt", ContentFile(b""))
    assert len(storage.save("abcdefghijkl.txt", ContentFile(b""), max_length=16)) <= 16
    with pytest.raises(SuspiciousFileOperation):
        storage.get_available_name("abcdefghijkl.txt", max_length=5)


def test_overwriting(tmp_path):
    storage = FileSystemStorage(location=tmp_path, allow_overwrite=True)
    assert storage.save("a", ContentFile(b"long text")) == storage.save("a", ContentFile(b"x")) == "a"
    assert (tmp_path / "a").read_bytes() == b"x"


def test_lines_do_not_depend_on_chunks():
    file = ContentFile(b"one\r\ntwo\nthree")
    file.DEFAULT_CHUNK_SIZE = 4
    assert list(file) == [b"one\r\n", b"two\n", b"three"]
    assert not File(None) and len(ContentFile("")) == 0
