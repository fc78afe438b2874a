# Table I, the properties of all phases, and the comparison with the paper and with others.
COMPRESSION_RUNS = campaign.paths("compression")
AMBIENT_RUNS = [
    path
    for path in campaign.sampling_paths(config["compression"]["phase"])
    if f"/{config['compression']['temperature_K']}K/" in path
]
GLASS_RUNS = [path for path, phase in REFERENCE_RUNS.items() if phase == GLASS]
SLOW_RUNS = campaign.paths("annealing_slow")


rule tabulate_table1:
    """Density, bulk modulus and first-neighbour geometry of the glass, mean over independent glasses."""
    input:
        structures=expand("results/{run}/analysis/{path}/structure.csv", path=GLASS_RUNS, allow_missing=True),
        ambient=expand("results/{run}/md/{path}/thermo.csv", path=AMBIENT_RUNS, allow_missing=True),
        compressed=expand("results/{run}/md/{path}/thermo.csv", path=COMPRESSION_RUNS, allow_missing=True),
        provenance=expand(
            "results/{run}/md/{path}/provenance.json",
            path=AMBIENT_RUNS + COMPRESSION_RUNS,
            allow_missing=True,
        ),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{run}/tables/table1.csv",
            caption="../report/table1.rst",
            category="Structure and properties",
        ),
    log:
        "results/{run}/logs/tabulate_table1/all.log",
    benchmark:
        "results/{run}/benchmarks/tabulate_table1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        phase=GLASS,
        ambient_bar=config["dynamics"]["pressure_bar"],
    script:
        "../../scripts/tabulate_table1.py"


rule tabulate_properties:
    """Structure of all phases, glasses by origin, transition temperatures, and the check of the ramp rate."""
    input:
        structures=expand(
            "results/{run}/analysis/{path}/structure.csv", path=REFERENCE_RUNS, allow_missing=True
        ),
        transitions="results/{run}/analysis/ramps/transitions.csv",
        fast=expand("results/{run}/analysis/{path}/rdf.csv", path=ANNEALING_RUNS, allow_missing=True),
        slow=expand("results/{run}/analysis/{path}/rdf.csv", path=SLOW_RUNS, allow_missing=True),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{run}/tables/properties.csv",
            caption="../report/properties.rst",
            category="Structure and properties",
        ),
    log:
        "results/{run}/logs/tabulate_properties/all.log",
    benchmark:
        "results/{run}/benchmarks/tabulate_properties/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        phases=list(REFERENCE_RUNS.values()),
        temperatures=REFERENCE_TEMPERATURES,
        glass=GLASS,
        origins=[framework for framework, _ in campaign.origins(GLASS)],
    script:
        "../../scripts/tabulate_properties.py"


rule tabulate_comparison:
    """Everything that can be compared with the paper or with experiment and ab initio values."""
    input:
        tables=expand(
            "results/{run}/tables/{table}.csv",
            table=["table1", "properties", "table2", "table3"],
            allow_missing=True,
        ),
        mechanism=expand(
            "results/{run}/tables/{table}_{framework}.csv",
            table=["mechanism", "lability", "sequence", "surroundings"],
            framework=FRAMEWORKS,
            allow_missing=True,
        ),
    output:
        table=report(
            "results/{run}/tables/comparison.csv", caption="../report/comparison.rst", category="Comparison"
        ),
    log:
        "results/{run}/logs/tabulate_comparison/all.log",
    benchmark:
        "results/{run}/benchmarks/tabulate_comparison/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../../scripts/tabulate_comparison.py"
