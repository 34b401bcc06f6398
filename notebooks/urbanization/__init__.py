"""What only this book about new urbanization shows, for its own notebooks."""
