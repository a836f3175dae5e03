"""Test cases with browsers, as far as no browser is needed."""

import sys
import unittest

import pytest

from nuages.test.selenium import SeleniumTestCase, screenshot_cases


def test_without_a_browser_they_are_skipped():
    class Unnamed(SeleniumTestCase):
        browsers = ()

        def test(self):
            raise AssertionError

    Unnamed.browser = None
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Unnamed).run(result)
    assert result.wasSuccessful() and "SELENIUM" in result.skipped[0][1]
    assert "selenium" in Unnamed.tags


def test_each_browser_has_a_class():
    class Named(SeleniumTestCase):
        browsers = ("firefox", "chrome")

    class Below(Named):
        pass

    module = sys.modules[__name__]
    assert (Named.browser, module.ChromeNamed.browser) == ("firefox", "chrome")
    assert (Below.browser, module.ChromeBelow.browser) == ("firefox", "chrome")
    assert issubclass(module.ChromeBelow, Below)
    del module.ChromeNamed, module.ChromeBelow


def test_cases_of_screenshots():
    seen = []

    class Fake:
        screenshots = None
        screenshot_case = ""

        def subTest(self, case):
            seen.append(case)
            return self

        dark = mobile_size = lambda self: self

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        @screenshot_cases(["dark", "mobile_size"])
        def test(self):
            seen.append(f"run {self.screenshot_case}".strip())

    Fake().test()
    assert seen == ["run"] and Fake.test.tags == {"screenshot"}
    Fake.screenshots = "somewhere"
    Fake().test()
    assert seen[1:] == ["dark", "run dark", "mobile_size", "run mobile_size"]
    with pytest.raises(ValueError, match="sepia"):
        screenshot_cases("sepia")
