"""Content types: renaming, checks, redirects to objects."""

from types import SimpleNamespace

import pytest
from tests.models.query_models import Novel, Writer

from nuages import models
from nuages.apps import apps
from nuages.apps.registry import Apps
from nuages.contrib.contenttypes.fields import GenericRelation
from nuages.contrib.contenttypes.management import RenameContentType
from nuages.contrib.contenttypes.models import ContentType
from nuages.contrib.contenttypes.views import shortcut
from nuages.db import connection
from nuages.http import Http404
from nuages.models.signals import pre_save
from nuages.test.requests import RequestFactory


def test_a_type_whose_new_name_is_taken_stays_with_a_warning(db):
    for name in ("old", "new"):
        ContentType.objects.create(app_label="shelf", model=name)
    rename = RenameContentType("shelf", "old", "new")
    with pytest.warns(RuntimeWarning, match="remove_stale_contenttypes"):
        rename.rename_forward(apps, SimpleNamespace(connection=connection))
    assert ContentType.objects.filter(app_label="shelf").count() == 2


def test_checks_of_a_model_leave_generic_relations_out():
    class Tag(models.Model):
        object_id = models.IntegerField()

        class Meta:
            app_label = "shelf"
            apps = Apps()

    class Tagged(models.Model):
        tags = GenericRelation(Tag)

        class Meta:
            app_label = "shelf"
            apps = Apps()

    assert "contenttypes.E004" in [message.id for message in Tagged._meta.get_field("tags").check()]
    assert Tagged.check() == []


def test_the_shortcut_leads_to_the_host_that_was_asked(db, monkeypatch):
    request = RequestFactory().get("/", headers={"host": "localhost"})
    writer = Writer.objects.create(name="Ann")
    kind = ContentType.objects.get_for_model(Writer)
    with pytest.raises(Http404):
        shortcut(request, kind.pk, writer.pk)
    monkeypatch.setattr(Writer, "get_absolute_url", lambda self: f"/writers/{self.pk}/", raising=False)
    assert shortcut(request, kind.pk, writer.pk).url == f"http://localhost/writers/{writer.pk}/"
    for wrong in ("zzz", 0):
        with pytest.raises(Http404):
            shortcut(request, kind.pk, wrong)


def test_signals_can_be_muted_by_exchanging_their_receivers(db):
    seen = []

    def listen(sender, **kwargs):
        seen.append(sender)

    pre_save.connect(listen, sender=Novel)
    try:
        writer = Writer.objects.create(name="Ann")
        Novel.objects.create(title="x", writer=writer)
        kept, pre_save.receivers = pre_save.receivers, []
        pre_save.sender_receivers_cache.clear()
        Novel.objects.create(title="y", writer=writer)
        pre_save.receivers = kept
        pre_save.sender_receivers_cache.clear()
        Novel.objects.create(title="z", writer=writer)
    finally:
        pre_save.disconnect(listen, sender=Novel)
    assert seen == [Novel, Novel]


def test_generic_keys_that_are_texts_join_numbers(tables):
    class Mark(models.Model):
        kind = models.ForeignKey(ContentType, models.CASCADE)
        key = models.CharField(max_length=20)

        class Meta:
            app_label = "shelf"

    class Marked(models.Model):
        marks = GenericRelation(Mark, object_id_field="key", content_type_field="kind")

        class Meta:
            app_label = "shelf"

    tables(Mark, Marked)
    kind = ContentType.objects.get_for_model(Marked)
    try:
        marked = Marked.objects.create()
        mark = Mark.objects.create(kind=kind, key=str(marked.pk))
        assert list(Marked.objects.filter(marks=mark)) == list(Marked.objects.filter(marks__key=str(marked.pk))) == [marked]
        Mark.objects.all().delete()
    finally:
        kind.delete()
