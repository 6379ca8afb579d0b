"""A month of operations to try the platform with: everything goes through the same actions as on pages and API."""
