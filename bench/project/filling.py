"""Tables and rows for the benchmark, and a session; the same in both packages.

``python -m project.filling`` makes the PostgreSQL database anew and prints the session's key.
"""

from __future__ import annotations

import datetime
import os
from decimal import Decimal
from importlib import import_module
from typing import Any

from project.names import PACKAGE, module

ROWS = 1000


def start() -> None:
    """Configure the package."""
    os.environ.setdefault(f"{PACKAGE.upper()}_SETTINGS_MODULE", "project.settings")
    import_module(PACKAGE).setup()


def make_database() -> None:
    """Drop and create the database that the settings name."""
    settings = module("conf").settings
    database = settings.DATABASES["default"]
    psycopg = import_module("psycopg")
    with psycopg.connect(
        host=database["HOST"], port=database["PORT"], user=database["USER"], password=database["PASSWORD"] or None,
        dbname="postgres", autocommit=True,
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database["NAME"]}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database["NAME"]}"')


def make_tables() -> None:
    """Create the tables of all models."""
    with module("db").connection.schema_editor() as editor:
        for model in module("apps").apps.get_models():
            editor.create_model(model)


def fill() -> None:
    """Insert the rows."""
    models = import_module("project.catalogue.models")
    cities = models.City.objects.bulk_create([models.City(id=n, name=f"City {n}") for n in range(1, 21)])
    authors = models.Author.objects.bulk_create(
        [models.Author(id=n, name=f"Author <{n}>", city=cities[n % 20]) for n in range(1, 101)]
    )
    publishers = models.Publisher.objects.bulk_create([models.Publisher(id=n, name=f"House & {n}") for n in range(1, 11)])
    models.Book.objects.bulk_create([_book(models, n, authors, publishers) for n in range(1, ROWS + 1)])


def _book(models: Any, number: int, authors: list[Any], publishers: list[Any]) -> Any:
    return models.Book(
        id=number, title=f"Book {number:04} & more", author=authors[number % 100], publisher=publishers[number % 10],
        price=round(Decimal(number) / 7, 2), published=datetime.date(2000, 1, 1) + datetime.timedelta(days=number), pages=number,
        in_print=number % 3 > 0,
    )


def logged_in() -> str:
    """Make a user with a session and give the session's key."""
    auth = module("contrib.auth")
    user = auth.get_user_model().objects.create_user("reader", password=None)
    store = import_module(module("conf").settings.SESSION_ENGINE).SessionStore()
    store[auth.SESSION_KEY] = str(user.pk)
    store[auth.BACKEND_SESSION_KEY] = module("conf").settings.AUTHENTICATION_BACKENDS[0]
    store[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def main() -> None:
    """Make everything."""
    start()
    make_database()
    make_tables()
    fill()
    print(logged_in())


if __name__ == "__main__":
    main()
