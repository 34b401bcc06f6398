"""From bytes to numbered, scoped passages."""
