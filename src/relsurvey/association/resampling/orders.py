"""Orders of scores: how many different ones there are, all of them, or some drawn at random."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain, product

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats

__all__ = ["Places", "all_orders", "count_orders", "drawn_orders", "orders_text", "tied"]

Places = npt.NDArray[np.intp]

SAME = 1e-10  # of the range of values: a difference that only rounding makes
CELLS = 1_000_000  # places held at once: some 8 MB in each array made of them
SPELLED_OUT = 10**6


def tied(values: Floats) -> Places:
    """Give rows of values numbers, equal rows (up to rounding) the same one.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (units, k).

    Returns
    -------
    numpy.ndarray
        Shape (units,).

    Examples
    --------
    >>> tied(np.array([[2.0], [1.0], [2.0 + 1e-15]])).tolist()
    [1, 0, 1]
    """
    levels = np.empty(values.shape, dtype=np.intp)
    for column, level in zip(values.T, levels.T, strict=True):
        order = np.argsort(column, kind="stable")
        steps = np.diff(column[order]) > SAME * np.ptp(column)
        level[order] = np.concatenate([[0], np.cumsum(steps)])
    numbers: Places = np.unique(levels, axis=0, return_inverse=True)[1].reshape(-1)
    return numbers


def count_orders(codes: Places, blocks: Places) -> int:
    """Count the different orders of scores that change places within blocks.

    Parameters
    ----------
    codes : numpy.ndarray
        Shape (units,): equal scores have the same number.
    blocks : numpy.ndarray
        Shape (units,): the block of each unit.

    Returns
    -------
    int
        The product over blocks of m! / (t1! t2! ...), with t the numbers of tied scores; exact.

    Examples
    --------
    >>> count_orders(np.array([0, 1, 2]), np.zeros(3, dtype=int))
    6
    >>> count_orders(np.array([0, 0, 1, 0, 1]), np.array([0, 0, 0, 1, 1]))
    6
    """
    total = 1
    for block in np.unique(blocks):
        repeats = np.unique(codes[blocks == block], return_counts=True)[1]
        total *= math.factorial(int(repeats.sum())) // math.prod(
            math.factorial(int(repeat)) for repeat in repeats
        )
    return total


def orders_text(orders: int) -> str:
    """Write how many orders there are; beyond a million, roughly.

    Examples
    --------
    >>> orders_text(1), orders_text(5040), orders_text(math.factorial(200))
    ('1 order', '5,040 orders', 'about 10 to the power of 375 orders')
    """
    if orders == 1:
        return "1 order"
    if orders < SPELLED_OUT:
        return f"{orders:,} orders"
    return f"about 10 to the power of {math.log10(orders):.0f} orders"


def all_orders(codes: Places, blocks: Places) -> Places:
    """Return every different order once.

    Parameters
    ----------
    codes, blocks : numpy.ndarray
        Shape (units,), as for ``count_orders``.

    Returns
    -------
    numpy.ndarray
        Shape (orders, units): whose score each unit has; equal scores are not told apart.

    Examples
    --------
    >>> all_orders(np.array([0, 1, 1]), np.zeros(3, dtype=int)).tolist()
    [[0, 1, 2], [1, 0, 2], [1, 2, 0]]
    """
    members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    of_blocks = [list(_arrangements(codes[units], units)) for units in members]
    together = [list(chain.from_iterable(parts)) for parts in product(*of_blocks)]
    found = np.empty((len(together), len(codes)), dtype=np.intp)
    found[:, np.concatenate(members)] = together
    return found


def _arrangements(codes: Places, units: Places) -> Iterator[list[int]]:
    """Yield each different arrangement of the units of one block, equal codes in order."""
    order = sorted(range(len(codes)), key=lambda place: int(codes[place]))
    line = [int(codes[place]) for place in order]
    holders: dict[int, list[int]] = {}
    for place in order:
        holders.setdefault(int(codes[place]), []).append(int(units[place]))
    while True:
        queues = {code: iter(waiting) for code, waiting in holders.items()}
        yield [next(queues[code]) for code in line]
        # The next line in the order of a dictionary.
        pivot = len(line) - 2
        while pivot >= 0 and line[pivot] >= line[pivot + 1]:
            pivot -= 1
        if pivot < 0:
            return
        swap = len(line) - 1
        while line[swap] <= line[pivot]:
            swap -= 1
        line[pivot], line[swap] = line[swap], line[pivot]
        line[pivot + 1 :] = line[:pivot:-1]


def drawn_orders(blocks: Places, draws: int, generator: np.random.Generator) -> Iterator[Places]:
    """Yield random orders, many at a time.

    Parameters
    ----------
    blocks : numpy.ndarray
        Shape (units,): scores change places within these.
    draws : int
        How many in all.
    generator : numpy.random.Generator
        Where chance comes from.

    Yields
    ------
    numpy.ndarray
        Shape (some, units): whose score each unit has.
    """
    n_units = len(blocks)
    one_block = bool((blocks == blocks[0]).all())
    by_block = np.argsort(blocks, kind="stable")
    chunk = max(1, CELLS // n_units)
    for start in range(0, draws, chunk):
        shape = (min(chunk, draws - start), n_units)
        if one_block:
            yield generator.permuted(np.broadcast_to(np.arange(n_units), shape), axis=1)
            continue
        # Random keys below one keep blocks apart: sorting mixes units of one block only.
        keys = generator.random(shape) + blocks
        orders = np.empty(shape, dtype=np.intp)
        orders[:, by_block] = np.argsort(keys, axis=1)
        yield orders
