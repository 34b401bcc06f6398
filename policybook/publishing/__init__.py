"""From notebooks to the book."""
