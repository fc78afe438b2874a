"""Compiled loops: where their machine code is kept, and what may go into it."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "zifmelt"
LOOPS = sorted(PACKAGE.rglob("*_loops.py"))

SMALL = """
from zifmelt.compiling import compiled

@compiled
def twice(number):
    return 2 * number

if __name__ == "__main__":
    print(twice(21), sum(twice.stats.cache_hits.values()))
"""


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a small compiled module in a process of its own."""
    (tmp_path / "small_loops.py").write_text(SMALL)

    def started(home, **more):
        folders = ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR")
        environment = {name: value for name, value in os.environ.items() if name not in folders}
        environment |= {"HOME": str(home), "PYTHONPATH": f"{tmp_path}:{PACKAGE.parent}"} | more
        command = [sys.executable, str(tmp_path / "small_loops.py")]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    return started


def told(process):
    answer, hits = process.communicate(timeout=120)[0].split()
    assert process.returncode == 0 and answer == "42"
    return int(hits)


def test_machine_code_is_kept_beside_the_module(start, tmp_path):
    assert [told(start("/proc/none")) for _ in range(2)] == [0, 1]
    assert list((tmp_path / "__pycache__").glob("small_loops.twice*.nbc"))


def test_a_module_that_cannot_be_written_beside_is_kept_in_the_users_cache(start, tmp_path):
    (tmp_path / "__pycache__").touch()  # a file, where not even root can make a folder
    assert [told(start(tmp_path / "home")) for _ in range(2)] == [0, 1]
    elsewhere = str(tmp_path / "cache")
    assert [told(start("/proc/none", XDG_CACHE_HOME=elsewhere)) for _ in range(2)] == [0, 1]


def test_without_any_place_to_keep_it_everything_works(start, tmp_path):
    (tmp_path / "__pycache__").touch()
    assert [told(start("/proc/none")) for _ in range(2)] == [0, 0]


def test_processes_that_compile_at_once_do_not_hurt_each_other(start):
    together = [start("/proc/none") for _ in range(3)]
    assert {told(process) for process in together} <= {0, 1}
    assert told(start("/proc/none")) == 1


@pytest.mark.parametrize("path", LOOPS, ids=lambda path: path.stem)
def test_loops_take_nothing_from_modules_whose_changes_would_not_renew_them(path):
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    module = import_module(name)
    functions = [value for value in vars(module).values() if hasattr(value, "py_func")]
    assert functions
    used = [vars(module).get(name) for one in functions for name in one.py_func.__code__.co_names]
    called = functions + [value for value in used if hasattr(value, "py_func")]
    assert {one.py_func.__module__ for one in called} == {name}


def test_importing_what_uses_loops_does_not_load_the_compiler():
    modules = "zifmelt.mechanism.analysis, zifmelt.properties.run_structure, zifmelt.environments.features"
    code = f"import sys, {modules}; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, check=True)
