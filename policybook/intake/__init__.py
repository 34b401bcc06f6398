"""A document is inspected, comes, changes, goes."""
