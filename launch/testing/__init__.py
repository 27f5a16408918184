"""Navigation episodes as ordinary tests: `plugin.py` is loaded by pytest itself. See examples/test_my_rooms.py."""
