"""The levels of messages and their tags."""

DEBUG, INFO, SUCCESS, WARNING, ERROR = 10, 20, 25, 30, 40

DEFAULT_LEVELS = {"DEBUG": DEBUG, "INFO": INFO, "SUCCESS": SUCCESS, "WARNING": WARNING, "ERROR": ERROR}

DEFAULT_TAGS = {level: name.lower() for name, level in DEFAULT_LEVELS.items()}
