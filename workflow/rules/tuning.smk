# Which threads, ranks, Coulomb cutoff and skin are the fastest on this machine, for all systems of the campaign. Nothing is
# declared as output: with `hardware.tune` simulations measure what is missing where they run, and none starts anew.
rule tune:
    input:
        data=expand("{system}/system.data", system=systems()),
        topology=expand("{system}/topology.pdb", system=systems()),
        forcefield=f"config/forcefields/{campaign.config.forcefield}.yaml",
    log:
        f"results/{campaign.name}/logs/tune.log",
    benchmark:
        f"results/{campaign.name}/benchmarks/tune/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: campaign.config.hardware.threads * campaign.config.hardware.mpi_ranks
    resources:
        mem_mb=max(asked_MB(campaign, "simulate", run.path) for run in campaign.runs),
    params:
        settings=lambda wildcards: {
            **settings_of(campaign, next(iter(campaign.runs))),
            **hardware_of(campaign),
        },
    script:
        "../../scripts/tune_dynamics.py"
