from nuages.apps import AppConfig


class Config(AppConfig):
    name = "tests.serializers"
    label = "serializers_tests"
