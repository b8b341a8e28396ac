"""Which encoding a text file is in, found from its bytes; and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from relsurvey.errors import IntakeError
from relsurvey.intake.fold import trimmed

__all__ = ["Encoding", "find_encoding", "looks_like_text"]

BLOCK = 1 << 22
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16 with a byte order mark",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Windows-1252",
}
_OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Excel workbook",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"<?xml": "an XML document, such as the structure of a survey (.lss)",
    b"$FL2": "an SPSS file",
    b"$FL3": "an SPSS file",
    b"\xff\xfe\x00\x00": "UTF-32 text",
    b"\x00\x00\xfe\xff": "UTF-32 text",
}


_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Encoding:
    """An encoding and how it was found.

    Attributes
    ----------
    codec : str
        Python's name of it.
    name : str
        Its name for people.
    why : str
        What in the file speaks for it.
    """

    codec: str
    name: str
    why: str


def find_encoding(path: Path) -> Encoding:
    """Find the encoding of a text file, and make sure that all of the file is in it.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    Encoding
        By byte order mark, else UTF-16 by where its zero bytes are, else UTF-8 if every byte
        fits, else Windows-1252.

    Raises
    ------
    IntakeError
        Where the file is empty, another kind of file, in no known encoding, or has a line of
        more than four million characters.
    """
    with path.open("rb") as stream:
        head = stream.read(BLOCK)
    _refuse_other_formats(path, head)
    codec, why = _likely(head)
    try:
        _check(path, codec)
    except UnicodeDecodeError as problem:
        if codec != "utf-8":
            raise _undecodable(path, codec) from problem
        codec, why = "cp1252", "Some bytes are not UTF-8."
        try:
            _check(path, codec)
        except UnicodeDecodeError as second:
            raise _undecodable(path, codec) from second
    return Encoding(codec, _NAMES[codec], why)


def looks_like_text(head: bytes) -> bool:
    r"""Say whether a file that begins so may be delimited text, in whatever encoding.

    Examples
    --------
    >>> looks_like_text("Größe;n\n1;2\n".encode("cp1252")), looks_like_text(b"PK\x03\x04;\n")
    (True, False)
    """
    marked = head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    known = any(head.startswith(start) for start in _OTHER_FORMATS)
    separated = any(sign in head for sign in (b",", b";", b"\t"))
    return not known and separated and (marked or not _CONTROL.search(head))


def _refuse_other_formats(path: Path, head: bytes) -> None:
    for start, what in _OTHER_FORMATS.items():
        if head.startswith(start):
            raise IntakeError(
                f"{path.name} is not CSV text but {what}.",
                hint="Export the answers as CSV (UTF-8) or as an unprotected .xlsx workbook.",
            )


def _likely(head: bytes) -> tuple[str, str]:
    marks = {
        codecs.BOM_UTF8: "utf-8-sig",
        codecs.BOM_UTF16_LE: "utf-16",
        codecs.BOM_UTF16_BE: "utf-16",
    }
    for mark, codec in marks.items():
        if head.startswith(mark):
            return codec, "The file begins with its mark."
    # In UTF-16, western text has a zero in every other byte: the second ones if little-endian.
    sample = head[:4096]
    half = max(len(sample) // 2, 1)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.5 and even < 0.1:
        return "utf-16-le", "Every other byte is zero."
    if even > 0.5 and odd < 0.1:
        return "utf-16-be", "Every other byte is zero."
    return "utf-8", "Every byte fits it."


def _check(path: Path, codec: str) -> None:
    """Decode the whole file a block at a time, so that a bad one costs neither time nor memory."""
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    blank = True
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            text = decoder.decode(block)
            blank = blank and not trimmed(text)
            if "\0" in text:
                raise _zero_bytes(path, codec)
            if len(block) == BLOCK and "\n" not in text and "\r" not in text:
                raise IntakeError(
                    f"{path.name} has a line of more than {len(text):,} characters, so it is not "
                    "a table with one respondent a line.",
                    hint="Export the answers again as CSV, one line a respondent.",
                )
        decoder.decode(b"", final=True)
    if blank:
        raise IntakeError(
            f"{path.name} is empty.", hint="Export it again, and check that it was saved whole."
        )


def _zero_bytes(path: Path, codec: str) -> IntakeError:
    """Return the error with the place of the first one; the file is read once more for it."""
    wide = codec.startswith("utf-16")
    decoder = codecs.getincrementaldecoder(codec)()
    place = line = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            text, found = decoder.decode(block), _first(block, b"\0\0" if wide else b"\0")
            line += text.partition("\0")[0].count("\n")
            place += len(block) if found is None else found
            if found is not None:
                break
    what = "a NUL (zero) character" if wide else "NUL (zero) bytes"
    return IntakeError(
        f"{path.name} is not whole text: it holds {what}, the first at byte {place:,} (counted "
        f"from 0), in line {line + 1:,}.",
        hint="A program that broke off, or a full disk, leaves such bytes. Export the answers "
        "again as CSV (UTF-8) or as an .xlsx workbook.",
    )


def _first(block: bytes, sign: bytes) -> int | None:
    """Return where a sign of some bytes stands first, at a multiple of its width."""
    place = block.find(sign)
    while place % len(sign) and place >= 0:
        place = block.find(sign, place + 1)
    return None if place < 0 else place


def _undecodable(path: Path, codec: str) -> IntakeError:
    tried = "UTF-8 nor in Windows-1252" if codec == "cp1252" else f"{_NAMES[codec]} throughout"
    word = "neither in" if codec == "cp1252" else "not in"
    return IntakeError(
        f"{path.name} is {word} {tried}, so its text cannot be read.",
        hint="Open it in the program it came from and save it as CSV UTF-8.",
    )
