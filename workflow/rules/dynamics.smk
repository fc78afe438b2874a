# Molecular dynamics: every simulation of the campaign, whatever its protocol, is one job that survives being killed. What
# it has computed lies in an undeclared sibling folder (<run folder>.checkpoint), which Snakemake does not delete.


# On a cluster the limit is that of each job, not of all together.
resource_scopes:
    gpu_slots="local",


# What all stages inherit; it runs nothing itself.
rule simulate:
    input:
        unpack(start_of),
    output:
        # Not deleted before the job starts, which keeps a finished run that only seems to be out of date.
        **updated(run_files("trajectory", "topology", "thermo", "final", "provenance")),
    log:
        "results/{campaign}/logs/simulate/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/simulate/{simulation}.tsv"
    wildcard_constraints:
        simulation=one_of([]),
    conda:
        f"../../envs/{campaign.config.hardware.accelerator}.yaml"
    threads: campaign.config.hardware.threads * campaign.config.hardware.mpi_ranks
    resources:
        # Hardware comes as resources, because another machine must not start finished simulations anew.
        engine=campaign.config.hardware.engine,
        accelerator=campaign.config.hardware.accelerator,
        platform=campaign.config.hardware.platform,
        precision=campaign.config.hardware.precision,
        mpi_ranks=campaign.config.hardware.mpi_ranks,
        gpus_per_run=campaign.config.hardware.gpus,
        tune=int(campaign.config.hardware.tune),
        # Of --resources gpu_slots=N on one machine, or within one job of a cluster that runs a group of simulations. The
        # cluster hears of GPUs by a text, because numbers are added up over a group.
        gpu_slots=campaign.config.hardware.gpus if campaign.config.hardware.accelerator == "gpu" else 0,
        gres=f"gpu:{campaign.config.hardware.gpus}" if campaign.config.hardware.accelerator == "gpu" else "",
        mem_mb=lambda wildcards: asked_MB(campaign, "simulate", wildcards.simulation),
        # When the time limit is met, the next attempt goes on from the last checkpoint.
        runtime=lambda wildcards, threads: runtime_of(campaign, campaign.runs[wildcards.simulation], threads),
    params:
        # Protocol and settings as plain values, so that changing them runs the job again. Snakemake compares the order
        # of the settings as well: it stays that of the configuration files.
        protocol=lambda wildcards: plain_segments(campaign.runs[wildcards.simulation].segments),
        settings=lambda wildcards: {
            **config["dynamics"],
            **settings_of(campaign, campaign.runs[wildcards.simulation]),
        },
        seed=lambda wildcards: campaign.seed(wildcards.simulation),
    message:
        "Run {wildcards.simulation}"
    script:
        "../../scripts/run_dynamics.py"


# What the networks learn from comes first: every classification waits for it.
use rule simulate as anneal with:
    wildcard_constraints:
        simulation=stage("annealing"),
    priority: 1


use rule simulate as anneal_slowly with:
    wildcard_constraints:
        simulation=stage("annealing_slow"),


use rule simulate as melt with:
    wildcard_constraints:
        simulation=stage("liquid"),
    priority: 1


use rule simulate as sample with:
    wildcard_constraints:
        simulation=stage("sampling"),
    priority: 1


use rule simulate as compress with:
    wildcard_constraints:
        simulation=stage("compression"),


use rule simulate as make_interface with:
    wildcard_constraints:
        simulation=stage("interface"),


use rule simulate as coexist with:
    wildcard_constraints:
        simulation=stage("coexistence"),


use rule simulate as produce with:
    wildcard_constraints:
        simulation=stage("production"),


use rule simulate as scan_forcefield with:
    wildcard_constraints:
        simulation=stage("scan"),


# The table of all simulations, for whoever analyses the results further.
rule list_simulations:
    output:
        table="results/{campaign}/runs.csv",
    log:
        "results/{campaign}/logs/list_simulations/all.log",
    localrule: True
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.runs.plain(),
    script:
        "../../scripts/list_simulations.py"


# What the configured campaign costs, by stage, and what its finished jobs took in time and memory.
rule cost:
    log:
        f"results/{campaign.name}/logs/cost.log",
    localrule: True
    conda:
        "../../envs/cpu.yaml"
    params:
        table=lambda wildcards: told_cost(campaign),
        usage=lambda wildcards: told_usage(campaign, f"results/{campaign.name}"),
    script:
        "../../scripts/print_cost.py"


# How fast the configured engine is on this machine with the campaign's sizes of box. It has no declared output, because
# Snakemake deletes that first, and with it what was measured of other hardware settings.
rule throughput:
    input:
        forcefield=f"config/forcefields/{campaign.config.forcefield}.yaml",
    log:
        f"results/{campaign.name}/logs/throughput.log",
    localrule: True
    conda:
        f"../../envs/{campaign.config.hardware.accelerator}.yaml"
    params:
        boxes=boxes_of(campaign),
        settings=lambda wildcards: {
            **settings_of(campaign, next(iter(campaign.runs))),
            **hardware_of(campaign),
        },
    script:
        "../../scripts/measure_throughput.py"
