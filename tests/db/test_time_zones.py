"""Moments come back in the connection's time zone, or naive without ``USE_TZ``."""

import datetime

from tests.models.query_models import Novel, Writer

from nuages.db import connection

NOON = datetime.datetime(2011, 7, 1, 12, 0)


def test_without_time_zones_moments_are_naive_and_local(db, override):
    override(USE_TZ=False, TIME_ZONE="Europe/Paris")
    novel = Novel.objects.create(title="x", writer=Writer.objects.create(name="y"), sold=NOON)
    novel.refresh_from_db()
    assert novel.sold == NOON and novel.sold.tzinfo is None
    assert Novel.objects.get(sold=NOON) == novel


def test_a_change_of_the_settings_reaches_an_open_connection(db, override):
    aware = NOON.replace(tzinfo=datetime.UTC)
    novel = Novel.objects.create(title="x", writer=Writer.objects.create(name="y"), sold=aware)
    override(USE_TZ=False, TIME_ZONE="UTC")
    assert Novel.objects.get(pk=novel.pk).sold == NOON
    override(USE_TZ=True)
    assert Novel.objects.get(pk=novel.pk).sold == aware


def test_no_time_zone_leaves_it_to_the_server(db, override):
    override(USE_TZ=False, TIME_ZONE=None)
    assert connection.timezone_name is None
    assert connection.rows("SELECT 1") == [(1,)]


def test_raw_queries_take_moments_of_any_zone(db):
    moment = NOON.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=3)))
    novel = Novel.objects.create(title="x", writer=Writer.objects.create(name="y"), sold=moment)
    sql = "SELECT * FROM models_novel WHERE sold = "
    assert list(Novel.objects.raw(sql + "%s", [moment])) == [novel]
    assert list(Novel.objects.raw(sql + "%(when)s", {"when": moment})) == [novel]
