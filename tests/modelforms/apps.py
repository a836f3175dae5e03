from nuages.apps import AppConfig


class Config(AppConfig):
    name = "tests.modelforms"
    label = "modelforms_tests"
