from pathlib import Path
from types import SimpleNamespace

from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.dynamics.progress import message, position
from zifmelt.dynamics.protocol import hold
from zifmelt.dynamics.schedule import chunks, schedule
from zifmelt.dynamics.settings import Settings

SETTINGS = Settings(frame_interval_ps=1.0, thermo_interval_ps=0.1, checkpoint_interval_ps=10.0)


def job_in(folder: Path) -> SimpleNamespace:
    stretches = schedule([hold("cold", 300, 20), hold("hot", 900, 10)], SETTINGS, 1.0)
    folder.mkdir()
    return SimpleNamespace(
        folder=folder,
        settings=SETTINGS,
        stretches=stretches,
        chunks=chunks(stretches),
        checkpoints=CheckpointFolder(folder),
        total_steps=sum(stretch.steps for stretch in stretches),
    )


def test_message_by_hand(tmp_path):
    job = job_in(tmp_path / "r1")
    # 20 ps of 0.5 fs and 10 ps of 0.25 fs are 40,000 steps each; from 10 ps on, 40,000 steps took 100 s.
    text = message(job, job.stretches[1], 20_000, began=(20_000, 10.0), elapsed_s=100.0)
    assert "75.0 %, 25.0 ps, segment 'hot'" in text
    # 15 ps in 100 s are 12.96 ns/day; the 20,000 steps left take 50 s.
    assert "12.96 ns/day, 0:00:50 left" in text


def test_position_from_the_checkpoint_folder(tmp_path):
    job = job_in(tmp_path / "r1")
    assert position(job) == (job.stretches[0], 0)
    (job.folder / "chunk-000000.json").write_text("{}")
    assert position(job) == (job.stretches[0], 20_000)
    rows = job.checkpoints.running(1, "rows")
    rows.write_text("# title\n20000 1.0 2.0\n20200 1.0 2.0\n204")
    assert position(job) == (job.stretches[0], 20_200)
    rows.unlink()
    job.checkpoints.running(2, "rows").write_text("# Fix print\n")
    assert position(job) == (job.stretches[1], 0)
