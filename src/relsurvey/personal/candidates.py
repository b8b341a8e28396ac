"""Which of many texts could be personal at all: a few array operations on their bytes.

Everything `personal_kind` finds is among the candidates; most ids, times and codes are not.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["candidates"]

Marks = NDArray[np.bool_]
Places = NDArray[np.intp]
Signs = NDArray[np.uint8]

_PAD = 12
_FEWEST_LETTERS = 3
_FEWEST_PHONE_DIGITS = 9
_FEWEST_COLONS = 6
_NHS_DIGITS = 10
_MANY = 100
_WIDEST_GAP = 3

# What a byte can be; the bytes of letters beyond ASCII count as letters.
_DIGIT, _LETTER, _LINE, _BREAK, _DIALLED, _BRACKET, _POINT, _SUFFIX = (1 << i for i in range(8))
_WORD = _DIGIT | _LETTER | _LINE
_SIGNS = {
    _DIGIT: string.digits,
    _LETTER: string.ascii_letters,
    _LINE: "_",
    _BREAK: "\t\n\v\f\r\x1c\x1d\x1e\x1f ,:=",
    _DIALLED: string.digits + "+ \t()./-",
    _BRACKET: "([{<",
    _POINT: ".,:/",
    _SUFFIX: "ABCDabcd",
}


def _table(signs_of: Mapping[int, str]) -> bytes:
    table = bytearray([0] * 128 + [_LETTER] * 128)
    for kind, signs in signs_of.items():
        for sign in signs:
            table[ord(sign)] |= kind
    return bytes(table)


_TABLE = _table(_SIGNS)


@dataclass(frozen=True, eq=False)
class _Texts:
    """Texts laid end to end, a zero behind each of them and some before the first.

    Attributes
    ----------
    signs, classes : numpy.ndarray of uint8
        The bytes, and what they can be.
    ends : numpy.ndarray of int
        Where the zero behind each text is.
    starts, stops : numpy.ndarray of int
        Where digits in a row begin, and the place behind their last one.
    """

    signs: Signs
    classes: Signs
    ends: Places
    starts: Places
    stops: Places

    def at(self, places: Places, kind: int) -> Marks:
        """Say which bytes are of a kind."""
        found: Marks = (self.classes[places] & kind) != 0
        return found

    def equal(self, places: Places, sign: str) -> Marks:
        """Say which bytes are this sign."""
        found: Marks = self.signs[places] == ord(sign)
        return found

    def counted(self, marks: Marks) -> NDArray[np.int32]:
        """Count marked bytes, a text at a time."""
        first = np.concatenate([[_PAD], self.ends[:-1] + 1])
        return np.add.reduceat(marks, first, dtype=np.int32)


def _laid_out(texts: Sequence[str]) -> _Texts:
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts):
        joined = "\0".join(text.replace("\0", " ") for text in texts)
    raw = bytes(_PAD) + joined.encode("utf-8", "replace") + bytes(_PAD)
    signs = np.frombuffer(raw, dtype=np.uint8)
    classes = np.frombuffer(raw.translate(_TABLE), dtype=np.uint8)
    digit = classes & _DIGIT
    turns = np.flatnonzero(digit[1:] != digit[:-1]) + 1
    ends = np.flatnonzero(signs[_PAD:] == 0)[: len(texts)] + _PAD
    return _Texts(signs, classes, ends, turns[::2], turns[1::2])


def candidates(texts: Sequence[str]) -> list[int]:
    """Return the places of the texts that are worth a closer look.

    Parameters
    ----------
    texts : sequence of str
        As `unobscured` returns them.

    Examples
    --------
    >>> candidates(["R_2xABC", "2021-04-28 11:21:47", "07700900123", "my worker Sarah"])
    [2, 3]
    """
    laid = _laid_out(texts)
    brackets = np.flatnonzero(laid.classes & _BRACKET)
    colons = np.flatnonzero(laid.signs == ord(":"))
    places = [
        np.flatnonzero(laid.signs == ord("@")),
        brackets[laid.at(brackets + 1, _LETTER | _BREAK)],
        colons[laid.equal(colons + 1, ":")],
        _phones(laid),
        _postcodes(laid),
        _nhs_numbers(laid),
        *_grouped(laid),
    ]
    marked = _sentences(laid) | _ten_digits_apart(laid)
    if len(colons):
        marked |= laid.counted(laid.signs == ord(":")) >= _FEWEST_COLONS
    marked[np.searchsorted(laid.ends, np.concatenate(places))] = True
    return [int(place) for place in np.flatnonzero(marked)]


def _sentences(laid: _Texts) -> Marks:
    """Mark texts with several letters and a break between words."""
    breaks = (laid.classes & _BREAK) != 0
    letters = (laid.classes & _LETTER) != 0
    if not breaks.any() or not letters.any():
        return np.zeros(len(laid.ends), dtype=bool)
    return (laid.counted(breaks) > 0) & (laid.counted(letters) >= _FEWEST_LETTERS)


def _ten_digits_apart(laid: _Texts) -> Marks:
    """Mark texts with ten digits and signs between them."""
    between = (laid.classes & (_DIALLED | _DIGIT)) == _DIALLED
    digits = laid.counted((laid.classes & _DIGIT) != 0)
    found: Marks = (digits == _NHS_DIGITS) & (laid.counted(between) > 0)
    return found


def _phones(laid: _Texts) -> Places:
    """Find where a telephone number could begin: 0 or +, enough digits, no date, no decimal."""
    begins = np.flatnonzero((laid.signs == ord("0")) | (laid.signs == ord("+")))
    inside = laid.at(begins - 1, _WORD) | laid.equal(begins - 1, "@")
    inside |= laid.at(begins - 1, _POINT) & laid.at(begins - 2, _DIGIT)
    inside |= laid.equal(begins - 1, "-") & laid.at(begins - 2, _WORD)
    inside |= laid.equal(begins, "0") & laid.equal(begins + 1, ".")
    # Ids filled up with zeros; after two of them a country's code begins.
    inside |= laid.equal(begins + 1, "0") & laid.equal(begins + 2, "0")
    begins = begins[~inside]
    sign = laid.signs[begins + 2]
    date = (laid.signs[begins + 5] == sign) & (laid.signs[begins + 8] != sign)
    date &= laid.at(begins + 2, _POINT) | laid.equal(begins + 2, "-")
    begins = begins[~date]
    so_far = np.cumsum((laid.classes & _DIGIT) != 0, dtype=np.int32)
    breaks = np.flatnonzero((laid.classes & _DIALLED) == 0)
    last = breaks[np.searchsorted(breaks, begins)]
    found: Places = begins[so_far[last] - so_far[begins - 1] >= _FEWEST_PHONE_DIGITS]
    return found


def _postcodes(laid: _Texts) -> Places:
    """Find words of five to seven signs that end in a digit and two letters."""
    stops = laid.stops + 2
    stops = stops[laid.at(stops - 1, _LETTER) & laid.at(stops - 2, _LETTER)]
    stops = stops[~laid.at(stops, _WORD)]
    begun = [~laid.at(stops - length - 1, _WORD) for length in (5, 6, 7)]
    found: Places = stops[np.logical_or.reduce(begun)] - 1
    return found


def _nhs_numbers(laid: _Texts) -> Places:
    """Find ten digits in a row of which the last checks the others.

    Where ten digits are all there is in the cells of many rows and few of them pass, they pass
    by chance (one in eleven does).
    """
    ten = laid.starts[laid.stops - laid.starts == _NHS_DIGITS]
    after = ten + _NHS_DIGITS
    digits = laid.signs[ten[:, None] + np.arange(_NHS_DIGITS)].astype(np.intp) - ord("0")
    check = (11 - digits[:, :-1] @ np.arange(_NHS_DIGITS, 1, -1) % 11) % 11
    passes = (check == digits[:, -1]) & ~laid.at(ten - 1, _WORD) & ~laid.at(after, _WORD)
    alone = laid.equal(ten - 1, "\0") & laid.equal(after, "\0")
    if np.count_nonzero(alone) >= _MANY and 2 * np.count_nonzero(passes & alone) < alone.sum():
        passes &= ~alone
    found: Places = ten[passes]
    return found


def _grouped(laid: _Texts) -> Iterator[Places]:
    """Find digits in groups: 3-3-4 (numbers), four with points (addresses), 6 or 2-2-2 (NI)."""
    starts, stops = laid.starts, laid.stops
    length = stops - starts
    gap = np.append(starts[1:] - stops[:-1], 0)
    three = np.flatnonzero((length[:-2] == 3) & (length[1:-1] == 3) & (length[2:] == 4))
    near = (gap <= _WIDEST_GAP) & ~laid.at(stops, _WORD)
    yield starts[three[near[three] & near[three + 1]]]
    point = (gap == 1) & laid.equal(stops, ".")
    yield starts[:-3][point[:-3] & point[1:-2] & point[2:-1]]
    six = np.flatnonzero(length == 6)
    twos = (length == 2) & (gap == 1)
    pairs = np.flatnonzero(twos[:-2] & twos[1:-1] & (length[2:] == 2))
    for first, last in ((starts[six], stops[six]), (starts[pairs], stops[pairs + 2])):
        # Two letters before it, with or without a space, and one of A to D behind it.
        begun = ~laid.at(first - 3, _WORD) | ~laid.at(first - 4, _WORD)
        apart = ~laid.at(last, _WORD) & ~laid.equal(last, "\0") & laid.at(last + 1, _SUFFIX)
        yield first[laid.at(first - 2, _LETTER) & begun & (laid.at(last, _SUFFIX) | apart)]
