"""Showing the state of a campaign: live on a terminal, in plain lines elsewhere."""

import os
from datetime import timedelta

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from .state import State

PLAIN_INTERVAL_S = 30.0
"""Least time between plain lines, s."""

REFRESH_PER_S = 2
BAR_WIDTH = 24


class Display:
    """Shows a state; on a terminal it keeps itself up to date."""

    def __init__(self, state: State, console: Console) -> None:
        """Choose between live and plain.

        Parameters
        ----------
        state
            What to show.
        console
            Where; plain lines if it is no terminal or ``CI`` is set.
        """
        self.state, self.console = state, console
        self._live = None
        if console.is_terminal and not os.environ.get("CI"):
            self._live = Live(console=console, refresh_per_second=REFRESH_PER_S, get_renderable=self.picture)
        self._told = float("-inf")

    def start(self) -> None:
        """Begin to show."""
        if self._live is not None:
            self._live.start()

    def update(self) -> None:
        """Tell what is new, in plain mode now and then."""
        if self._live is None and self.state.clock() - self._told >= PLAIN_INTERVAL_S:
            self._told = self.state.clock()
            self.console.print(self.line(), highlight=False, soft_wrap=True)

    def say(self, sentence: str) -> None:
        """Print a sentence that stays."""
        self.console.print(sentence, highlight=False, soft_wrap=True, markup=False)

    def stop(self) -> None:
        """Show the last state and end."""
        if self._live is not None:
            self._live.refresh()
            self._live.stop()
        else:
            self.say(self.line())

    def jobs(self) -> str:
        """Return how many jobs of each stage there are."""
        return ", ".join(f"{name} {count}" for name, (_, count) in self.state.by_stage().items())

    def line(self) -> str:
        """Return the state as one line."""
        stages = [f"{name} {done}/{count}" for name, (done, count) in self.state.by_stage().items()]
        running = [f"{name} {share:.0f} % ({rate})" for name, share, rate in self.state.simulations() if rate]
        return "; ".join([", ".join(stages), *running, *self._left()])

    def picture(self) -> Group:
        """Return the state as a picture for a terminal."""
        stages = Table.grid(padding=(0, 1))
        for name, (done, count) in self.state.by_stage().items():
            stages.add_row(name, _bar(done, count), f"{done}/{count}")
        runs = Table.grid(padding=(0, 1))
        for name, share, rate in self.state.simulations():
            runs.add_row("  " + name, _bar(share, 100), f"{share:.0f} %", rate)
        return Group(stages, runs, Text(", ".join(self._left()), style="bold"))

    def _left(self) -> list[str]:
        seconds = self.state.seconds_left()
        return [] if seconds is None else [f"about {timedelta(seconds=round(seconds))} left in all"]


def _bar(done: float, count: float) -> ProgressBar:
    return ProgressBar(count, done, width=BAR_WIDTH, complete_style="cyan", finished_style="green")
