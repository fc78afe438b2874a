# Table I, the properties of all phases, and the comparison with the paper and with others.
COMPRESSION_RUNS = campaign.runs.select(stage="compression").paths
AMBIENT_RUNS = campaign.runs.select(
    stage="sampling",
    phase=config["compression"]["phase"],
    temperature_K=config["compression"]["temperature_K"],
).paths
GLASS_RUNS = [path for path, phase in REFERENCE_RUNS.items() if phase == GLASS]
SLOW_RUNS = campaign.runs.select(stage="annealing_slow").paths


rule tabulate_table1:
    """Density, bulk modulus and first-neighbour geometry of the glass, mean over independent glasses."""
    input:
        structures=expand("results/{campaign}/analysis/{path}/structure.csv", path=GLASS_RUNS, allow_missing=True),
        thermo=expand(
            "results/{campaign}/md/{path}/thermo.csv", path=AMBIENT_RUNS + COMPRESSION_RUNS, allow_missing=True
        ),
        provenance=expand(
            "results/{campaign}/md/{path}/provenance.json",
            path=AMBIENT_RUNS + COMPRESSION_RUNS,
            allow_missing=True,
        ),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/table1.csv",
            caption="../report/table1.rst",
            category="Structure and properties",
        ),
    log:
        "results/{campaign}/logs/tabulate_table1/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_table1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        phase=GLASS,
        runs=[campaign.runs[path].plain() for path in AMBIENT_RUNS + COMPRESSION_RUNS],
    script:
        "../../scripts/tabulate_table1.py"


rule tabulate_properties:
    """Structure of all phases, glasses by origin, transition temperatures, and the check of the ramp rate."""
    input:
        structures=expand(
            "results/{campaign}/analysis/{path}/structure.csv", path=REFERENCE_RUNS, allow_missing=True
        ),
        transitions="results/{campaign}/analysis/ramps/transitions.csv",
        fast=expand("results/{campaign}/analysis/{path}/rdf.csv", path=ANNEALING_RUNS, allow_missing=True),
        slow=expand("results/{campaign}/analysis/{path}/rdf.csv", path=SLOW_RUNS, allow_missing=True),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/properties.csv",
            caption="../report/properties.rst",
            category="Structure and properties",
        ),
    log:
        "results/{campaign}/logs/tabulate_properties/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_properties/all.tsv"
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
        origins=campaign.config.origins(GLASS),
    script:
        "../../scripts/tabulate_properties.py"


rule tabulate_comparison:
    """Everything that can be compared with the paper or with experiment and ab initio values."""
    input:
        tables=expand(
            "results/{campaign}/tables/{table}.csv",
            table=["table1", "properties", "table2", "table3"],
            allow_missing=True,
        ),
        mechanism=expand(
            "results/{campaign}/tables/{table}_{framework}.csv",
            table=["mechanism", "lability", "sequence", "surroundings"],
            framework=FRAMEWORKS,
            allow_missing=True,
        ),
    output:
        table=report(
            "results/{campaign}/tables/comparison.csv", caption="../report/comparison.rst", category="Comparison"
        ),
    log:
        "results/{campaign}/logs/tabulate_comparison/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_comparison/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../../scripts/tabulate_comparison.py"
