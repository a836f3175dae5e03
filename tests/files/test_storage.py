"""Storages on disk and in memory behave alike."""

import os

import pytest

from nuages.exceptions import SuspiciousFileOperation
from nuages.files import ContentFile, File
from nuages.files.storage import FileSystemStorage, InMemoryStorage
from nuages.http.uploadedfiles import TemporaryUploadedFile


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
    assert File(None) and len(ContentFile("")) == 0


def test_a_long_name_is_cut_where_files_may_be_overwritten(tmp_path):
    storage = FileSystemStorage(location=tmp_path, allow_overwrite=True)
    assert storage.save("test_long_file_name.txt", ContentFile(b"x"), max_length=10) == "test_l.txt"


def test_a_path_that_leads_elsewhere_is_refused_before_a_name_is_sought(tmp_path):
    storage = FileSystemStorage(location=tmp_path)
    with pytest.raises(SuspiciousFileOperation):
        storage.save(str(tmp_path / "x.txt"), ContentFile(b"x"))


def test_files_in_memory_have_no_children_and_take_temporary_files_in():
    storage = InMemoryStorage()
    storage.save("a.txt", ContentFile(b"x"))
    with pytest.raises(FileExistsError):
        storage.listdir("a.txt/b")
    with pytest.raises(FileExistsError):
        storage.save("a.txt/b.txt", ContentFile(b"x"))
    with TemporaryUploadedFile("t", "text/plain", 1, "utf8") as sent:
        storage.save("t.txt", sent)
        assert not os.path.exists(sent.temporary_file_path())


def test_folders_in_memory_change_with_their_entries():
    storage = InMemoryStorage()
    storage.save("d/a.txt", ContentFile(b"x"))
    made = storage.get_modified_time("d")
    storage.save("d/b.txt", ContentFile(b"x"))
    changed = storage.get_modified_time("d")
    storage.delete("d/b.txt")
    assert made < changed < storage.get_modified_time("d") and storage.get_created_time("d") <= made


def test_methods_of_files_can_be_extended():
    class Loud(ContentFile):
        def read(self, *args):
            return super().read(*args).upper()

    assert Loud("abc").read() == "ABC"
    assert not hasattr(ContentFile("abc"), "mode_of_transport")
