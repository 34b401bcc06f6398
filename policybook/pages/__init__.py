"""What pages show, from DataFrames: one module a kind of page that any book has."""
