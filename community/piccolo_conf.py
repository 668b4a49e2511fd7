"""Piccolo's configuration, found by the name in `PICCOLO_CONF`."""

from piccolo.conf.apps import AppRegistry

from community.kit.db import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["community.piccolo_app"])
