"""From the bytes of any file to numbered paragraphs, or to one sentence that says why not."""
