# Molecular dynamics: every run of the campaign, whatever its protocol, is one job that survives being killed. What it
# has computed lies in an undeclared sibling folder (<run folder>.checkpoint), which Snakemake does not delete.


rule anneal:
    input:
        unpack(dynamics_input),
    output:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        topology="results/{campaign}/md/{trajectory}/topology.pdb",
        thermo="results/{campaign}/md/{trajectory}/thermo.csv",
        final="results/{campaign}/md/{trajectory}/final.data",
        provenance="results/{campaign}/md/{trajectory}/provenance.json",
    log:
        "results/{campaign}/logs/anneal/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/anneal/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("annealing"),
    conda:
        f"../../envs/{config['hardware']['accelerator']}.yaml"
    threads: config["hardware"]["threads"] * config["hardware"]["mpi_ranks"]
    resources:
        # Hardware comes as resources, because another machine must not start finished runs anew.
        engine=config["hardware"]["engine"],
        accelerator=config["hardware"]["accelerator"],
        platform=config["hardware"]["platform"],
        precision=config["hardware"]["precision"],
        mpi_ranks=config["hardware"]["mpi_ranks"],
        gpu=config["hardware"]["gpus"] if config["hardware"]["accelerator"] == "gpu" else 0,
        mem_mb=dynamics_memory_mb,
        runtime=dynamics_runtime_minutes,
    params:
        protocol=dynamics_protocol,
        settings=dynamics_settings,
        seed=lambda wildcards: campaign.seed(wildcards.trajectory),
    message:
        "Run {wildcards.trajectory}"
    script:
        "../../scripts/run_dynamics.py"


use rule anneal as anneal_slowly with:
    log:
        "results/{campaign}/logs/anneal_slowly/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/anneal_slowly/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("annealing_slow"),


use rule anneal as melt with:
    log:
        "results/{campaign}/logs/melt/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/melt/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("liquid"),


use rule anneal as sample with:
    log:
        "results/{campaign}/logs/sample/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/sample/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("sampling"),


use rule anneal as compress with:
    log:
        "results/{campaign}/logs/compress/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/compress/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("compression"),


use rule anneal as make_interface with:
    log:
        "results/{campaign}/logs/make_interface/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/make_interface/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("interface"),


use rule anneal as coexist with:
    log:
        "results/{campaign}/logs/coexist/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/coexist/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("coexistence"),


use rule anneal as produce with:
    log:
        "results/{campaign}/logs/produce/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/produce/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("production"),


use rule anneal as scan_forcefield with:
    log:
        "results/{campaign}/logs/scan_forcefield/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/scan_forcefield/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("scan"),


# What the configured campaign costs, by stage.
rule cost:
    log:
        f"results/{campaign.name}/logs/cost.log",
    localrule: True
    conda:
        "../../envs/cpu.yaml"
    params:
        table=lambda wildcards: cost_table(campaign).to_string(
            index=False, float_format="{:.1f}".format, na_rep="not measured"
        ),
    message:
        "Add up the cost of all runs"
    script:
        "../../scripts/print_cost.py"
