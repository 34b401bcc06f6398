"""Every sentence that a reader sees, as templates in a folder a language, and what fills them."""
