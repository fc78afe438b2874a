# Structure, elasticity, scattering and ramps: from run folders to averages over the runs of each phase (Sec. II B).
from zifmelt.campaign import GLASS, LIQUID

REFERENCE_TEMPERATURES = {
    phase: config["sampling"]["phases"][phase]["temperatures_K"][0] for phase in campaign.phases
}
REFERENCE_RUNS = {
    path: phase
    for phase, temperature in REFERENCE_TEMPERATURES.items()
    for path in campaign.sampling_paths(phase)
    if f"/{temperature}K/" in path
}
ANNEALING_RUNS = campaign.paths("annealing")
DISORDERED_SAMPLING = [
    path for phase in (GLASS, LIQUID) for path in campaign.sampling_paths(phase, enthalpy=True)
]


rule analyse_structure:
    """Radial distribution functions, angles and scalars of one run's last segment."""
    input:
        trajectory="results/{run}/md/{trajectory}/trajectory.xtc",
        topology="results/{run}/md/{trajectory}/topology.pdb",
        thermo="results/{run}/md/{trajectory}/thermo.csv",
        provenance="results/{run}/md/{trajectory}/provenance.json",
    output:
        rdf="results/{run}/analysis/{trajectory}/rdf.csv",
        angles="results/{run}/analysis/{trajectory}/angles.csv",
        quantities="results/{run}/analysis/{trajectory}/structure.csv",
    log:
        "results/{run}/logs/analyse_structure/{trajectory}.log",
    benchmark:
        "results/{run}/benchmarks/analyse_structure/{trajectory}.tsv"
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
        rdf="results/{run}/analysis/{trajectory}/rdf.csv",
        topology="results/{run}/md/{trajectory}/topology.pdb",
        thermo="results/{run}/md/{trajectory}/thermo.csv",
        provenance="results/{run}/md/{trajectory}/provenance.json",
    output:
        factors="results/{run}/analysis/{trajectory}/structure_factor.csv",
        correlations="results/{run}/analysis/{trajectory}/correlation.csv",
    log:
        "results/{run}/logs/analyse_scattering/{trajectory}.log",
    benchmark:
        "results/{run}/benchmarks/analyse_scattering/{trajectory}.tsv"
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
        tables=expand("results/{run}/analysis/{path}/{table}.csv", path=REFERENCE_RUNS, allow_missing=True),
    output:
        table="results/{run}/analysis/phases/{table}.csv",
    log:
        "results/{run}/logs/average_phases/{table}.log",
    benchmark:
        "results/{run}/benchmarks/average_phases/{table}.tsv"
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
        annealing=expand("results/{run}/md/{path}/thermo.csv", path=ANNEALING_RUNS, allow_missing=True),
        sampling=expand("results/{run}/md/{path}/thermo.csv", path=DISORDERED_SAMPLING, allow_missing=True),
        provenance=expand(
            "results/{run}/md/{path}/provenance.json",
            path=ANNEALING_RUNS + DISORDERED_SAMPLING,
            allow_missing=True,
        ),
    output:
        transitions="results/{run}/analysis/ramps/transitions.csv",
        curves="results/{run}/analysis/ramps/curves.csv",
    log:
        "results/{run}/logs/analyse_ramps/all.log",
    benchmark:
        "results/{run}/benchmarks/analyse_ramps/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        seed=campaign.seed("ramps"),
    script:
        "../../scripts/analyse_ramps.py"
