"""Clients for the tests of the contributed applications."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.contrib.models import Book, Writer

from nuages.contrib.auth.models import User
from nuages.test import Client
from nuages.test.environment import setup_test_environment, teardown_test_environment

MIDDLEWARE = [
    "nuages.contrib.sessions.middleware.SessionMiddleware",
    "nuages.middleware.addresses.CommonMiddleware",
    "nuages.middleware.csrf.CsrfViewMiddleware",
    "nuages.contrib.auth.middleware.AuthenticationMiddleware",
    "nuages.contrib.messages.middleware.MessageMiddleware",
]
PROCESSORS = [
    "nuages.template.context_processors.request",
    "nuages.contrib.auth.context_processors.auth",
    "nuages.contrib.messages.context_processors.messages",
]


@pytest.fixture
def project(db: Any, override: Any) -> Iterator[None]:
    """The settings of a usual project, in the environment of tests."""
    override(
        ROOT_URLCONF="tests.contrib.urls",
        MIDDLEWARE=MIDDLEWARE,
        STATIC_URL="/static/",
        TEMPLATES=[
            {
                "BACKEND": "nuages.template.backends.native.Templates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": PROCESSORS},
            }
        ],
    )
    setup_test_environment()
    yield
    teardown_test_environment()


@pytest.fixture
def superuser(project: None) -> Any:
    """Who may do everything."""
    return User.objects.create_superuser("ada", "ada@example.com", "secret")


@pytest.fixture
def client(superuser: Any) -> Client:
    """A client in which the superuser is logged in."""
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def book(project: None) -> Any:
    """A book by a writer."""
    return Book.objects.create(title="Clouds", writer=Writer.objects.create(name="Aristophanes"), price=30)
