"""A test case that drives a browser itself, and takes its pictures."""

import unittest
from pathlib import Path
from typing import Any

from nuages.conf import settings
from nuages.http import HttpResponse
from nuages.i18n import translation
from nuages.test.selenium import SeleniumTestCase, screenshot_cases
from nuages.urls import path


def home(request: Any) -> HttpResponse:
    """Says what the page knows of its visitor."""
    return HttpResponse(
        f"<meta name=viewport content='width=device-width'><h1 lang={translation.get_language()}>Clouds</h1>"
    )


urlpatterns = [path("", home)]


class Walk(SeleniumTestCase):
    """Run by the test below, not by pytest."""

    __test__ = False
    browsers = ("chrome",)
    seen: list[tuple[Any, ...]] = []

    @screenshot_cases(["desktop_size", "mobile_size", "rtl", "dark", "high_contrast"])
    def test_home(self) -> None:
        self.selenium.get(f"{self.live_server_url}/")
        heading = self.selenium.find_element("css selector", "h1")
        matches = [
            self.selenium.execute_script(f"return matchMedia('({query})').matches")
            for query in ("prefers-color-scheme: dark", "forced-colors: active")
        ]
        width = self.selenium.get_window_size()["width"]
        self.seen.append((self.screenshot_case, heading.get_attribute("lang"), width < 600, *matches))
        with self.disable_implicit_wait():
            self.assertEqual(self.selenium.find_elements("css selector", "h2"), [])
        self.take_screenshot("home")


def run() -> unittest.TestResult:
    """The result of the case."""
    Walk.seen.clear()
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Walk).run(result)
    assert result.wasSuccessful() and not result.skipped, (result.errors, result.failures, result.skipped)
    return result


def test_a_case_with_pictures(browser: Any, transactional_db: Any, override: Any, tmp_path: Path) -> None:
    override(ROOT_URLCONF=__name__, MIDDLEWARE=[])
    Walk.screenshots = None
    run()
    assert [case for case, *_ in Walk.seen] == [""] and not list(tmp_path.iterdir())
    Walk.screenshots = str(tmp_path / "pictures")
    run()
    found = {case: rest for case, *rest in Walk.seen}
    assert found["mobile_size"][1] and not found["desktop_size"][1]
    assert found["rtl"][0] in settings.LANGUAGES_BIDI and found["desktop_size"][0] == "en-us"
    assert found["dark"][2:] == [True, False] and found["high_contrast"][2:] == [False, True]
    assert found["desktop_size"][2:] == [False, False]
    pictures = sorted(picture.name for picture in (tmp_path / "pictures").iterdir())
    assert pictures == sorted(f"Walk-test_home-home-{case}.png" for case in found)
