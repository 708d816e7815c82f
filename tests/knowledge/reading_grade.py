"""The Flesch-Kincaid grade of English text; syllables are counted by rule, so that no word list is downloaded."""

import re

VOWELS = re.compile(r"[aeiouy]+")
SILENT_ENDING = re.compile(r"(?<=[aeiouy])(?:[^aeiouy]+)(?:e|(?<![sxzcgh])es|(?<![td])ed)$")
SPOKEN_LE = re.compile(r"[^aeiouy]les?$")
SPOKEN_APART = re.compile(r"(?<![tscg])i[ao](?!u)|eo(?!u)|ua(?!r)|iu|(?<=r)ea$")
EXCEPTIONS = {"diabetes": 4, "reaction": 3, "being": 2, "breathes": 1, "aches": 1, "clinician": 3, "people": 2}


def syllables(word: str) -> int:
    """Count the syllables of one word: groups of vowels, without a silent ending, and pairs that are spoken apart."""
    lower = re.sub(r"[^a-z]", "", word.lower())
    if lower in EXCEPTIONS:
        return EXCEPTIONS[lower]
    silent = bool(SILENT_ENDING.search(lower)) and not SPOKEN_LE.search(lower)
    return max(1, len(VOWELS.findall(lower)) - silent + len(SPOKEN_APART.findall(lower)))


def grade(sentences: list[str]) -> float:
    """Return the school grade of the sentences as one text; a figure counts as one word of one syllable."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z]+(?:'[a-z]+)?|[0-9.]*[0-9]", sentence)]
    per_sentence = len(words) / len(sentences)
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59
