# Structure, elasticity, scattering and ramps: from run folders to averages over the runs of each phase (Sec. II B).
GLASS = config["compression"]["phase"]

REFERENCE_TEMPERATURES = {
    phase: config["sampling"]["phases"][phase]["temperatures_K"][0] for phase in campaign.phases
}
REFERENCE_RUNS = {
    path: phase
    for phase in campaign.phases
    for path in campaign.reference(phase).paths
}
ANNEALING_RUNS = campaign.runs.select(stage="annealing").paths
DISORDERED_SAMPLING = campaign.runs.select(stage="sampling", phase=config["disordered_phases"]).paths


rule analyse_structure:
    """Radial distribution functions, angles and scalars of one run's last segment."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        topology="results/{campaign}/md/{trajectory}/topology.pdb",
        thermo="results/{campaign}/md/{trajectory}/thermo.csv",
        provenance="results/{campaign}/md/{trajectory}/provenance.json",
    output:
        rdf="results/{campaign}/analysis/{trajectory}/rdf.csv",
        angles="results/{campaign}/analysis/{trajectory}/angles.csv",
        quantities="results/{campaign}/analysis/{trajectory}/structure.csv",
    log:
        "results/{campaign}/logs/analyse_structure/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_structure/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        elements=lambda wildcards: campaign.runs[wildcards.trajectory].elements,
        settings=config["properties"],
    script:
        "../../scripts/analyse_structure.py"


rule analyse_scattering:
    """S(Q) and D(r) of one run that stored all atoms."""
    input:
        rdf="results/{campaign}/analysis/{trajectory}/rdf.csv",
        topology="results/{campaign}/md/{trajectory}/topology.pdb",
        thermo="results/{campaign}/md/{trajectory}/thermo.csv",
        provenance="results/{campaign}/md/{trajectory}/provenance.json",
    output:
        factors="results/{campaign}/analysis/{trajectory}/structure_factor.csv",
        correlations="results/{campaign}/analysis/{trajectory}/correlation.csv",
    log:
        "results/{campaign}/logs/analyse_scattering/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_scattering/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        settings=config["scattering"],
    script:
        "../../scripts/analyse_scattering.py"


rule average_phases:
    """Mean curves of each phase at its reference temperature, with errors over independent runs."""
    input:
        tables=expand("results/{campaign}/analysis/{path}/{table}.csv", path=REFERENCE_RUNS, allow_missing=True),
    output:
        table="results/{campaign}/analysis/phases/{table}.csv",
    log:
        "results/{campaign}/logs/average_phases/{table}.log",
    benchmark:
        "results/{campaign}/benchmarks/average_phases/{table}.tsv"
    wildcard_constraints:
        table="rdf|angles|structure_factor|correlation",
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        phases=list(REFERENCE_RUNS.values()),
    script:
        "../../scripts/average_phases.py"


rule analyse_ramps:
    """Transition temperatures of heating ramps, cooling ramps and runs at constant temperature."""
    input:
        annealing=expand("results/{campaign}/md/{path}/thermo.csv", path=ANNEALING_RUNS, allow_missing=True),
        sampling=expand("results/{campaign}/md/{path}/thermo.csv", path=DISORDERED_SAMPLING, allow_missing=True),
        provenance=expand(
            "results/{campaign}/md/{path}/provenance.json",
            path=ANNEALING_RUNS + DISORDERED_SAMPLING,
            allow_missing=True,
        ),
    output:
        transitions="results/{campaign}/analysis/ramps/transitions.csv",
        curves="results/{campaign}/analysis/ramps/curves.csv",
    log:
        "results/{campaign}/logs/analyse_ramps/all.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_ramps/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        annealing=campaign.runs.select(stage="annealing").plain(),
        sampling=[campaign.runs[path].plain() for path in DISORDERED_SAMPLING],
        seed=campaign.seed("ramps"),
    script:
        "../../scripts/analyse_ramps.py"
