"""`launch track`: faces of any video or camera as lines of JSON, as a film, or in a window."""
