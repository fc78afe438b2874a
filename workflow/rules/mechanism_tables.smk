# Tables of the mechanism (Sec. III B): rates, lability of ligand sites, order of the phases.
FRAMEWORKS = list(config["transitions"])
PRODUCTION = {
    (name, key): campaign.production(name, key).paths
    for name in FRAMEWORKS
    for key in ["transition_K", "stable_K"]
}
TRANSITION_K = {name: entry["production"]["transition_K"] for name, entry in config["transitions"].items()}
SIZES = {
    name: PRODUCTION[name, "transition_K"] + campaign.production(name, supercell="size_check").paths
    for name in FRAMEWORKS
}


rule tabulate_mechanism:
    """How often bonds break and ligands turn or change place."""
    input:
        transition=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/bond_events.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "transition_K"],
        ),
        stable=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/bond_events.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "stable_K"],
        ),
        transition_bonds=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/{file}",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "transition_K"],
            file=["bonds.npz", "defect_lifetimes.csv"],
        ),
        stable_bonds=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/{file}",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "stable_K"],
            file=["bonds.npz", "defect_lifetimes.csv"],
        ),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/mechanism_{framework}.csv",
            caption="../report/mechanism_table.rst",
            category="Mechanism",
        ),
        survival="results/{campaign}/tables/defect_survival_{framework}.csv",
    log:
        "results/{campaign}/logs/tabulate_mechanism/{framework}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_mechanism/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=16000,
        runtime=30,
    params:
        transition_K=lambda wildcards: config["transitions"][wildcards.framework]["production"]["transition_K"],
        stable_K=lambda wildcards: config["transitions"][wildcards.framework]["production"]["stable_K"],
    script:
        "../../scripts/tabulate_mechanism.py"


rule tabulate_lability:
    """Which ligand sites let go most often."""
    input:
        events=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/bond_events.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "stable_K"],
        ),
        bonds=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/{file}",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "stable_K"],
            file=["bonds.npz", "defect_lifetimes.csv"],
        ),
        crystal=lambda wildcards: config["frameworks"][wildcards.framework]["structure"],
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/lability_{framework}.csv",
            caption="../report/lability_table.rst",
            category="Mechanism",
        ),
        sites="results/{campaign}/tables/lability_sites_{framework}.csv",
    log:
        "results/{campaign}/logs/tabulate_lability/{framework}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_lability/{framework}.tsv"
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
        temperature_K=lambda wildcards: config["transitions"][wildcards.framework]["production"]["stable_K"],
    script:
        "../../scripts/tabulate_lability.py"


rule tabulate_sequence:
    """Onset, growth and order of the disordered phases, for each size of the box."""
    input:
        classified=lambda wildcards: expand(
            "results/{campaign}/classified/{path}/{classifier}.npz",
            campaign=wildcards.campaign,
            path=SIZES[wildcards.framework],
            classifier=config["classifier"],
        ),
        stable=lambda wildcards: expand(
            "results/{campaign}/classified/{path}/{classifier}.npz",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "stable_K"],
            classifier=config["classifier"],
        ),
        clusters=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/clusters.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[wildcards.framework, "transition_K"],
        ),
        paper="config/paper_values.yaml",
    output:
        report(
            "results/{campaign}/tables/sequence_{framework}.csv",
            caption="../report/sequence_table.rst",
            category="Mechanism",
        ),
    log:
        "results/{campaign}/logs/tabulate_sequence/{framework}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_sequence/{framework}.tsv"
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
        stable_K=lambda wildcards: config["transitions"][wildcards.framework]["production"]["stable_K"],
    script:
        "../../scripts/tabulate_sequence.py"


include: "surroundings.smk"
