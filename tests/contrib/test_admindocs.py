"""The pages of the back office about the project's own code."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from tests.contrib.models import Book, Writer

from nuages.contrib.admindocs import describing
from nuages.contrib.admindocs.middleware import XViewMiddleware
from nuages.contrib.admindocs.modelling import describe_fields, describe_methods
from nuages.contrib.auth.models import Permission, User
from nuages.exceptions import ImproperlyConfigured
from nuages.http import HttpResponse
from nuages.test import Client, RequestFactory
from nuages.test.overriding import isolate_apps
from nuages.urls import reverse

pytest.importorskip("docutils")
ROOT = "/admin/doc/"


def page(client: Client, path: str = "") -> str:
    response = client.get(ROOT + path)
    assert response.status_code == 200
    return response.content.decode()


def test_only_staff_reads_the_documentation(project: None) -> None:
    response = Client().get(ROOT)
    assert (response.status_code, response.url) == (302, f"/admin/login/?next={ROOT}")


def test_the_start_leads_to_every_part(client: Client) -> None:
    start = page(client)
    for part in ("tags", "filters", "models", "views", "bookmarklets"):
        assert f'<a href="{part}/">' in start
        page(client, f"{part}/")
    assert f'href="{ROOT}"' in client.get("/admin/").content.decode()


def test_tags_and_filters_with_their_libraries(client: Client) -> None:
    tags = page(client, "tags/")
    assert '<h3 id="built_in-for">for</h3>' in tags
    assert '<a href="#admin_list-result_list">result_list</a>' in tags
    assert '<h3 id="built_in-lower">lower</h3>' in page(client, "filters/")


def test_views_have_names_and_docstrings(client: Client) -> None:
    index = page(client, "views/")
    name = "nuages.contrib.admindocs.views.ModelIndexView"
    assert f'<a href="{ROOT}views/{name}/">/admin/doc/models/</a>' in index
    assert "admin:contrib_book_changelist" in index
    assert "tests.contrib.urls.BookAdmin.changelist_view" in index
    assert "The models that the user has access to." in page(client, f"views/{name}/")


def test_a_view_of_no_address_is_not_imported(client: Client) -> None:
    assert client.get(f"{ROOT}views/this.that/").status_code == 404
    assert client.get(f"{ROOT}views/antigravity.geohash/").status_code == 404
    assert "antigravity" not in sys.modules


def test_models_show_fields_relations_and_help(client: Client) -> None:
    assert f'<a href="{ROOT}models/contrib.book/">Book</a>' in page(client, "models/")
    book = page(client, "models/contrib.Book/")
    assert "<h1>contrib.Book</h1>" in book
    assert f'the related <a class="reference external" href="{ROOT}models/contrib.writer/">contrib.Writer</a>' in book
    assert "<td>genres.count</td>" in book
    assert {"book_set.all", "book_set.count"} <= {row["name"] for row in describe_fields(Writer)}
    assert client.get(f"{ROOT}models/nowhere.book/").status_code == 404
    assert client.get(f"{ROOT}models/contrib.nothing/").status_code == 404


def test_models_of_others_are_not_shown(project: None) -> None:
    user = User.objects.create_user("bo", password="secret", is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(f"{ROOT}models/contrib.book/").status_code == 403
    assert "contrib.book" not in page(client, "models/")
    user.user_permissions.add(Permission.objects.get(codename="view_book", content_type__app_label="contrib"))
    assert "contrib.book" in page(client, "models/")
    page(client, "models/contrib.book/")


@isolate_apps("tests.contrib")
def test_methods_with_their_arguments(project: None) -> None:
    class Annotated(Book):
        class Meta:
            proxy = True
            app_label = "contrib"

        def discounted(self, rate: float = 0.5, *, whole: bool = True) -> float:
            """Cheaper.

            Than :model:`contrib.Book`.
            """
            return rate

        def set_price(self, price: float) -> None:
            """Left out by its name."""

        def get_reader_count(self) -> int:
            return 0

    rows = describe_methods(Annotated)
    assert [(row["name"], row["arguments"]) for row in rows] == [("discounted", "rate=0.5, whole=True")]
    assert f'<a class="reference external" href="{ROOT}models/contrib.book/">' in rows[0]["verbose"]
    assert ("get_reader_count", "Integer") in [(row["name"], row["data_type"]) for row in describe_fields(Annotated)]


def test_templates_show_where_they_are(client: Client) -> None:
    shown = page(client, "templates/admin_doc/index.html/")
    assert "<h1>Template: <q>admin_doc/index.html</q></h1>" in shown
    assert "admindocs/templates/admin_doc/index.html</code></li>" in shown
    assert client.get(f"{ROOT}templates/../secret/").status_code == 400
    assert client.get(reverse("django-admindocs-templates", args=["/etc/passwd"])).status_code == 400


def test_without_docutils_the_pages_say_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "docutils_is_available", False)
    assert "https://pypi.org/project/docutils/" in page(client, "models/")


def test_docstrings_fall_into_title_text_and_metadata() -> None:
    text = "Title\n    of two lines.\n\n    Text.\n\n      more\n\n    author: Ada\n    since: 2.0\n    "
    assert describing.parse_docstring(text) == ("Title\nof two lines.", "Text.\n\n  more", {"author": "Ada", "since": "2.0"})
    assert describing.parse_docstring(None) == ("", "", {})


def test_roles_titles_and_the_default_role(project: None) -> None:
    link = '<a class="reference external" href="/admin/doc/{}">{}</a>'
    cases = {
        ":tag:`block <built_in-block>`": link.format("tags/#built_in-block", "block"),
        ":filter:`lower`": link.format("filters/#lower", "lower"),
        ":template:`A/b.html`": link.format("templates/A/b.html/", "A/b.html"),
        "`a.View`": link.format("views/a.View/", "a.View"),
    }
    for source, html in cases.items():
        assert describing.parse_rst(source, "view") == f"<p>{html}</p>\n"
    assert "<cite>plain</cite>" in describing.parse_rst("`plain`", "")


def test_docstrings_cannot_read_files_or_bring_scripts(project: None, capsys: pytest.CaptureFixture[str]) -> None:
    html = describing.parse_rst(".. include:: /etc/passwd\n\n.. raw:: html\n\n   <script>1</script>\n", "model", "model:x")
    assert "root:" not in html
    assert "<script>" not in html
    assert "directive disabled" in capsys.readouterr().err



def test_heads_of_staff_name_the_view() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse()

    middleware = XViewMiddleware(view)
    request = RequestFactory().head("/")
    with pytest.raises(ImproperlyConfigured, match="request.user"):
        middleware.process_view(request, view, (), {})
    request.user = SimpleNamespace(is_active=True, is_staff=True)
    answer = middleware.process_view(request, view, (), {})
    assert answer["X-View"] == f"{__name__}.test_heads_of_staff_name_the_view.<locals>.view"
    request.user.is_staff = False
    assert middleware.process_view(request, view, (), {}) is None
