"""What every rule's script does before and after its one library call."""

import io
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from .errors import InputError
from .runs import Runs, Simulation


class _Tee(io.TextIOBase):
    """A text stream that writes to several others at once."""

    def __init__(self, *streams: TextIO) -> None:
        self._streams = streams

    def write(self, text: str) -> int:
        for stream in self._streams:
            stream.write(text)
        return len(text)

    def flush(self) -> None:
        for stream in self._streams:
            stream.flush()


def _opened(log: Path) -> TextIO:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        print(f"Error: {error.filename or log}: {error.strerror or error}.", file=sys.stderr)
        raise SystemExit(1) from None


@contextmanager
def logged(log: str | Path) -> Iterator["_Tee"]:
    """Send what a script prints to its log and to the terminal, and turn errors into an exit status.

    An `InputError` or a full disk ends the script with its one sentence; any other exception ends it with
    the traceback, because then the fault is ours.

    Parameters
    ----------
    log
        The rule's log file; it is appended to, so that a resumed run keeps its history.

    Yields
    ------
    io.TextIOBase
        Stream for progress messages.
    """
    terminal = sys.stderr
    with _opened(Path(str(log))) as stream:
        tee = _Tee(terminal, stream)
        sys.stdout = sys.stderr = tee
        try:
            yield tee
        except InputError as error:
            print(f"Error: {error}", file=tee)
            raise SystemExit(1) from None
        except OSError as error:
            print(f"Error: {error.filename or log}: {error.strerror or error}.", file=tee)
            stream.write(traceback.format_exc())
            raise SystemExit(1) from None
        except Exception:
            print(traceback.format_exc(), file=tee)
            raise SystemExit(1) from None
        finally:
            sys.stdout, sys.stderr = sys.__stdout__, terminal


def files_of(runs: Sequence[Mapping[str, Any]], paths: Sequence[str]) -> dict[Simulation, Path]:
    """Say which simulation each of a rule's input files belongs to.

    Parameters
    ----------
    runs
        Records of the simulations as plain values, from a rule's parameters.
    paths
        One file of each, in the same order.
    """
    return {run: Path(path) for run, path in zip(Runs.from_plain(runs), paths, strict=True)}


def run_folders(runs: Sequence[Mapping[str, Any]], paths: Sequence[str]) -> dict[Simulation, Path]:
    """Give the run folder of each simulation, parameters as of `files_of`; the files lie in the folders."""
    return {run: path.parent for run, path in files_of(runs, paths).items()}
