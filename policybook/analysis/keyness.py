"""How often words stand, and which set one text apart: frequencies, keyness, dispersion."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cache
from typing import Any, NamedTuple

import jieba
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, chdtrc, xlog1py
from scipy.stats import false_discovery_control
from wordcloud import STOPWORDS
from wordcloud.tokenization import process_tokens

from policybook.analysis import thresholds
from policybook.analysis.intervals import FloatArray, numbers
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.matching import read_dictionary
from policybook.errors import ComparisonError
from policybook.project import Project
from policybook.tables import read_text

# Words and phrases of a corpus and how often each stands ------------------------------------------

jieba.setLogLevel(logging.WARNING)


#: Of a term that stands in a sentence: where, in which language, and whether it is a mention of a concept.
TERM_COLUMNS = ("sentence", "passage", "block", "document", "language", "term", "coded")
_ENGLISH = re.compile(r"\w[\w']+")
_SHORTEST = 3


def list_terms(corpus: Corpus, scheme: Scheme, project: Project) -> pd.DataFrame:
    """Return a row with TERM_COLUMNS for every term of every sentence of `corpus`, sentences in reading order.

    A coded mention is one term, the concept's own in the sentence's language; the text between mentions is cut into
    words, by jieba with the scheme's terms as its dictionary or, in small letters, at spaces, less the stop words
    of data/lexicon, numbers, Chinese words of one character and English ones of fewer than three letters.
    """
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    of = corpus.sentences["document"].map(languages)
    texts = {str(code): part["text"] for code, part in corpus.sentences.groupby(of)}
    cut = {language: _make_cutter(language, scheme, project, part) for language, part in texts.items()}
    mentions: dict[str, list[Any]] = {}
    for mention in records(corpus.mentions):
        mentions.setdefault(mention.sentence, []).append(mention)
    rows = []
    for sentence in records(corpus.sentences):
        language, text = languages[sentence.document], sentence.text
        place = (sentence.sentence, sentence.passage, sentence.block, sentence.document, language)
        for mention in reversed(mentions.get(sentence.sentence, [])):
            concept = scheme.by_id[mention.concept]
            name = concept.term if language == "zh" else concept.term_en
            rows.append((*place, re.split(" ?[;(/]", name)[0], True))
            text = f"{text[: mention.start]} | {text[mention.end :]}"
        rows += [(*place, word, False) for word in cut[language](text)]
    return pd.DataFrame(rows, columns=list(TERM_COLUMNS)).astype({"coded": bool})


def term_frequencies(corpus: Corpus, scheme: Scheme, project: Project) -> pd.Series:
    """Return term → count, most frequent first, for the sentences of `corpus` (see list_terms).

    An English word that stands there with and without an s at its end is counted without.
    """
    return count_terms(list_terms(corpus, scheme, project))


def count_terms(terms: pd.DataFrame) -> pd.Series:
    """Return term → count, most frequent first, of rows of list_terms (see term_frequencies)."""
    kept = terms["coded"] | (terms["language"] == "zh")
    counts = Counter(terms.loc[kept, "term"])
    counts.update(process_tokens(terms.loc[~kept, "term"])[0])
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return pd.Series(dict(ordered), dtype=int)


def read_stopwords(project: Project, language: str) -> frozenset[str]:
    """Return the stop words of data/lexicon/stopwords-<language>.txt, one a line, # for comments.

    Raises InvalidDataError when the file is no text.
    """
    path = project.lexicon / f"stopwords-{language}.txt"
    if not path.exists():
        return frozenset()
    lines = (line.split("#")[0].strip() for line in read_text(path, project.name(path)).splitlines())
    return frozenset(line for line in lines if line)


def _make_cutter(language: str, scheme: Scheme, project: Project, texts: Iterable[str]) -> Callable[[str], list[str]]:
    """Return the function that cuts `texts` of a language into the words that count."""
    stop = read_stopwords(project, language)
    if language == "zh":
        tokenizer = _make_tokenizer(scheme.words_in("zh", "\n".join(texts)))
        return lambda text: _chinese_words(text, tokenizer, stop)
    stop = frozenset(word.lower() for word in stop | STOPWORDS)
    return lambda text: _english_words(text.lower(), stop)


def _chinese_words(text: str, tokenizer: jieba.Tokenizer, stop: frozenset[str]) -> list[str]:
    pieces = re.findall("[\u3400-\u9fff]+", text)
    words = (word for piece in pieces for word in tokenizer.cut(piece, HMM=False))  # no guessed words
    return [word for word in words if len(word) > 1 and word not in stop]


def _english_words(text: str, stop: frozenset[str]) -> list[str]:
    words = (word.removesuffix("'s") for word in _ENGLISH.findall(text))
    return [word for word in words if len(word) >= _SHORTEST and not word.isdigit() and word not in stop]


def _make_tokenizer(forms: tuple[str, ...]) -> jieba.Tokenizer:
    """Return a tokenizer that also has the forms of the scheme that stand in a text: all of them take seconds."""
    tokenizer = copy(open_dictionary())
    tokenizer.FREQ = dict(tokenizer.FREQ)
    for form in forms:
        tokenizer.add_word(form)
    return tokenizer


@cache
def open_dictionary() -> jieba.Tokenizer:
    """Return jieba with its own dictionary, made without the file in a shared folder that processes fight over."""
    counts, total = read_dictionary()
    tokenizer = jieba.Tokenizer()
    beginnings = (word[:end] for word in counts for end in range(1, len(word)))
    tokenizer.FREQ, tokenizer.total = {**dict.fromkeys(beginnings, 0), **counts}, total
    tokenizer.initialized = True
    return tokenizer


def frequent_terms(terms: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every term of a table of list_terms, a language at a time, the most frequent first.

    Columns: language, term, count, share (of all terms of the language, 0 to 1), documents (in how many it stands) and
    dp, Gries's DP over the blocks. DP of a rare term is near 1 whatever it does: compare terms of about one count.
    """
    columns = ["language", "term", "count", "share", "documents", "dp"]
    parts = {str(code): _frequencies(part) for code, part in terms.groupby("language")}
    return pd.concat(parts, names=["language"]).reset_index()[columns] if parts else pd.DataFrame(columns=columns)


_Places = npt.NDArray[np.intp]
#: A phrase is looked for up to so many words, where at least so many times they stand side by side.
_LONGEST_PHRASE, _LEAST_OFTEN = 4, 2
#: So many characters are shown on each side of an example.
_AROUND = {"zh": 18, "en": 40}


def uncoded_terms(terms: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Return the words, and phrases of them, that no mention of a concept holds, a language at a time, most first.

    `terms` is a table of list_terms, of `corpus` or a part. A phrase is what stands side by side in a sentence at least
    twice; a word that always stands in one same phrase has no row. Columns: language, term, count, documents (in how
    many it stands), sentence (the first with it) and example (what stands around it there).
    """
    columns = ["language", "term", "count", "documents", "sentence", "example"]
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    tables = [pd.DataFrame(columns=columns)]
    for code, part in terms[~terms["coded"]].groupby("language"):
        runs = _runs(part, texts, "" if code == "zh" else " ").groupby("term", sort=False)
        table = runs.agg(count=("document", "size"), documents=("document", "nunique"), sentence=("sentence", "first"),
                         place=("place", "first"), head=("head", "last"), tail=("tail", "last"))  # fmt: skip
        counts, several = table["count"].to_dict(), table[table["count"] >= _LEAST_OFTEN]
        whole = {part for side in ("head", "tail")
                 for part, count in zip(several[side], several["count"], strict=True) if counts.get(part) == count}
        shown = ~table.index.isin(whole) & ((table["count"] >= _LEAST_OFTEN) | (table["head"] == ""))
        table = table[shown].sort_values("place", kind="stable").reset_index()
        around = [_around(texts[sentence], term, _AROUND[str(code)])
                  for sentence, term in zip(table["sentence"], table["term"], strict=True)]  # fmt: skip
        table = table.assign(language=code, example=around)[columns]
        tables.append(table.sort_values(["count", "documents"], ascending=False, kind="stable"))
    return pd.concat(tables[1:] or tables, ignore_index=True)


def _runs(words: pd.DataFrame, texts: Mapping[str, str], between: str) -> pd.DataFrame:
    """Return a row for every word and for every run of words that stands in its sentence and does so often enough.

    Shorter ones come first. Columns: term, sentence, document, place (of the sentence among all), and the two runs that
    it is made of, head and tail, both empty for a word. A run stands no more often than what it is made of.
    """
    place, sentences = pd.factorize(words["sentence"])
    order = np.argsort(place, kind="stable")
    place, words, lower = place[order], words.iloc[order], [texts[one].lower() for one in sentences]
    word = words["term"].to_numpy(object)
    number, names = pd.factorize(word)
    different, found = len(names), [words[["term", "sentence", "document"]].assign(place=place, head="", tail="")]
    run = np.full(len(word), -1)  # the number of the frequent one that begins at each word
    start, of = _frequent(np.arange(len(word)), number)
    run[start] = of
    for size in range(2, _LONGEST_PHRASE + 1):
        start = np.flatnonzero((run[:-1] >= 0) & (run[1:] >= 0))
        start = start[start + size <= len(word)]
        start = start[place[start] == place[start + size - 1]]
        _, first, which = np.unique(run[start].astype(np.int64) * different + number[start + size - 1],
                                    return_index=True, return_inverse=True)  # fmt: skip
        spelt = [f"{names[run[at]]}{between}{word[at + size - 1]}" for at in start[first]]
        of, labels = pd.factorize(np.array(spelt, dtype=object))  # two ways of cutting the same are one
        start, of = _frequent(start, of[which])
        stands = np.array([labels[one] in lower[at] for one, at in zip(of, place[start], strict=True)], dtype=bool)
        start, of = _frequent(start[stands], of[stands])
        found.append(words[["sentence", "document"]].iloc[start].assign(
            term=labels[of], place=place[start], head=names[run[start]], tail=names[run[start + 1]]))  # fmt: skip
        run, names = np.full(len(word), -1), labels
        run[start] = of
    return pd.concat(found, ignore_index=True)


def _frequent(start: _Places, of: _Places) -> tuple[_Places, _Places]:
    """Return the places, and what stands there, of what does so often enough."""
    kept = np.bincount(of, minlength=1)[of] >= _LEAST_OFTEN
    return start[kept], of[kept]


def _around(text: str, term: str, room: int) -> str:
    start = max(0, text.lower().find(term))
    end = start + len(term)
    before, after = text[max(0, start - room) : start], text[end : end + room]
    return f"{'…' * (start > room)}{before}{text[start:end]}{after}{'…' * (len(text) > end + room)}"


def key_terms(left: pd.DataFrame, right: pd.DataFrame, labels: tuple[str, str] = ("left", "right")) -> pd.DataFrame:
    """Return a row for every term of either side, in each language that both hold, the most uneven (|G²|) first.

    The sides are tables of list_terms. Columns: language, term; of each side, with _left and _right behind
    the name, count, share, documents and dp as in frequent_terms (nan where the term does not stand); and, positive
    where left has more, g2 (log_likelihood), log_ratio and log_ratio_conservative (in doublings, the latter for all
    terms of the language at once) and log_odds_z (log_odds_dirichlet, the counts of both sides as prior); and q, the p
    of g2 as adjusted by Benjamini and Hochberg for all terms of the language.
    Raises ComparisonError when a side holds no words or the sides share no language.
    """
    found = [frozenset(side["language"]) for side in (left, right)]
    for label, codes in zip(labels, found, strict=True):
        if not codes:
            raise ComparisonError("no_words", side=label)
    shared = sorted(found[0] & found[1])
    if not shared:
        raise ComparisonError("no_language", held=dict(zip(labels, map(sorted, found), strict=True)))
    parts = [_keyness(*(side[side["language"] == code] for side in (left, right))) for code in shared]
    return pd.concat(parts, keys=shared, names=["language", None]).reset_index("language").reset_index(drop=True)


def log_likelihood(a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> FloatArray:
    """Return the signed log-likelihood ratio G² = 2 Σ O ln(O / E) of the four-cell table.

    The sum runs over the word and all other words in both collections: Dunning (1993), Computational Linguistics 19,
    61–74. The two-cell form of Rayson and Garside (2000), over the word's two counts only, is a little smaller.
    Raises ValueError for counts that checked_counts refuses.
    """
    counts = checked_counts(a, b, n1, n2)
    excess = counts.excess()
    total = np.zeros_like(excess)
    for observed, expected, direction in zip(counts.observed(), counts.expected(), (1, -1, -1, 1), strict=True):
        # O = E ± excess in every cell, and ln(1 + x) keeps what ln(O / E) loses where O and E are nearly equal
        total += xlog1py(observed, ratio(direction * excess, expected))
    return _signed(np.maximum(2 * total, 0.0), counts)


def log_ratio(a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> FloatArray:
    """Return log₂ of the ratio of rates, ((a + ½)/(n1 + ½)) / ((b + ½)/(n2 + ½)): +1 is twice as often in a.

    The ½ make it finite at 0 and nearly unbiased (Walter 1975, Biometrika 62, 371–374); the measure is Hardie's
    (2014, Log Ratio: an informal introduction).
    Raises ValueError for counts that checked_counts refuses.
    """
    counts = checked_counts(a, b, n1, n2)
    return _plain(np.log2((counts.a + 0.5) / (counts.b + 0.5)) - np.log2((counts.n1 + 0.5) / (counts.n2 + 0.5)))


def log_ratio_conservative(a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike,
                           confidence: float = 0.95, family: int = 1) -> FloatArray:  # fmt: skip
    """Return the bound of the log₂ ratio of rates that is nearest to no difference; 0 where the interval holds 0.

    Given a + b, a is binomial; its Clopper–Pearson interval (τ₁, τ₂) at 1 − (1 − confidence)/family becomes
    log₂(n2/n1 · τ/(1 − τ)). `family` is the number of words looked at (Bonferroni). After Evert (2022), LRC,
    in the R package corpora 0.6; interval: Clopper and Pearson (1934), Biometrika 26, 404–413.
    0 where the word is nowhere. Raises ValueError for counts that checked_counts refuses, for a confidence
    outside 0 to 1 and for a family below 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not be {confidence!r}")
    if not family >= 1:
        raise ValueError(f"family must be the number of words looked at, at least 1, not {family!r}")
    counts = checked_counts(a, b, n1, n2)
    tail = (1 - confidence) / 2 / family
    # one formula for both directions: the lower bound of the collection in which the rate is higher
    higher = counts.excess() >= 0
    more, less = np.where(higher, counts.a, counts.b), np.where(higher, counts.b, counts.a)
    scale = np.where(higher, counts.n2 / counts.n1, counts.n1 / counts.n2)
    share = np.where(more > 0, betaincinv(np.where(more > 0, more, 1.0), less + 1, tail), 0.0)
    with np.errstate(divide="ignore"):
        bound = np.log2(scale * share / (1 - share))
    return _signed(np.maximum(bound, 0.0), counts)


def log_odds_dirichlet(a: npt.ArrayLike, b: npt.ArrayLike, prior: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return (delta, z): the log-odds ratio of every word with a Dirichlet prior, and that over its standard error.

    `a` and `b` hold the counts of the whole vocabulary, a word a place, because totals are their sums; `prior`
    the pseudo-counts α, one a word or one number for all (a + b is the usual informative prior).
    delta = ln((a + α)/(n₁ + α₀ − a − α)) − the same of b. The variance has four terms, the reciprocals of both
    numerators and both denominators: Monroe, Colaresi and Quinn (2008), Political Analysis 16, 372–403,
    equation 18; their equation 20, and most programs, keep only the first two.
    Raises ValueError when lengths differ, there are fewer than two words, or a word has no count and no prior.
    """
    first, second, alpha = numbers("a", a), numbers("b", b), numbers("prior", prior)
    if first.ndim != 1 or first.shape != second.shape or alpha.shape not in ((), first.shape):
        raise ValueError("a and b must be lists of one length, and prior as long or a single number")
    if len(first) < 2:
        raise ValueError("a vocabulary needs at least two words: the odds of one word are against the others")
    alpha = np.broadcast_to(alpha, first.shape)
    delta, variance = np.zeros_like(first), np.zeros_like(first)
    for sign, counts in ((1, first), (-1, second)):
        word = counts + alpha
        others = word.sum() - word
        if np.any(word <= 0) or np.any(others <= 0):
            raise ValueError("every word needs a count or a prior above 0 on both sides")
        delta += sign * np.log(word / others)
        variance += 1 / word + 1 / others
    return delta, delta / np.sqrt(variance)


def gries_dp(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> FloatArray:
    """Return Gries's DP = ½ Σ |share of the word − share of the size|: 0 as even as can be, near 1 in one part.

    `counts` holds how often the word stands in each part and `sizes` how large the parts are (words, or shares: only
    their proportions matter). Parts run along the last axis, so a table of words × parts gives one value a word.
    Source: Gries (2008), International Journal of Corpus Linguistics 13, 403–437.
    Raises ValueError when parts do not match or there is none, a size is 0, or the word stands nowhere.
    """
    values, parts = numbers("counts", counts), numbers("sizes", sizes)
    if values.ndim == 0 or parts.ndim == 0 or values.shape[-1] != parts.shape[-1]:
        raise ValueError("counts and sizes must have one number for each part")
    if not parts.shape[-1]:
        raise ValueError("dispersion needs at least one part")
    if np.any(parts == 0):
        raise ValueError("sizes must be greater than 0: leave empty parts out")
    if np.any(values.sum(axis=-1) == 0):
        raise ValueError("a word that stands in no part has no dispersion: leave it out")
    shares = parts / parts.sum(axis=-1, keepdims=True)
    result: FloatArray = (0.5 * np.abs(values / values.sum(axis=-1, keepdims=True) - shares).sum(axis=-1))[()]
    return result


def _frequencies(terms: pd.DataFrame) -> pd.DataFrame:
    """Return term → count, share, documents, dp of the terms of one language, the most frequent first."""
    documents = terms.groupby("term")["document"]
    found = pd.DataFrame({"count": documents.size(), "documents": documents.nunique()})
    found = found.assign(share=found["count"] / len(terms), dp=_block_dp(terms))
    return found.sort_values(["count", "term"], ascending=[False, True])


def _block_dp(terms: pd.DataFrame) -> pd.Series:
    """Return term → Gries's DP over the blocks (see gries_dp), without a table of all terms and all blocks.

    A block without the term adds its share of the words, and all these shares together are 1.
    """
    counts = terms.groupby(["term", "block"]).size()
    own = counts / counts.groupby(level="term").transform("sum")
    shares = (terms.groupby("block").size() / len(terms)).loc[counts.index.get_level_values("block")].to_numpy()
    return (0.5 * (1 + ((own - shares).abs() - shares).groupby(level="term").sum())).clip(lower=0)


def _keyness(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of key_terms for two sides of one language."""
    sides = [_frequencies(left).add_suffix("_left"), _frequencies(right).add_suffix("_right")]
    table = pd.concat(sides, axis=1).sort_index()
    known = [f"{name}_{side}" for name in ("count", "share", "documents") for side in ("left", "right")]
    table[known] = table[known].fillna(0)
    table = table.astype({name: int for name in known if not name.startswith("share")})
    a, b, n1, n2 = table["count_left"].to_numpy(), table["count_right"].to_numpy(), len(left), len(right)
    table["g2"] = log_likelihood(a, b, n1, n2)
    table["log_ratio"] = log_ratio(a, b, n1, n2)
    table["log_ratio_conservative"] = log_ratio_conservative(a, b, n1, n2, thresholds.CONFIDENCE, len(table))
    # the odds of an only word are against no other
    table["log_odds_z"] = log_odds_dirichlet(a, b, a + b)[1] if len(table) > 1 else np.nan
    table["q"] = false_discovery_control(chdtrc(1, table["g2"].abs().to_numpy()))
    order = table["g2"].abs().sort_values(ascending=False, kind="stable").index  # equals stay in the terms' order
    return table.loc[order].rename_axis(index="term").reset_index()


def _signed(size: FloatArray, counts: Counts) -> FloatArray:
    """Give `size` the sign of the difference of rates."""
    return _plain(np.sign(counts.excess()) * size)


def _plain(values: FloatArray) -> FloatArray:
    """Return a number for a single value, and no negative zero."""
    result: FloatArray = (np.asarray(values, dtype=np.float64) + 0.0)[()]
    return result


# Counts of a word in two collections, checked before anything is computed from them ----------------

class Counts(NamedTuple):
    """How often something stands in two collections: `a` of `n1` words, `b` of `n2` words; one shape for all."""

    a: FloatArray
    b: FloatArray
    n1: FloatArray
    n2: FloatArray

    def observed(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the four cells of the table: the word in a, in b; other words in a, in b."""
        return self.a, self.b, self.n1 - self.a, self.n2 - self.b

    def expected(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the counts expected if the rates were equal, in the same order."""
        total, others = self.n1 + self.n2, (self.n1 - self.a) + (self.n2 - self.b)
        word, other = (self.a + self.b) / total, others / total
        return self.n1 * word, self.n2 * word, self.n1 * other, self.n2 * other

    def excess(self) -> FloatArray:
        """Return observed minus expected of the word in a; exactly 0 where the rates are equal."""
        return (self.a * self.n2 - self.b * self.n1) / (self.n1 + self.n2)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide arrays of one shape, giving 0 where the denominator is 0: an empty row of a table says nothing."""
    return np.divide(numerator, denominator, out=np.zeros(np.shape(denominator)), where=np.asarray(denominator) != 0)


def checked_counts(a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> Counts:
    """Return the four as arrays of one shape, having broadcast them.

    Raises ValueError when one is not a finite number ≥ 0, when a total is 0, when a count exceeds its total,
    or when the shapes do not fit.
    """
    arrays = [numbers(name, values) for name, values in zip(Counts._fields, (a, b, n1, n2), strict=True)]
    try:
        counts = Counts(*np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(f"a, b, n1 and n2 must have one length, or be single numbers; they have {shapes}") from None
    for count, total, names in ((counts.a, counts.n1, ("a", "n1")), (counts.b, counts.n2, ("b", "n2"))):
        if np.any(total == 0):
            raise ValueError(f"{names[1]} must be greater than 0: a collection without words has no rates")
        if np.any(count > total):
            raise ValueError(f"{names[0]} must not exceed {names[1]}")
    return counts
