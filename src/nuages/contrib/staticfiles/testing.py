"""A live server for tests that serves static files without collecting them."""

from nuages.contrib.staticfiles.handlers import StaticFilesHandler
from nuages.test import LiveServerTestCase


class StaticLiveServerTestCase(LiveServerTestCase):
    """As ``LiveServerTestCase``, with static files from their finders."""

    static_handler = StaticFilesHandler
