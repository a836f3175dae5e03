"""Test cases that drive a browser (documentation: internals/contributing/writing-code/unit-tests, "Running the Selenium tests").

The browsers are those that the environment names: ``SELENIUM=chrome,firefox``, as the package ``selenium`` calls them. They have
no window unless ``SELENIUM_WINDOW`` is set, and pictures are taken where ``SELENIUM_SCREENSHOTS`` names a folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar
from unittest import SkipTest

from nuages.conf import settings
from nuages.test.live import LiveServerTestCase
from nuages.test.overriding import override_settings
from nuages.test.tools import tag

CASES = ("desktop_size", "mobile_size", "small_screen_size", "rtl", "dark", "high_contrast")
# In a container there is neither a sandbox nor a graphics card.
_CHROME = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def screenshot_cases(names: str | Sequence[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: where pictures are taken, the test runs once for each of these :data:`CASES`; else as it is."""
    chosen = [names] if isinstance(names, str) else list(names)
    unknown = [name for name in chosen if name not in CASES]
    if unknown:
        raise ValueError(f"There are no screenshots of {', '.join(unknown)}: choose from {', '.join(CASES)}.")

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def test(self: Any, *args: Any, **kwargs: Any) -> Any:
            if self.screenshots is None:
                return method(self, *args, **kwargs)
            for name in chosen:
                with self.subTest(case=name), getattr(self, name)():
                    self.screenshot_case = name
                    method(self, *args, **kwargs)
            return None

        marked: Callable[..., Any] = tag("screenshot")(test)
        return marked

    return decorate


@tag("selenium")
class SeleniumTestCase(LiveServerTestCase):
    """A live server, and a browser in ``self.selenium``; with several browsers the module gets a class for each of them.

    Skipped where no browser is named or the package ``selenium`` is not there.
    """

    browsers: ClassVar[Sequence[str]] = tuple(filter(None, os.environ.get("SELENIUM", "").split(",")))
    headless: ClassVar[bool] = not os.environ.get("SELENIUM_WINDOW")
    screenshots: ClassVar[str | None] = os.environ.get("SELENIUM_SCREENSHOTS")
    browser: ClassVar[str | None] = None
    implicit_wait: ClassVar[int] = 10
    """Seconds to wait for an element that is looked for."""

    selenium: Any
    screenshot_case = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "browser" in cls.__dict__ or not cls.browsers:
            return
        cls.browser, *others = cls.browsers
        module = sys.modules[cls.__module__]
        for name in others:
            made = type(f"{name.capitalize()}{cls.__name__}", (cls,), {"browser": name, "__module__": cls.__module__})
            setattr(module, made.__name__, made)

    @classmethod
    def setUpClass(cls) -> None:
        """Start the browser, then the server."""
        if cls.browser is None:
            raise SkipTest("No browser is named: set the environment variable SELENIUM, for example to chrome.")
        cls.selenium = cls.create_webdriver()
        cls.addClassCleanup(cls.selenium.quit)
        cls.selenium.implicitly_wait(cls.implicit_wait)
        super().setUpClass()

    @classmethod
    def create_options(cls, webdriver: Any) -> Any:
        """The options of the browser; a hook for more of them."""
        options = getattr(webdriver, f"{str(cls.browser).capitalize()}Options")()
        if cls.browser == "chrome":
            for argument in _CHROME:
                options.add_argument(argument)
        if cls.headless and cls.browser in ("chrome", "edge", "firefox"):
            options.add_argument("-headless" if cls.browser == "firefox" else "--headless")
        return options

    @classmethod
    def create_webdriver(cls) -> Any:
        """The browser; ``SkipTest`` without the package."""
        try:
            webdriver = import_module("selenium.webdriver")
        except ImportError as error:
            raise SkipTest("The package selenium is not installed.") from error
        return getattr(webdriver, str(cls.browser).capitalize())(options=cls.create_options(webdriver))

    @contextmanager
    def disable_implicit_wait(self) -> Iterator[None]:
        """Within the block, what is not there at once is not there."""
        self.selenium.implicitly_wait(0)
        try:
            yield
        finally:
            self.selenium.implicitly_wait(self.implicit_wait)

    # -- pictures ---------------------------------------------------------------------------------------------

    def take_screenshot(self, name: str) -> None:
        """Keep a picture of the page, named by test, *name* and case; nothing where no pictures are taken."""
        if self.screenshots is None:
            return
        folder = Path(self.screenshots)
        folder.mkdir(parents=True, exist_ok=True)
        parts = (type(self).__name__, self._testMethodName, name, self.screenshot_case)
        self.selenium.save_screenshot(str(folder / f"{'-'.join(filter(None, parts))}.png"))

    @contextmanager
    def _sized(self, width: int, height: int) -> Iterator[None]:
        before = self.selenium.get_window_size()
        self.selenium.set_window_size(width, height)
        try:
            yield
        finally:
            self.selenium.set_window_size(before["width"], before["height"])

    def desktop_size(self) -> Any:
        """Within the block, the window of a desktop."""
        return self._sized(1280, 720)

    def small_screen_size(self) -> Any:
        """Within the block, the window of a small screen."""
        return self._sized(1024, 768)

    def mobile_size(self) -> Any:
        """Within the block, the window of a telephone."""
        return self._sized(360, 800)

    @contextmanager
    def rtl(self) -> Iterator[None]:
        """Within the block, a language that is written from right to left."""
        with self.desktop_size(), override_settings(LANGUAGE_CODE=settings.LANGUAGES_BIDI[-1]):
            yield

    @contextmanager
    def _emulating(self, feature: str, value: str) -> Iterator[None]:
        if self.browser != "chrome":
            raise SkipTest(f"Only chrome emulates {feature}.")
        command = "Emulation.setEmulatedMedia"
        self.selenium.execute_cdp_cmd(command, {"features": [{"name": feature, "value": value}]})
        try:
            with self.desktop_size():
                yield
        finally:
            self.selenium.execute_cdp_cmd(command, {"features": []})

    def dark(self) -> Any:
        """Within the block, a visitor who prefers dark colours; chrome alone."""
        return self._emulating("prefers-color-scheme", "dark")

    def high_contrast(self) -> Any:
        """Within the block, a visitor whose system forces its colours; chrome alone."""
        return self._emulating("forced-colors", "active")
