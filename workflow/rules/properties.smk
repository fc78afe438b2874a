# Structure, elasticity and scattering of the phases (Sec. II B): Table I, the comparison, and beyond the paper.


rule analyse_structure:
    """Radial distribution functions, angles and scalars of one simulation's last segment."""
    input:
        **run_files("trajectory", "topology", "thermo", "provenance"),
    output:
        rdf="results/{campaign}/analysis/{simulation}/rdf.csv",
        angles="results/{campaign}/analysis/{simulation}/angles.csv",
        quantities="results/{campaign}/analysis/{simulation}/structure.csv",
    log:
        "results/{campaign}/logs/analyse_structure/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_structure/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        elements=lambda wildcards: campaign.runs[wildcards.simulation].elements,
        properties=campaign.config.properties.plain(),
    script:
        "../../scripts/analyse_structure.py"


rule analyse_scattering:
    """S(Q) and D(r) of one simulation that stored all atoms."""
    input:
        **run_files("topology", "thermo", "provenance"),
        rdf=rules.analyse_structure.output.rdf,
    output:
        factors="results/{campaign}/analysis/{simulation}/structure_factor.csv",
        correlations="results/{campaign}/analysis/{simulation}/correlation.csv",
    log:
        "results/{campaign}/logs/analyse_scattering/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_scattering/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        scattering=campaign.config.scattering.plain(),
    script:
        "../../scripts/analyse_scattering.py"


rule average_phases:
    """Mean curves of each phase at its reference temperature, with errors over independent simulations."""
    input:
        tables=analysed(campaign.reference(), "{curves}.csv"),
    output:
        curves="results/{campaign}/analysis/phases/{curves}.csv",
    log:
        "results/{campaign}/logs/average_phases/{curves}.log",
    benchmark:
        "results/{campaign}/benchmarks/average_phases/{curves}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.reference().plain(),
    script:
        "../../scripts/average_phases.py"


rule tabulate_table1:
    """Density, bulk modulus and first-neighbour geometry of the glass, mean over independent glasses."""
    input:
        structures=analysed(campaign.reference(campaign.config.compression.phase), "structure.csv"),
        thermo=md(campaign.pressures(), "thermo.csv"),
        provenance=md(campaign.pressures(), "provenance.json"),
        paper="config/paper_values.yaml",
    output:
        table=table("table1", "table1", "Structure and properties"),
    log:
        "results/{campaign}/logs/tabulate_table1/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_table1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        phase=campaign.config.compression.phase,
        runs=campaign.pressures().plain(),
    script:
        "../../scripts/tabulate_table1.py"


rule tabulate_properties:
    """Structure of all phases, glasses by origin, transition temperatures, and the check of the ramp rate."""
    input:
        structures=analysed(campaign.reference(), "structure.csv"),
        transitions="results/{campaign}/analysis/ramps/transitions.csv",
        fast=analysed(campaign.runs.select(stage="annealing"), "rdf.csv"),
        slow=analysed(campaign.runs.select(stage="annealing_slow"), "rdf.csv"),
        paper="config/paper_values.yaml",
    output:
        table=table("properties", "properties", "Structure and properties"),
    log:
        "results/{campaign}/logs/tabulate_properties/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_properties/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.reference().plain(),
        glass=campaign.config.compression.phase,
    script:
        "../../scripts/tabulate_properties.py"


rule tabulate_comparison:
    """Everything that can be compared with the paper or with experiment and ab initio values."""
    input:
        tables=tables("table1", "properties", "table2", "table3"),
        mechanism=per_transition(
            tables(
                *(f"{name}_{{transition}}" for name in ("mechanism", "lability", "sequence", "surroundings"))
            )
        ),
    output:
        table=table("comparison", "comparison", "Comparison"),
    log:
        "results/{campaign}/logs/tabulate_comparison/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_comparison/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/tabulate_comparison.py"
