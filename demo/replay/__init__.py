"""The marketplace's history, played through the same actions as pages and API: read, map, generate, run, report."""
