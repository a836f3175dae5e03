"""How serious a message is: the five levels, as in ``logging``."""

DEBUG, INFO, WARNING, ERROR, CRITICAL = 10, 20, 30, 40, 50
