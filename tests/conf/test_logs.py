"""Names and configuration of the framework's loggers."""

import logging
import subprocess
import sys
import textwrap

import pytest

from nuages.loggers import get_logger, under_current_root
from nuages.test import override_settings

SCRIPTS = {
    "native names": """
        from nuages.conf.logs import DEFAULT_LOGGING
        from nuages.loggers import get_logger
        import nuages.pipeline.chain
        assert set(DEFAULT_LOGGING["loggers"]) == {"nuages", "nuages.server"}
        assert get_logger().name == "nuages" and nuages.pipeline.chain.logger.name == "nuages.request"
    """,
    "a configuration by the documented names holds": """
        import logging
        from nuages.conf.logs import configure_logging
        levels = {"django.request": {"level": "CRITICAL"}, "django": {"level": "DEBUG"}, "nuages.server": {"level": "ERROR"}}
        configure_logging("logging.config.dictConfig", {"version": 1, "disable_existing_loggers": False, "loggers": levels})
        named = {name: logging.getLogger(name).level for name in ("nuages.request", "nuages", "nuages.server", "django.request")}
        assert named == {"nuages.request": 50, "nuages": 10, "nuages.server": 40, "django.request": 50}, named
    """,
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_in_a_process_of_its_own(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_logger_named_both_ways_keeps_its_own_settings() -> None:
    own, other = {"level": "INFO"}, {"level": "ERROR"}
    assert under_current_root({"nuages.db": own, "django.db": other, "site": other}) == {
        "nuages.db": own, "django.db": other, "site": other,
    }


def test_a_changed_setting_configures_logging_anew() -> None:
    for level in ("WARNING", "INFO"):
        changed = {"version": 1, "disable_existing_loggers": False, "loggers": {"nuages.trial": {"level": level}}}
        with override_settings(LOGGING_CONFIG="logging.config.dictConfig", LOGGING=changed):
            assert get_logger("trial").level == getattr(logging, level)
