"""From passages to tables of coded mentions."""
