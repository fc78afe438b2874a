"""Snakemake's logger plugin ``zifmelt``: a quiet display; everything else goes to a file.

Use it as ``snakemake --logger zifmelt``; Snakemake finds it by the name of this module.
"""

import atexit
import os
import sys
from datetime import datetime
from logging import LogRecord
from pathlib import Path

from rich.console import Console
from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from zifmelt.display.show import Display
from zifmelt.display.state import State

PLACE = Path(".snakemake/log")


class LogHandler(LogHandlerBase):
    """Turns Snakemake's events into the state of the campaign and shows it."""

    def __post_init__(self) -> None:
        """Keep the terminal; what jobs print goes to a file once they run."""
        self._terminal = os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1)
        self._kept: dict[int, int] = {}
        self._told = False
        self._log = PLACE / f"{datetime.now():%Y-%m-%dT%H%M%S}.output.log"
        self._display = Display(State(), Console(file=self._terminal))
        atexit.register(self.close)

    def emit(self, record: LogRecord) -> None:
        """Take in one event; messages without one are shown if they warn or tell of an error."""
        event, state = getattr(record, "event", None), self._display.state
        if event == LogEvent.RUN_INFO:
            state.plan(record.stats)
            self._begin()
        elif record.getMessage() == NOTHING_TO_BE_DONE_MSG:
            self._display.say("Nothing to do: everything that was asked for is there and up to date.")
        elif event == LogEvent.JOB_INFO:
            state.start(record.jobid, record.rule_name, _subject(record.wildcards), record.log)
        elif event == LogEvent.JOB_FINISHED:
            state.finish(record.job_id)
        elif event == LogEvent.JOB_ERROR:
            self._display.say(state.fail(record.jobid, record.rule_name, record.log))
        elif event == LogEvent.ERROR or (event is None and record.levelname in ("ERROR", "CRITICAL")):
            self._display.say(record.getMessage().strip())
        if self._kept:
            self._display.update()

    def close(self) -> None:
        """Show the end, and give the terminal back."""
        if self._kept:
            self._display.stop()
            self._display.say(f"What the jobs printed is in {self._log}, Snakemake's own log beside it.")
            sys.stdout.flush()
            sys.stderr.flush()
            for number, copy in self._kept.items():
                os.dup2(copy, number)
                os.close(copy)
            self._kept = {}
        super().close()

    def _begin(self) -> None:
        """Send everything that is printed from now on to the file, and show the state instead.

        A dry run has no state: it tells once what would run.
        """
        if self.common_settings.dryrun and not self._told:
            self._told = True
            self._display.say(f"Would run: {self._display.jobs()}.")
        if self._kept or self.common_settings.dryrun:
            return
        PLACE.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as stream:
            for number in (1, 2):
                self._kept[number] = os.dup(number)
                os.dup2(stream.fileno(), number)
        self._display.start()

    @property
    def writes_to_stream(self) -> bool:
        """Whether this takes the place of Snakemake's own output."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Whether Snakemake is to list a file of this."""
        return False

    @property
    def has_filter(self) -> bool:
        """Whether this chooses what to show itself."""
        return True

    @property
    def has_formatter(self) -> bool:
        """Whether this chooses how to show it itself."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """Whether the graph of rules is needed."""
        return False


def _subject(wildcards: dict[str, str]) -> list[str]:
    return [value for name, value in dict(wildcards or {}).items() if name != "campaign"]
