"""``multipart/form-data`` and upload handlers."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.exceptions import RequestDataTooBig, SuspiciousFileOperation, TooManyFilesSent
from nuages.http.multipart import MultiPartParser, MultiPartParserError
from nuages.http.uploadedfiles import SimpleUploadedFile, UploadedFile
from nuages.http.uploads import FileUploadHandler, MemoryFileUploadHandler, StopUpload, TemporaryFileUploadHandler


def part(name, content, filename=None, *headers):
    """One part of a body."""
    disposition = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    return b"\r\n".join([b"--B", disposition.encode(), *map(str.encode, headers), b"", content]) + b"\r\n"


def parse(*parts, handlers=None, end=b"--B--\r\n"):
    """Parse a body."""
    body = b"".join(parts) + end
    meta = {"CONTENT_TYPE": "multipart/form-data; boundary=B", "CONTENT_LENGTH": str(len(body))}
    handlers = handlers if handlers is not None else [MemoryFileUploadHandler(), TemporaryFileUploadHandler()]
    return MultiPartParser(meta, BytesIO(body), handlers, "utf-8").parse()


def test_fields_and_files():
    post, files = parse(part("a", "é".encode()), part("f", b"data", "x.txt", "Content-Type: text/plain; charset=utf-8"))
    assert post == {"a": ["é"]} and not post._mutable
    file = files["f"]
    assert (file.name, file.size, file.content_type, file.charset, file.read()) == ("x.txt", 4, "text/plain", "utf-8", b"data")


@given(st.binary(max_size=3000), st.integers(1, 40))
def test_any_content_in_any_chunks_arrives(content, size):
    if b"\n--B" in content or content.startswith(b"--B"):
        return

    class Collect(FileUploadHandler):
        chunk_size = size
        got = b""

        def receive_data_chunk(self, raw_data, start):
            assert start == len(self.got)
            self.got += raw_data

        def file_complete(self, file_size):
            assert file_size == len(self.got)
            return SimpleUploadedFile("f", self.got)

    _post, files = parse(part("f", content, "f"), handlers=[Collect()])
    assert files["f"].read() == content


@pytest.mark.parametrize("name", ["../../x.txt", "C:\\dir\\x.txt", "/etc/x.txt", "..&#x2F;x.txt", "x\x00.txt"])
def test_names_are_made_harmless(name):
    _post, files = parse(part("f", b"1", name))
    assert files["f"].name == "x.txt"


def test_what_is_cut_off_is_dropped():
    _post, files = parse(part("f", b"1", "f"), end=b"")
    assert not files


def test_base64():
    post, files = parse(
        part("a", b"dmFsdWU=", None, "Content-Transfer-Encoding: base64"),
        part("f", b"AAA" + b" " * 70000 + b"A", "f", "Content-Transfer-Encoding: base64"),
    )
    assert post["a"] == "value" and files["f"].read() == b"\0\0\0"
    with pytest.raises(MultiPartParserError):
        parse(part("f", b"!", "f", "Content-Transfer-Encoding: base64"))


def test_limits(override):
    override(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
    with pytest.raises(RequestDataTooBig):
        parse(part("name", b"value"))
    parse(part("name", b"x" * 100, "file"))  # files do not count
    override(DATA_UPLOAD_MAX_NUMBER_FILES=1)
    with pytest.raises(TooManyFilesSent):
        parse(part("a", b"", "a"), part("b", b"", "b"))


def test_bad_headers():
    with pytest.raises(MultiPartParserError):
        parse(part("a", b"v", None, "X-Long: " + "-" * 2000))
    with pytest.raises(MultiPartParserError):
        MultiPartParser({"CONTENT_TYPE": "multipart/form-data"}, BytesIO(), [])
    with pytest.raises(MultiPartParserError):
        MultiPartParser({"CONTENT_TYPE": "multipart/form-data; boundary=B", "CONTENT_LENGTH": -1}, BytesIO(), [])


def test_handlers_may_stop_an_upload():
    class Stop(TemporaryFileUploadHandler):
        def receive_data_chunk(self, raw_data, start):
            raise StopUpload

    handler = Stop()
    post, files = parse(part("a", b"1"), part("f", b"2", "f"), handlers=[handler])
    assert post == {"a": ["1"]} and not files
    assert handler.file.file.closed


def test_names_of_uploaded_files():
    assert len(UploadedFile(name="f" * 300 + ".txt").name) == 255
    with pytest.raises(SuspiciousFileOperation):
        UploadedFile(name="/tmp/..")
