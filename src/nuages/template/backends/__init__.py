"""The engines that ``settings.TEMPLATES`` can name: the native language, Jinja2, and Python's template strings."""
