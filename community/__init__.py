"""The platform on which a marketplace's seller communities run themselves."""

import os

# Piccolo reads its configuration by this name wherever its commands are started from.
os.environ.setdefault("PICCOLO_CONF", "community.piccolo_conf")
