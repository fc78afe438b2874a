"""Memory that the jobs of a campaign ask a queue for. Quick to import."""

from math import ceil

from .campaign import PARTICLES_PER_ZN, Campaign
from .dynamics.cost import memory_mb
from .dynamics.plan import most_ranks

SIMULATIONS = "simulate"
"""Stands for all rules that simulate, which differ in nothing but the stage."""

SMALL_MB, LARGE_MB = 900, 1200
"""What most analyses ask for, and what those ask for that call a network, hold many frames or have several
processes. 410 MB of it are the two Snakemakes beside the script (`zifmelt.dynamics.cost`). Measured of the
scripts, with 16 to 1024 Zn and up to 16 000 frames: 80 to 380 MB, and 340 to 590 MB; most are libraries,
because trajectories are read piece by piece."""

LARGE = (
    "classify_trajectory",
    "compute_learning_curve",
    "evaluate_classifier",
    "plot_fig3",
    "profile_density",
    "sample_database",
    "train_classifier",
)

MB_PER_MILLION_ENVIRONMENTS = {
    ("compute_learning_curve", "extended"): 950,
    ("compute_learning_curve", "paper"): 600,
    ("describe_training", "all"): 500,
    ("evaluate_classifier", "extended"): 800,
    ("evaluate_classifier", "paper"): 550,
    ("plot_figS3", "all"): 500,
    ("sample_database", "all"): 500,
    ("train_classifier", "extended"): 600,
    ("train_classifier", "paper"): 400,
}
"""What jobs ask for besides, because they hold the database: 1.2 times what was measured between 150 000 and
600 000 environments. The extended network has four times as many features as the paper's."""


def asked_MB(campaign: Campaign, rule: str, job: str) -> int:
    """Return the memory that a job asks for at its first attempt, MB.

    Parameters
    ----------
    campaign
        The campaign.
    rule
        Name of the rule, `SIMULATIONS` for any that simulates.
    job
        Which of the rule's jobs: path of the simulation, name of the classifier, or ``all``.
    """
    if rule == SIMULATIONS:
        particles = PARTICLES_PER_ZN * campaign.runs[job].n_zn
        return memory_mb(particles, most_ranks(campaign), campaign.config.hardware.accelerator == "gpu")
    whole, slope = LARGE_MB if rule in LARGE else SMALL_MB, MB_PER_MILLION_ENVIRONMENTS.get((rule, job))
    # Most do not hold the database; its size is not worked out for each of thousands of jobs.
    return whole if slope is None else ceil(whole + slope * environments(campaign) / 1e6)


def environments(campaign: Campaign) -> int:
    """Return the number of environments in the database: one of every Zn in every configuration."""
    wanted = campaign.config.database.configurations.items()
    return sum(count * next(iter(campaign.sampled(phase))).n_zn for phase, count in wanted)
