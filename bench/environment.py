"""Imported first: practice mode, and static files without the manifest of a deployment."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpmap.settings")
os.environ.setdefault("DPMAP_PRACTICE", "1")
os.environ.setdefault("DPMAP_DEVELOPMENT", "1")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()
