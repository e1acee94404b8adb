"""Bytes of a text file to decoded blocks, and blocks to lines."""

from collections.abc import Iterator

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.compression import DECOMPRESSION_ERRORS, open_binary
from spacy_sgns.sources.decoding import Decoder, encoding_name
from spacy_sgns.sources.readers import ReadOptions, TextFile
from spacy_sgns.sources.signatures import check_is_text
from spacy_sgns.sources.splitting import Piece, split
from spacy_sgns.sources.stats import Stats

BLOCK_BYTES = 1 << 20


def decoded_blocks(file: TextFile, options: ReadOptions, stats: Stats) -> Iterator[str]:
    """Yield the text of a file in blocks, with newlines of one kind.

    Raises SgnsError with the position of what cannot be decoded.
    """
    decoder = Decoder(options.encoding, options.errors, stats)
    position, block = 0, b""
    try:
        with open_binary(file.path) as content:
            while block := content.read(BLOCK_BYTES):
                if not position:
                    check_is_text(block, file.label, options.encoding, options.errors)
                yield decoder.decode(block)
                position += len(block)
            yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        start = position - (len(error.object) - len(block)) + error.start
        raise SgnsError(_invalid(file, options.encoding, f" at byte {start}: {error.reason}")) from error
    except UnicodeError as error:
        raise SgnsError(_invalid(file, options.encoding, f": {error}")) from error
    except DECOMPRESSION_ERRORS as error:
        raise SgnsError(f"{file.label} is damaged or cut short: {error}.") from error
    except OSError as error:
        raise SgnsError(f"Cannot read {file.label}: {error.strerror or error}.") from error


def lines(blocks: Iterator[str]) -> Iterator[Piece]:
    """Yield lines without their newline; a line that is too long for one piece comes in several."""
    rest = ""
    for block in blocks:
        *whole, rest = (rest + block).split("\n")
        for line in whole:
            yield from split(line)
        *parts, (rest, _) = split(rest)
        yield from parts
    if rest:
        yield Piece(rest, True)


def _invalid(file: TextFile, encoding: str, how: str) -> str:
    return (
        f"{file.label} is not valid {encoding_name(encoding)}{how}. Give its encoding (for example --encoding latin-1 "
        "or utf-16-le), convert it (for example with iconv), or replace invalid characters (--errors replace)."
    )
