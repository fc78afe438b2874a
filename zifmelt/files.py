"""Reading and writing files so that an output is there whole or not at all."""

import codecs
import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from .errors import InputError


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a scratch path beside `path` and rename it to `path` once the block has ended well.

    The scratch file keeps the suffix of `path`, because many writers choose the format by it.
    On any exception nothing is left behind and an older `path` stays as it was.

    Parameters
    ----------
    path
        Where the finished file belongs; missing folders are made.

    Yields
    ------
    Path
        Scratch file in the same folder (so that the rename is atomic).

    Raises
    ------
    OSError
        The file system refused (full disk, missing rights); nothing is left half written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    scratch = Path(name)
    try:
        yield scratch
        with scratch.open("rb") as stream:
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        scratch.chmod(0o666 & ~umask)
        os.replace(scratch, path)
    except OSError as error:
        # A full disk shows in a write, which does not know the name of its file.
        error.filename = error.filename or str(path)
        raise
    finally:
        scratch.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all."""
    with written_whole(path) as scratch:
        scratch.write_text(text, encoding="utf-8")


def write_json(path: str | Path, content: Mapping[str, Any]) -> None:
    """Write `content` as indented JSON, whole or not at all."""
    write_text(path, json.dumps(content, indent=2, sort_keys=False) + "\n")


def write_table(path: str | Path, table: pd.DataFrame, digits: int | None = None) -> None:
    """Write `table` as CSV without its index, whole or not at all.

    Parameters
    ----------
    path
        File to write.
    table
        What it holds.
    digits
        Significant digits of real numbers; None: as many as give the same numbers back.
    """
    with written_whole(path) as scratch:
        table.to_csv(scratch, index=False, float_format=f"%.{digits}g" if digits else None)


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 checksum of a file as hexadecimal digits."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_text(path: str | Path) -> str:
    """Read a text file.

    Raises
    ------
    InputError
        The file is missing or is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not text in UTF-8 (byte {error.start + 1}); save it as UTF-8.") from None


def read_any_text(path: str | Path) -> str:
    r"""Read a text file of whatever encoding, for formats in which all that matters is ASCII.

    Parameters
    ----------
    path
        File in UTF-8, in UTF-16 or UTF-32 with a byte-order mark, or in an encoding of single bytes.

    Returns
    -------
    str
        The text without byte-order mark, its lines ended by ``\n``.

    Raises
    ------
    InputError
        The file is missing or not readable, or is not text.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
    marks = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32"}
    marks |= {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    encoding = next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # every byte is a character; those of names and numbers are ASCII's
    if "\0" in text:
        raise InputError(f"{path}: not a text file.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: str | Path, keys: Iterable[str] = ()) -> dict[str, Any]:
    """Read a JSON object and check that the named keys are there.

    Raises
    ------
    InputError
        The file is missing, is not a JSON object, or lacks a key.
    """
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: not valid JSON ({error.msg}, line {error.lineno}).") from None
    except RecursionError:
        raise InputError(f"{path}: not valid JSON (nested too deeply).") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: not a JSON object of keys and values.")
    for key in keys:
        if key not in content:
            raise InputError(f"{path}: the key {key!r} is missing.")
    return content


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that a mapping gives twice; YAML itself would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} is there twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: str | Path) -> Any:
    """Read YAML of plain values in which no mapping has a key twice.

    Raises
    ------
    InputError
        The file is missing, is not YAML, or has a key twice.
    """
    try:
        return yaml.load(read_text(path), _UniqueKeyLoader)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not valid YAML ({reason}).") from None
    except RecursionError:
        raise InputError(f"{path}: not valid YAML (nested too deeply).") from None
    except ValueError as error:
        # A date that no calendar has, or a number that is none.
        raise InputError(f"{path}: not valid YAML ({error}).") from None


def read_table(path: str | Path, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a CSV table and check that the named columns are there.

    Raises
    ------
    InputError
        The file is missing, empty, not CSV, or lacks a column.
    """
    try:
        table = pd.read_csv(path)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not a readable CSV table ({reason}).") from None
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(f"{path}: the column {missing[0]!r} is missing.")
    # A table without rows has no types; as numbers its columns can be drawn and calculated with.
    return table.astype(float) if table.empty else table


def read_arrays(path: str | Path, names: Iterable[str], kind: str) -> dict[str, np.ndarray]:
    """Read named arrays from an NPZ file.

    Parameters
    ----------
    path
        File that `numpy.savez` wrote.
    names
        Arrays to read.
    kind
        What the file should be, for the message.

    Returns
    -------
    dict
        The arrays by name.

    Raises
    ------
    InputError
        The file is missing, damaged or cut short, or lacks an array.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except KeyError as error:
        raise InputError(f"{path}: not {kind}, it has no array {error.args[0].split()[0]!r}.") from None
    except (OSError, EOFError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error):
        raise InputError(f"{path}: not {kind}, or damaged; make it again.") from None
