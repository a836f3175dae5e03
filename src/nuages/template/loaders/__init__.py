"""Where templates come from: ``filesystem``, ``app_directories``, ``cached`` and ``locmem``."""
