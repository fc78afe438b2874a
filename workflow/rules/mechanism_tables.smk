# Tables of the mechanism (Sec. III B): rates, lability of ligand sites, order of the phases.
FRAMEWORKS = list(config["production"]["frameworks"])
PRODUCTION = {
    (framework, key): campaign.paths(
        f"production/{framework}/{config['frameworks'][framework]['supercells'][supercell]}/{entry[key]}K"
    )
    for framework, entry in config["production"]["frameworks"].items()
    for supercell, key in [
        (config["production"]["supercell"], "transition_K"),
        (config["production"]["supercell"], "stable_K"),
    ]
}
TRANSITION_K = {name: entry["transition_K"] for name, entry in config["production"]["frameworks"].items()}
SIZES = {
    name: [path for path in campaign.paths(f"production/{name}") if f"/{TRANSITION_K[name]}K/" in path]
    for name in FRAMEWORKS
}


rule tabulate_mechanism:
    """How often bonds break and ligands turn or change place."""
    input:
        transition=lambda wildcards: expand(
            "results/{run}/analysis/{path}/bond_events.csv",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "transition_K"],
        ),
        stable=lambda wildcards: expand(
            "results/{run}/analysis/{path}/bond_events.csv",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "stable_K"],
        ),
        transition_bonds=lambda wildcards: expand(
            "results/{run}/analysis/{path}/{file}",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "transition_K"],
            file=["bonds.npz", "defect_lifetimes.csv"],
        ),
        stable_bonds=lambda wildcards: expand(
            "results/{run}/analysis/{path}/{file}",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "stable_K"],
            file=["bonds.npz", "defect_lifetimes.csv"],
        ),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{run}/tables/mechanism_{framework}.csv",
            caption="../report/mechanism_table.rst",
            category="Mechanism",
        ),
        survival="results/{run}/tables/defect_survival_{framework}.csv",
    log:
        "results/{run}/logs/tabulate_mechanism/{framework}.log",
    benchmark:
        "results/{run}/benchmarks/tabulate_mechanism/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=16000,
        runtime=30,
    params:
        transition_K=lambda wildcards: config["production"]["frameworks"][wildcards.framework]["transition_K"],
        stable_K=lambda wildcards: config["production"]["frameworks"][wildcards.framework]["stable_K"],
    script:
        "../../scripts/tabulate_mechanism.py"


rule tabulate_lability:
    """Which ligand sites let go most often."""
    input:
        events=lambda wildcards: expand(
            "results/{run}/analysis/{path}/bond_events.csv",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "stable_K"],
        ),
        bonds=lambda wildcards: expand(
            "results/{run}/analysis/{path}/{file}",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "stable_K"],
            file=["bonds.npz", "defect_lifetimes.csv"],
        ),
        crystal=lambda wildcards: config["frameworks"][wildcards.framework]["structure"],
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{run}/tables/lability_{framework}.csv",
            caption="../report/lability_table.rst",
            category="Mechanism",
        ),
        sites="results/{run}/tables/lability_sites_{framework}.csv",
    log:
        "results/{run}/logs/tabulate_lability/{framework}.log",
    benchmark:
        "results/{run}/benchmarks/tabulate_lability/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=16000,
        runtime=30,
    params:
        largest=config["mechanism"]["ring_max_size"],
        cell=lambda wildcards: config["mechanism"]["folding"][wildcards.framework],
        supercell=lambda wildcards: config["frameworks"][wildcards.framework]["supercells"][
            config["production"]["supercell"]
        ],
        temperature_K=lambda wildcards: config["production"]["frameworks"][wildcards.framework]["stable_K"],
    script:
        "../../scripts/tabulate_lability.py"


rule tabulate_sequence:
    """Onset, growth and order of the disordered phases, for each size of the box."""
    input:
        classified=lambda wildcards: expand(
            "results/{run}/classified/{path}/{classifier}.npz",
            run=wildcards.run,
            path=SIZES[wildcards.framework],
            classifier=config["classifier"],
        ),
        stable=lambda wildcards: expand(
            "results/{run}/classified/{path}/{classifier}.npz",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "stable_K"],
            classifier=config["classifier"],
        ),
        clusters=lambda wildcards: expand(
            "results/{run}/analysis/{path}/clusters.csv",
            run=wildcards.run,
            path=PRODUCTION[wildcards.framework, "transition_K"],
        ),
        paper="config/paper_values.yaml",
    output:
        report(
            "results/{run}/tables/sequence_{framework}.csv",
            caption="../report/sequence_table.rst",
            category="Mechanism",
        ),
    log:
        "results/{run}/logs/tabulate_sequence/{framework}.log",
    benchmark:
        "results/{run}/benchmarks/tabulate_sequence/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=16000,
        runtime=30,
    params:
        crystals=campaign.frameworks,
        systems=lambda wildcards: [
            f"{campaign.runs[path].supercell} {TRANSITION_K[wildcards.framework]} K"
            for path in SIZES[wildcards.framework]
        ],
        thresholds=config["mechanism"]["thresholds"],
        stable_K=lambda wildcards: config["production"]["frameworks"][wildcards.framework]["stable_K"],
    script:
        "../../scripts/tabulate_sequence.py"


include: "surroundings.smk"
