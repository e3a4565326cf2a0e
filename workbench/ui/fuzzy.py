"""How well typed words fit a line of text: the palette's search, pure and small.

Words may come in any order; each must be found. A word that begins a word of the text is better than one inside it,
and that is better than letters that merely follow each other ("cpy" for "copy as Python"). What is said beside the line
(a tip, other words for the same) is found by whole words and by how they begin, and is worth less than the line.
"""

WHOLE = 100
BEGINS = 60
INSIDE = 30
SCATTERED = 10

BESIDE_WHOLE = 55
BESIDE_BEGINS = 28
LONGEST_BESIDE = 14
"""What the length of what is said beside a line may take from it: the fewer words, the more exact."""


def score(words: str, text: str, beside: str = "") -> int:
    """0 when a word is missing, else the higher the better; an empty search fits everything equally (1)."""
    wanted = words.casefold().split()
    if not wanted:
        return 1
    line, aside = text.casefold(), _words(beside)
    total = 0
    for word in wanted:
        one = max(_score_word(word, line), _score_beside(word, aside))
        if not one:
            return 0
        total += one
    return total


def _score_word(word: str, line: str) -> int:
    at = line.find(word)
    if at < 0:
        return SCATTERED if _follow_each_other(word, line) else 0
    best = INSIDE
    while at >= 0:
        if at == 0 or not line[at - 1].isalnum():
            end = at + len(word)
            whole = end == len(line) or not line[end].isalnum()
            best = max(best, WHOLE if whole else BEGINS)
        at = line.find(word, at + 1)
    return best


def _words(text: str) -> list[str]:
    return [word.strip(".,:;()\u201c\u201d\"'") for word in text.casefold().split()]


def _score_beside(word: str, words: list[str]) -> int:
    if word in words:
        best = BESIDE_WHOLE
    elif len(word) > 1 and any(each.startswith(word) for each in words):
        best = BESIDE_BEGINS
    else:
        return 0
    return best - min(len(words) // 4, LONGEST_BESIDE)


def _follow_each_other(word: str, line: str) -> bool:
    """Whether the letters stand in the line in this order, the first at the beginning of a word."""
    rest = iter(line)
    previous = " "
    first = False
    for letter in rest:
        if letter == word[0] and not previous.isalnum():
            first = True
            break
        previous = letter
    return first and all(letter in rest for letter in word[1:])
