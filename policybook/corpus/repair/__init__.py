"""What scraping did to a text is undone, paragraph by paragraph."""
