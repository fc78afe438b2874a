# Local density and connectivity of the classes during the transitions, and where the two classifiers disagree.
COMPARED = {
    path: f"{framework} {TRANSITION_K[framework]} K"
    for framework in FRAMEWORKS
    for path in PRODUCTION[framework, "transition_K"]
} | {path: f"{phase} at constant temperature" for path, phase in DISORDERED_RUNS.items()}


rule describe_surroundings:
    """Local density and connectivity of the Zn of each class."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        bonds="results/{campaign}/analysis/{trajectory}/bonds.npz",
        classified=f"results/{{campaign}}/classified/{{trajectory}}/{config['classifier']}.npz",
    output:
        "results/{campaign}/analysis/{trajectory}/surroundings.csv",
    log:
        "results/{campaign}/logs/describe_surroundings/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/describe_surroundings/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        cutoff_A=config["mechanism"]["zinc_neighbours_A"],
        interval_ps=config["mechanism"]["structure_interval_ps"],
    message:
        "Describe the surroundings of the Zn of {wildcards.trajectory}"
    script:
        "../../scripts/describe_surroundings.py"


rule tabulate_surroundings:
    """Local density and connectivity of the Zn of each class, mean over the runs of a transition."""
    input:
        surroundings=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/surroundings.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "transition_K"],
        ),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/surroundings_{framework}.csv",
            caption="../report/surroundings_table.rst",
            category="Mechanism",
        ),
    log:
        "results/{campaign}/logs/tabulate_surroundings/{framework}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_surroundings/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        temperature_K=lambda wildcards: TRANSITION_K[wildcards.framework],
    script:
        "../../scripts/tabulate_surroundings.py"


rule tabulate_disagreement:
    """Share of the Zn that the two classifiers call differently, mean over runs."""
    input:
        disagreements=expand(
            "results/{campaign}/classified/{path}/disagreement.csv", path=COMPARED, allow_missing=True
        ),
    output:
        table=report(
            "results/{campaign}/tables/classifier_disagreement.csv",
            caption="../report/disagreement_table.rst",
            category="Local environments",
        ),
    log:
        "results/{campaign}/logs/tabulate_disagreement/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_disagreement/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        systems=list(COMPARED.values()),
        names=list(config["classifiers"])[:2],
    script:
        "../../scripts/tabulate_disagreement.py"
