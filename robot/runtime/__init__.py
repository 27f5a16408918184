"""Runners: what turns a table of nodes into a run. Sockets live in robot/bus."""
