"""The default error handlers, as ``from nuages.urls.handlers import *`` gives them to a URLconf."""

from nuages.urls.resolvers import default_handlers

handler400 = default_handlers[400]
handler403 = default_handlers[403]
handler404 = default_handlers[404]
handler500 = default_handlers[500]
