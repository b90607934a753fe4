from django.apps import AppConfig


class DpmapConfig(AppConfig):
    name = "dpmap"
