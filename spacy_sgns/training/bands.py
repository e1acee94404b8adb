"""Products of tokens with their neighbours, as batched matrix products over overlapping views.

T tokens are cut into B blocks of `size`; a block's window is its tokens and `reach` more on either side. A banded
matrix (T x T, zero beyond `reach` of the diagonal) is stored as an array `(B, size, size + 2 * reach)`: row t of block
b holds token t of the block against the tokens of the block's window. No row is copied to form a window.
"""

from numpy.lib.stride_tricks import as_strided

from spacy_sgns.arrays import Floats


def blocks(rows: Floats, size: int) -> Floats:
    """Return rows `(T, d)` as a view of blocks, `(T / size, size, d)`."""
    step, item = rows.strides
    return as_strided(rows, (len(rows) // size, size, rows.shape[1]), (size * step, step, item))


def windows(padded: Floats, size: int, reach: int) -> Floats:
    """Return the overlapping windows, `(B, size + 2 * reach, d)`, of rows with `reach` zero rows at both ends."""
    step, item = padded.strides
    count = (len(padded) - 2 * reach) // size
    return as_strided(padded, (count, size + 2 * reach, padded.shape[1]), (size * step, step, item))


def by_context(band: Floats, out: Floats, reach: int) -> None:
    """Rearrange a banded matrix by column: each block of `out` holds the columns of its tokens.

    band: `(B, size, size + 2 * reach)`, `reach <= size`. out: `(B, size + 2 * reach, size)`, zero where nothing is
    written; `out[b, j, s]` is the value in the row of window token j and the column of block token s.
    """
    size = band.shape[1]
    out[:, reach : reach + size] = band[:, :, reach : reach + size]
    out[1:, :reach, :reach] = band[:-1, size - reach :, size + reach :]
    out[:-1, reach + size :, size - reach :] = band[1:, :reach, :reach]


def add_windows(rows: Floats, out: Floats) -> None:
    """Add the rows of overlapping windows, `(B, size + 2 * reach, d)`, to those of the blocks, `(B, size, d)`."""
    size = out.shape[1]
    reach = (rows.shape[1] - size) // 2
    out += rows[:, reach : reach + size]
    out[:-1, size - reach :] += rows[1:, :reach]
    out[1:, :reach] += rows[:-1, reach + size :]
