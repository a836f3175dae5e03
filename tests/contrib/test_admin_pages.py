"""The pages of the back office, as a browser without scripts sees them."""

import datetime
import json
from typing import Any

import pytest
from tests.contrib.models import Book, Chapter, Writer

from nuages.contrib.admin.models import LogEntry
from nuages.contrib.auth.models import Permission, User
from nuages.test import Client

LIST = "/admin/contrib/book/"


def formset(total: int, initial: int = 0, prefix: str = "chapter_set") -> dict[str, Any]:
    return {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": initial}


def test_strangers_log_in_first_and_come_back(superuser: Any) -> None:
    client = Client()
    response = client.get(LIST)
    assert (response.status_code, response.url) == (302, f"/admin/login/?next={LIST}")
    wrong = client.post("/admin/login/", {"username": "ada", "password": "no", "next": LIST})
    assert b"Please enter the correct" in wrong.content
    right = client.post("/admin/login/", {"username": "ada", "password": "secret", "next": LIST})
    assert right.url == LIST
    assert client.get(LIST).status_code == 200


def test_users_who_are_not_staff_stay_outside(project: None) -> None:
    User.objects.create_user("bo", password="secret")
    response = Client().post("/admin/login/", {"username": "bo", "password": "secret"})
    assert response.status_code == 200
    assert b"errornote" in response.content


def test_the_index_shows_what_the_user_may_see(project: None) -> None:
    user = User.objects.create_user("bo", password="secret", is_staff=True)
    client = Client()
    client.force_login(user)
    assert b"may not view or change anything" in client.get("/admin/").content
    user.user_permissions.add(Permission.objects.get(codename="view_writer", content_type__app_label="contrib"))
    page = client.get("/admin/").content.decode()
    assert "/admin/contrib/writer/" in page
    assert "/admin/contrib/writer/add/" not in page
    assert "/admin/contrib/book/" not in page
    assert client.get(LIST).status_code == 403


def test_list_search_filter_order_pages(client: Client, book: Any) -> None:
    Book.objects.bulk_create(Book(title=f"Book {n}", writer=book.writer, price=n, kind="e") for n in range(12))
    page = client.get(LIST)
    assert page.context["cl"].result_count == 13
    assert [row.title for row in page.context["cl"].result_list] == ["Book 0", "Book 1", "Book 10", "Book 11", "Book 2"]
    assert [row.title for row in client.get(f"{LIST}?q=cloud+aristo").context["cl"].result_list] == ["Clouds"]
    assert client.get(f"{LIST}?kind__exact=n").context["cl"].result_count == 1
    # The box for selecting is column 0.
    dearest = client.get(f"{LIST}?o=-3&p=1").context["cl"].result_list
    assert [row.price for row in dearest] == [30, 11, 10, 9, 8]
    assert client.get(f"{LIST}?p=3").context["cl"].result_list.count() == 3
    assert client.get(f"{LIST}?p=99").url == f"{LIST}?e=1"
    assert client.get(f"{LIST}?writer__name__startswith=A").status_code == 400


def test_counts_beside_filters(client: Client, book: Any) -> None:
    page = client.get(f"{LIST}?_facets=True").content.decode()
    assert "Novel (1)" in page
    assert "Essay (0)" in page


def test_dates_lead_down_to_days(client: Client, book: Any) -> None:
    for day in (datetime.date(2024, 5, 1), datetime.date(2025, 1, 2), datetime.date(2025, 1, 9)):
        Book.objects.create(title=str(day), writer=book.writer, published=day)
    page = client.get(LIST).content.decode()
    assert "?published__year=2024" in page
    page = client.get(f"{LIST}?published__year=2025&published__month=1").content.decode()
    assert "January 9" in page
    assert client.get(f"{LIST}?published__year=2025").context["cl"].result_count == 2


def test_rows_are_edited_in_the_list(client: Client, book: Any) -> None:
    data = {**formset(1, 1, "form"), "form-0-id": book.pk, "form-0-price": "7", "_save": "1"}
    assert client.post(LIST, data).status_code == 302
    book.refresh_from_db()
    assert book.price == 7
    page = client.post(LIST, {**data, "form-0-price": "much"})
    assert b"Enter a whole number." in page.content
    forged = client.post(LIST, {**data, "form-0-price": "9", "form-TOTAL_FORMS": "many"})
    assert forged.status_code == 200
    book.refresh_from_db()
    assert book.price == 7


def test_actions(client: Client, book: Any) -> None:
    response = client.post(LIST, {"action": "sell_out", "_selected_action": [book.pk], "index": 0})
    assert response.status_code == 302
    book.refresh_from_db()
    assert not book.in_print
    page = client.post(LIST, {"action": "", "_selected_action": [book.pk], "index": 0}, follow=True)
    assert b"No action selected." in page.content
    page = client.post(LIST, {"action": "sell_out", "index": 0}, follow=True)
    assert b"Nothing was changed" in page.content


def test_deleting_the_selection_asks_first(client: Client, book: Any) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [book.pk], "index": 0}
    page = client.post(LIST, chosen)
    assert b"Are you sure" in page.content
    assert Book.objects.exists()
    done = client.post(LIST, {**chosen, "post": "yes"}, follow=True)
    assert b"Successfully deleted 1 book." in done.content
    assert not Book.objects.exists()


def test_an_object_is_added_with_its_inlines(client: Client, book: Any) -> None:
    page = client.get(f"{LIST}add/").content.decode()
    assert "chapter_set-__prefix__-heading" in page
    data = {
        "title": "Birds", "slug": "birds", "kind": "n", "writer": book.writer_id, "price": "5", **formset(2),
        "chapter_set-0-heading": "One", "chapter_set-1-heading": "Two", "_continue": "1",
    }
    response = client.post(f"{LIST}add/", data)
    birds = Book.objects.get(title="Birds")
    assert response.url == f"{LIST}{birds.pk}/change/"
    assert birds.chapter_set.count() == 2
    assert LogEntry.objects.get().get_change_message() == "Added. Added chapter “One”. Added chapter “Two”."
    bad = client.post(f"{LIST}add/", {**data, "title": "", "chapter_set-1-heading": "x" * 60})
    assert b"Please correct the errors below." in bad.content
    assert Book.objects.count() == 2


def test_an_object_is_changed_copied_and_its_history_told(client: Client, book: Any) -> None:
    chapter = Chapter.objects.create(book=book, heading="One")
    url = f"{LIST}{book.pk}/change/"
    data = {
        "title": "Wasps", "kind": "e", "writer": book.writer_id, "price": "30", "slug": "", "in_print": "on",
        **formset(1, 1), "chapter_set-0-id": chapter.pk, "chapter_set-0-book": book.pk,
        "chapter_set-0-heading": "One", "chapter_set-0-DELETE": "on",
    }  # fmt: skip
    assert client.post(url, data).url == LIST
    book.refresh_from_db()
    assert book.title == "Wasps"
    assert not book.chapter_set.exists()
    history = client.get(f"{LIST}{book.pk}/history/").content.decode()
    assert "Changed Title and Kind. Deleted chapter “One”." in history
    client.post(url, {**data, **formset(0), "title": "Copy", "_saveasnew": "1"})
    assert set(Book.objects.values_list("title", flat=True)) == {"Wasps", "Copy"}


def test_deletion_shows_what_goes_along_and_what_forbids_it(client: Client, book: Any) -> None:
    Chapter.objects.create(book=book, heading="One")
    page = client.get(f"{LIST}{book.pk}/delete/").content.decode()
    assert "Chapter: One" in page
    protected = client.post(f"/admin/contrib/writer/{book.writer_id}/delete/", {"post": "yes"})
    assert protected.status_code == 200
    assert Writer.objects.exists()
    assert client.post(f"{LIST}{book.pk}/delete/", {"post": "yes"}).url == LIST
    assert not Book.objects.exists()


def test_viewers_change_nothing(project: None, book: Any) -> None:
    user = User.objects.create_user("bo", password="secret", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_book", content_type__app_label="contrib"))
    client = Client()
    client.force_login(user)
    page = client.get(f"{LIST}{book.pk}/change/").content.decode()
    assert 'name="title"' not in page
    assert 'name="_save"' not in page
    assert client.post(f"{LIST}{book.pk}/change/", {"title": "Mine"}).status_code == 403
    assert client.post(f"{LIST}{book.pk}/delete/", {"post": "yes"}).status_code == 403


def test_pop_ups_hand_their_result_back(client: Client, book: Any) -> None:
    page = client.post("/admin/contrib/writer/add/?_popup=1", {"name": "Sappho", "_popup": "1"}).content.decode()
    assert "Sappho" in page
    assert "popup_response.js" in page


def test_the_search_box_of_a_relation_is_answered(client: Client, book: Any) -> None:
    query = {"app_label": "contrib", "model_name": "book", "field_name": "writer", "term": "ari"}
    found = json.loads(client.get("/admin/autocomplete/", query).content)
    assert found == {"results": [{"id": str(book.writer_id), "text": "Aristophanes"}], "pagination": {"more": False}}
    assert client.get("/admin/autocomplete/", {**query, "field_name": "title"}).status_code == 403


def test_an_action_on_the_page_of_an_object_reaches_only_that_object(client: Client, book: Any) -> None:
    url = f"{LIST}{book.pk}/change/"
    data = {"CHANGE_FORM-action": "raise_price", "_selected_action": [book.pk], "index": 0}
    assert client.post(url, data).content == b"Clouds"
    assert client.post(url, {**data, "_selected_action": [book.pk + 1]}).status_code == 400


def test_filters_of_the_list_come_back_after_saving(client: Client, book: Any) -> None:
    packed = "_changelist_filters=q%3Dcloud"
    page = client.get(f"{LIST}{book.pk}/change/?{packed}").content.decode()
    assert f"{LIST}?q=cloud" in page
    data = {"title": "Clouds", "kind": "n", "writer": book.writer_id, "price": "1", **formset(0)}
    assert client.post(f"{LIST}{book.pk}/change/?{packed}", data).url == f"{LIST}?q=cloud"


def test_unknown_pages_are_404_and_slashes_are_added(client: Client) -> None:
    assert client.get("/admin/nothing/").status_code == 404
    assert client.get("/admin/contrib/book").url == LIST
    assert client.get(f"{LIST}99/change/").url == "/admin/"


@pytest.mark.parametrize("address", ["/admin/password_change/", "/admin/auth/user/add/", "/admin/auth/group/add/", "/admin/jsi18n/"])
def test_other_pages_open(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_users_are_made_in_two_steps_and_passwords_have_their_page(client: Client) -> None:
    data = {"username": "bo", "password1": "Rainy-day-77", "password2": "Rainy-day-77", "usable_password": "true"}
    response = client.post("/admin/auth/user/add/", data)
    bo = User.objects.get(username="bo")
    assert response.url == f"/admin/auth/user/{bo.pk}/change/"
    url = f"/admin/auth/user/{bo.pk}/password/"
    client.post(url, {**data, "usable_password": "false", "unset-password": "1"})
    bo.refresh_from_db()
    assert not bo.has_usable_password()
    client.post(url, {"password1": "Sunny-day-77", "password2": "Sunny-day-77", "set-password": "1"})
    bo.refresh_from_db()
    assert bo.check_password("Sunny-day-77")
    assert client.get("/admin/auth/user/?password__startswith=x").status_code == 400


def staff_with(*codenames: str) -> tuple[Any, Client]:
    user = User.objects.create_user("bo", password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames, content_type__app_label="contrib"))
    client = Client()
    client.force_login(user)
    return user, client


def test_rows_that_may_only_be_seen_come_back_without_keys(project: None, book: Any) -> None:
    chapters = list(book.chapter_set.values_list("heading", flat=True)) or [book.chapter_set.create(heading="One").heading]
    _user, client = staff_with("change_book", "view_chapter")
    data = {"title": "Wasps", "slug": "w", "writer": book.writer_id, "price": "3", "kind": "n"}
    data.update({**formset(len(chapters), len(chapters)), "chapter_set-0-heading": "Forged"})
    response = client.post(f"{LIST}{book.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]
    book.refresh_from_db()
    assert book.title == "Wasps"
    assert list(book.chapter_set.values_list("heading", flat=True)) == chapters


def test_an_action_on_a_page_works_for_viewers_and_on_its_object_only(project: None, book: Any) -> None:
    other = Book.objects.create(title="Frogs", writer=book.writer, price=1, kind="n")
    _user, client = staff_with("view_book")
    address, chosen = f"{LIST}{book.pk}/change/", {"CHANGE_FORM-action": "raise_price"}
    assert client.post(address, {**chosen, "_selected_action": [book.pk]}).content.decode() == book.title
    assert client.post(address, {**chosen, "_selected_action": [book.pk, other.pk]}).status_code == 400
    assert client.post(address, chosen).status_code == 400
    assert client.post(address, {"title": "No"}).status_code == 403


@pytest.mark.parametrize("proposed", ["abc", "%00", "9" * 30, "-1", "%ed%a0%80", "1e309"])
def test_a_page_for_adding_may_be_proposed_anything(client: Client, proposed: str) -> None:
    page = client.get(f"{LIST}add/?writer={proposed}&genres={proposed},{proposed}&price={proposed}&published={proposed}")
    assert page.status_code == 200
    assert client.get(f"{LIST}?id__in={proposed}").status_code in (200, 302)


@pytest.mark.parametrize("key", ["9223372036854775808", "x", "\0", "1.5", "9" * 5000])
@pytest.mark.parametrize("action", ["delete_selected", "sell_out"])
def test_selected_rows_that_cannot_exist(client: Client, book: Any, action: str, key: str) -> None:
    answer = client.post(LIST, {"action": action, "_selected_action": [key], "post": "yes"})
    assert answer.status_code == 302
    assert Book.objects.filter(pk=book.pk).exists()


@pytest.mark.parametrize("when", ["year=9999", "year=0", "year=9223372036854775808", "year=2026&published__month=13", "month=3", "year=x"])
def test_dates_that_do_not_exist(client: Client, book: Any, when: str) -> None:
    answer = client.get(f"{LIST}?published__{when}")
    assert (answer.status_code, answer.url) == (302, f"{LIST}?e=1")


def test_fields_in_rows_have_names(client: Client, book: Any) -> None:
    assert f'aria-label="Price: {book}"'.encode() in client.get(LIST).content
