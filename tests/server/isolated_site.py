"""A site whose view touches everything that belongs to one visitor, and waits in between; run as a program by its test."""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import sys
import types
from typing import Any

from nuages.conf import settings

USERS = int(os.environ.get("ISOLATION_USERS", "200"))
ROUNDS = 2
LANGUAGES = ("en", "de", "fr", "nl")
MONTHS = {"en": "March", "de": "März", "fr": "mars", "nl": "maart"}
POOL = 20

DATABASES = {
    "sqlite": {"ENGINE": "nuages.db.backends.sqlite", "NAME": os.environ.get("ISOLATION_NAME", ""), "OPTIONS": {"timeout": 60}},
    "postgresql": {
        "ENGINE": "nuages.db.backends.postgresql",
        "NAME": os.environ.get("ISOLATION_NAME", ""),
        "HOST": os.environ.get("NUAGES_TEST_PG_HOST", "127.0.0.1"),
        "USER": os.environ.get("NUAGES_TEST_PG_USER", "postgres"),
        "PASSWORD": os.environ.get("NUAGES_TEST_PG_PASSWORD", ""),
        "OPTIONS": {"pool": {"max_size": POOL}},
    },
}
settings.configure(
    SECRET_KEY="a key for this site only, of more than fifty characters, not secret",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF="isolated_routes",
    DATABASES={"default": DATABASES[sys.argv[1]]},
    INSTALLED_APPS=[f"nuages.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages")],
    MIDDLEWARE=[
        "nuages.contrib.sessions.middleware.SessionMiddleware",
        "nuages.middleware.locale.LocaleMiddleware",
        "nuages.middleware.addresses.CommonMiddleware",
        "nuages.middleware.csrf.CsrfViewMiddleware",
        "nuages.contrib.auth.middleware.AuthenticationMiddleware",
        "nuages.contrib.messages.middleware.MessageMiddleware",
    ],
    PASSWORD_HASHERS=["nuages.contrib.auth.hashers.MD5PasswordHasher"],
    TEMPLATES=[
        {
            "BACKEND": "nuages.template.backends.native.Templates",
            "OPTIONS": {
                "context_processors": [
                    "nuages.template.context_processors.request",
                    "nuages.contrib.auth.context_processors.auth",
                    "nuages.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    LANGUAGES=[(code, code) for code in LANGUAGES],
    MESSAGE_STORAGE="nuages.contrib.messages.storage.session.SessionStorage",
    LOGGING_CONFIG=None,
    USE_TZ=True,
)

from nuages.server.asgi import get_asgi_application  # noqa: E402

application = get_asgi_application()

from nuages import bridge  # noqa: E402
from nuages.cli import call_command  # noqa: E402
from nuages.contrib import messages  # noqa: E402
from nuages.contrib.auth import login  # noqa: E402
from nuages.contrib.auth.models import Group, User  # noqa: E402
from nuages.db import connection, connections, transaction  # noqa: E402
from nuages.http import HttpResponse, JsonResponse  # noqa: E402
from nuages.i18n import timezone, translation  # noqa: E402
from nuages.template import engines  # noqa: E402
from nuages.urls import path  # noqa: E402


def pause() -> None:
    """Let the others run."""
    if bridge.active():
        bridge.sleep(0)


def enter(request: Any, number: int) -> HttpResponse:
    user = User.objects.get(username=f"user{number}")
    pause()
    login(request, user, "nuages.contrib.auth.backends.ModelBackend")
    pause()
    request.session["number"] = number
    return HttpResponse(b"in")


def look(request: Any, number: int) -> JsonResponse:
    timezone.activate(datetime.timezone(datetime.timedelta(minutes=number)))
    messages.info(request, f"for {number}")
    pause()
    with transaction.atomic():
        held = connection.connection
        Group.objects.filter(name=f"group{number}").update(name=f"changed{number}")
        pause()
        same = connection.connection is held
        inside = Group.objects.filter(name__startswith="changed").values_list("name", flat=True)
        seen = sorted(inside)
        transaction.set_rollback(True)
    pause()
    template = engines["native"].from_string(
        "{{ day|date:'F' }}|{{ user.username }}|{{ request.path }}|{% for m in messages %}{{ m }}{% endfor %}"
    )
    text = template.render({"day": datetime.date(2026, 3, 1)}, request)
    pause()
    return JsonResponse(
        {
            "text": text,
            "session": request.session["number"],
            "user": request.user.username,
            "language": translation.get_language(),
            "zone": timezone.get_current_timezone().utcoffset(None).total_seconds() // 60,
            "same": same,
            "seen": seen,
            "atomic": connection.in_atomic_block,
        }
    )


def fail(request: Any, number: int) -> HttpResponse:
    with transaction.atomic():
        Group.objects.filter(name=f"group{number}").update(name=f"failed{number}")
        pause()
        raise ValueError("on purpose")


def slow(request: Any, number: int) -> HttpResponse:
    with transaction.atomic():
        Group.objects.filter(name=f"group{number}").update(name=f"left{number}")
        bridge.sleep(30)
    return HttpResponse(b"too late")


routes: Any = types.ModuleType("isolated_routes")
routes.urlpatterns = [
    path("in/<int:number>/", enter),
    path("look/<int:number>/", look),
    path("fail/<int:number>/", fail),
    path("slow/<int:number>/", slow),
]
sys.modules["isolated_routes"] = routes


async def get(address: str, cookies: dict[str, str], language: str, leave_after: float = 60) -> tuple[int, bytes]:
    """Ask for a page; keep the cookies that come."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = [(b"host", b"testserver"), (b"cookie", cookie.encode()), (b"accept-language", language.encode())]
    scope = {"type": "http", "method": "GET", "path": address, "headers": headers, "query_string": b""}
    status, body, received = 0, [], [{"type": "http.request"}]

    async def receive() -> Any:
        if received:
            return received.pop()
        await asyncio.sleep(leave_after)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        body.append(message.get("body", b""))
        for name, value in message.get("headers", ()):
            if name.lower() == b"set-cookie":
                key, _equals, rest = value.decode().partition("=")
                cookies[key] = rest.partition(";")[0]

    await application(scope, receive, send)
    return status, b"".join(body)


async def visitor(number: int, wrong: list[Any]) -> None:
    """Log in, look around several times, provoke an error, go away in the middle, and look again."""
    language, cookies = LANGUAGES[number % len(LANGUAGES)], {}
    expected = {
        "text": f"{MONTHS[language]}|user{number}|/look/{number}/|for {number}",
        "session": number,
        "user": f"user{number}",
        "language": language,
        "zone": number,
        "same": True,
        "seen": [f"changed{number}"],
        "atomic": False,
    }
    await get(f"/in/{number}/", cookies, language)
    for round_number in range(ROUNDS):
        status, body = await get(f"/look/{number}/", cookies, language)
        if status != 200 or json.loads(body) != expected:
            wrong.append((number, round_number, status, body.decode()[:300]))
        if number % 10 == 0:
            status, _body = await get(f"/fail/{number}/", cookies, language)
            if status != 500:
                wrong.append((number, "fail", status))
            await get(f"/slow/{number}/", cookies, language, leave_after=0.05)


async def main() -> None:
    wrong: list[Any] = []
    await asyncio.gather(*(visitor(number, wrong) for number in range(1, USERS + 1)))
    await asyncio.sleep(0.1)  # those who went away are cleaned up
    names = await bridge.run(lambda: sorted(Group.objects.values_list("name", flat=True)))
    pool = connections.pool("default")
    left = 0 if pool is None else pool.size - pool.idle_count()
    print(json.dumps({"wrong": wrong[:5], "count": len(wrong), "left": left, "intact": names == sorted(f"group{n}" for n in range(1, USERS + 1))}))


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    User.objects.bulk_create(User(username=f"user{n}", password="x") for n in range(1, USERS + 1))
    Group.objects.bulk_create(Group(name=f"group{n}") for n in range(1, USERS + 1))
    connection.close()
    asyncio.run(main())
