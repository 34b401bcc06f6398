"""A project becomes a site: check, runs, execute, site, search, cite, new."""
