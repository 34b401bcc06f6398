"""The texts that a new project begins with: words that fit any subject, for a person to replace."""

from __future__ import annotations

FRONT: tuple[tuple[str, str], ...] = (
    ("markdown", "(front)=\n# A book of policy documents"),
    (
        "code",
        "from policybook.publishing.notebook import CorpusPage, glue, open_book, ways\n\n"
        "book = open_book()\nglue(**CorpusPage(book).values)",
    ),
    (
        "markdown",
        "This book sets policy documents side by side and counts what they speak of. Write here what it asks, and what "
        "it found: `notebooks/front.ipynb` makes this page.",
    ),
    (
        "markdown",
        "(texts)=\n## The texts\n\n"
        "Documents: {glue:text}`n_documents`, of them in Chinese {glue:text}`n_chinese` and translated by machine "
        "{glue:text}`n_translated`. They hold {glue:text}`n_passages` passages with {glue:text}`n_sentences` "
        "sentences, in which {glue:text}`n_mentions` mentions of policy terms were found. Paragraphs set aside as "
        "belonging to a web page: {glue:text}`n_boilerplate`.",
    ),
    ("markdown", "(ways)=\n## Where to go from here"),
    ("code", "ways(book)"),
)

LIMITS: tuple[tuple[str, str], ...] = (
    ("markdown", "(limits)=\n# Limits"),
    (
        "code",
        "from policybook.publishing.notebook import CorpusPage, glue, open_book\n\n"
        "book = open_book()\nglue(**CorpusPage(book).values)",
    ),
    (
        "markdown",
        "What this evidence can carry, and what must not be claimed from it. `notebooks/limits.ipynb` makes this page; "
        "add what is particular about your documents.",
    ),
    (
        "markdown",
        "(size)=\n## How small the evidence is\n\n"
        "The book rests on {glue:text}`n_blocks` blocks from {glue:text}`n_documents` documents. They were not drawn "
        "at random and stand for nothing but themselves, so statements hold “in these texts”.",
    ),
    (
        "markdown",
        "(translation)=\n## Language and translation\n\n"
        "Documents translated by machine: {glue:text}`n_translated` of {glue:text}`n_documents`. Such texts read well "
        "and may hide which term stood in the original. Quote a wording from the original, or not at all.",
    ),
    (
        "markdown",
        "(left-out)=\n## What is left out\n\n"
        "Sentences that are not shown, because their text may only be quoted and nothing in them was counted: "
        "{glue:text}`n_left_out` of {glue:text}`n_sentences`.",
    ),
)

COMPARISONS = """\
# What the book compares, one entry a page. `policybook check` validates this file.
#
# A pair has `left` and `right`; a sequence has `periods`. Each side selects passages by plan, era, places,
# level, document, speaker, voice, language or machine_translated; a list of values means any of them.
# `question` is printed first. `not_concluded` says what a reader may not take from the page.
#
# An example. To use it, take the # away and write `comparisons:` without the brackets:
#
#   - id: reports-commentaries
#     title: Reports and commentaries
#     question: What do reports of policy speak of, and what do commentaries?
#     left:
#       label: reports
#       select: {voice: reported}
#     right:
#       label: commentaries
#       select: {voice: commentary}
#     not_concluded:
#       - That reporters and commentators differ in general.

comparisons: []
"""

CODEBOOK = """\
# The codebook: for every code what it means, what bears it and what does not. The page "Codebook" is made from it.
#
# To score the rules on your own texts, code sentences by hand and put sentences.csv, concepts.csv, quantities.csv,
# actors.csv and directives.csv beside this file; the page "Validation" is then made from them. Say here, under
# `coding` (coder, order, split), who coded and how; an entry for a concept has `of: concept` and its `term_zh`.

"""

TOC = """\
# The reading order. A glob stands for the pages that notebooks make, in the order of their entries in data/.
format: jb-book
root: index
parts:
  - caption: About this book
    chapters:
      - file: how-to-read
      - file: chapters/corpus
  - caption: Comparisons
    chapters:
      - glob: comparisons/*
      - file: chapters/similarity
  - caption: What the texts say
    chapters:
      - file: chapters/terms
      - file: chapters/actors
      - file: chapters/instruments
  - caption: Documents
    chapters:
      - glob: documents/*
  - caption: Reference
    chapters:
      - file: chapters/methods
      - file: chapters/validation
      - file: chapters/codebook
      - file: chapters/limits
      - file: chapters/cite
"""

README = """\
# A book of policy documents

Made with `policybook new`. What to do next, in this folder:

    policybook add FILE          a document as received: text, web page, PDF or Word; or a web address
    policybook check             every mistake in data/ and notebooks/, nothing executed
    policybook build             the book, at _build/html/index.html
    policybook serve             read it, with its search, on this computer

- `data/corpus.yml` says of each document what it is; its head explains every field.
- `data/comparisons.yml` says what is compared; it begins empty, with an example.
- `data/lexicon/` holds the coding scheme: concepts, places, plans and eras. Replace what is about another subject.
- `data/facts/` holds tables of figures, each row with its origin; only their headings are here.
- `notebooks/` makes the pages, `notebooks/runs.yml` says which; `book/` holds pages written by hand.
- `_config.yml` and `CITATION.cff` hold the title, the authors and the address of the book.
"""

GITIGNORE = """\
_build/
book/index.ipynb
book/documents/
book/comparisons/
book/chapters/
"""
