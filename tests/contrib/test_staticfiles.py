"""Static files: finding, collecting, hashing."""

import json
from pathlib import Path
from typing import Any

import pytest

from nuages.cli import call_command
from nuages.contrib.staticfiles import finders
from nuages.contrib.staticfiles.storage import ManifestStaticFilesStorage


@pytest.fixture
def folders(override: Any, tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css" / "page.css").write_text('@import "more.css"; a { background: url("../dot.png#x") }')
    (source / "css" / "more.css").write_text("b {}")
    (source / "dot.png").write_bytes(b"png")
    override(STATICFILES_DIRS=[str(source)], STATIC_ROOT=str(tmp_path / "root"), STATIC_URL="/static/")
    finders.get_finder.cache_clear()
    return tmp_path


def test_files_are_found(folders: Path) -> None:
    assert finders.find("css/page.css") == str(folders / "source/css/page.css")
    assert finders.find("admin/css/base.css")
    assert finders.find("nothing.css") is None


def test_collecting(folders: Path) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (folders / "root/css/page.css").exists()
    assert (folders / "root/admin/js/core.js").exists()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, dry_run=True)
    assert (folders / "root/css/page.css").exists()


def test_names_with_hashes(folders: Path, override: Any) -> None:
    path = "nuages.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    override(STORAGES={"staticfiles": {"BACKEND": path}})
    call_command("collectstatic", interactive=False, verbosity=0)
    manifest = json.loads((folders / "root/staticfiles.json").read_text())
    page = manifest["paths"]["css/page.css"]
    assert page != "css/page.css"
    text = (folders / "root" / page).read_text()
    assert manifest["paths"]["dot.png"] in text
    assert manifest["paths"]["css/more.css"].rpartition("/")[2] in text
    storage = ManifestStaticFilesStorage(location=str(folders / "root"), base_url="/static/")
    assert storage.url("css/page.css", force=True) == f"/static/{page}"
    with pytest.raises(ValueError, match="nothing"):
        storage.stored_name("nothing.css")
