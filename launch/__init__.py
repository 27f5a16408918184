"""The `launch` command: profiles, process table, benches, reports."""
