"""Words of English grammar that tell where a noun phrase ends and what a plural or a number word is."""

from __future__ import annotations

# fmt: off
#: One to nineteen, in order.
ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
#: Twenty to ninety, in order.
TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
#: First to ninth, in order.
FIRSTS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
)
#: Tenth to twentieth, in order.
TENTHS = (
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)
#: Plurals without an s.
PLURALS_WITHOUT_S = frozenset((
    "people", "children", "men", "women", "personnel", "youth", "staff", "population", "talent",
))
#: Words that are seldom the plurals that the inflector takes them for.
NOT_PLURAL = frozenset(("towards",))
#: Words at which a noun phrase ends.
PHRASE_ENDS = frozenset((
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did", "will",
    "would", "shall", "should", "can", "could", "may", "might", "must", "than", "that", "which", "who", "whom",
    "whose", "where", "when", "while", "as", "if", "then", "there", "this", "these", "those", "it", "its",
    "they", "them", "their", "he", "she", "we", "i", "you", "our", "your", "each", "every", "all", "both",
    "and", "or", "but", "nor", "so", "of", "in", "on", "at", "by", "for", "from", "to", "into", "onto", "over",
    "under", "with", "without", "within", "among", "amongst", "between", "during", "before", "after", "since",
    "until", "through", "throughout", "across", "about", "against", "via", "per", "a", "an", "the", "including",
    "include", "includes", "plus", "minus", "not", "no", "more", "less", "fewer", "higher", "lower", "annually",
    "altogether", "yesterday", "respectively", "namely", "such", "also", "only", "just", "still", "already",
    "now", "up", "down", "out", "off", "ago", "s",
))
#: Words at which what an ordinal counts ends.
ORDINAL_ENDS = frozenset((
    "of", "in", "on", "at", "by", "for", "from", "to", "is", "are", "was", "were", "and", "or", "will",
    "should", "we", "the", "a", "an", "has", "have", "with", "that",
))
#: Words before a document number that are no part of an office's abbreviation.
NO_OFFICE = frozenset((
    "of", "in", "to", "the", "with", "by", "and", "under", "see", "per", "no", "document", "documents",
    "notice", "circular", "accordance", "issued", "as",
))
