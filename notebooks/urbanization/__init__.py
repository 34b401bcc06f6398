"""What only this book about new urbanization shows, for its own notebooks."""

from pathlib import Path

from policybook.words.say import bring_words

bring_words(Path(__file__).parent / "words" / "en")
