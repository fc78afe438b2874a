# The bonds, rings and clusters of every run, and the tables of the mechanism (Sec. III B).


rule analyse_bonds:
    """Which Zn-N bonds hold in which frames."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
    output:
        bonds="results/{campaign}/analysis/{trajectory}/bonds.npz",
        coordination="results/{campaign}/analysis/{trajectory}/coordination.csv",
    log:
        "results/{campaign}/logs/analyse_bonds/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_bonds/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        form_A=config["mechanism"]["bond_form_A"],
        break_A=config["mechanism"]["bond_break_A"],
        persistence_ps=config["mechanism"]["bond_persistence_ps"],
    message:
        "Follow the Zn-N bonds of {wildcards.trajectory}"
    script:
        "../../scripts/analyse_bonds.py"


rule find_bond_events:
    """Breaks, recoveries and exchanges of Zn-N bonds."""
    input:
        bonds="results/{campaign}/analysis/{trajectory}/bonds.npz",
    output:
        events="results/{campaign}/analysis/{trajectory}/bond_events.csv",
        lifetimes="results/{campaign}/analysis/{trajectory}/defect_lifetimes.csv",
    log:
        "results/{campaign}/logs/find_bond_events/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/find_bond_events/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=30,
    message:
        "Find the bond events of {wildcards.trajectory}"
    script:
        "../../scripts/find_bond_events.py"


rule count_rings:
    """Primitive rings of Zn against time."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        bonds="results/{campaign}/analysis/{trajectory}/bonds.npz",
    output:
        "results/{campaign}/analysis/{trajectory}/rings.csv",
    log:
        "results/{campaign}/logs/count_rings/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/count_rings/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=240,
    params:
        largest=config["mechanism"]["ring_max_size"],
        interval_ps=config["mechanism"]["structure_interval_ps"],
    message:
        "Count the rings of {wildcards.trajectory}"
    script:
        "../../scripts/count_rings.py"


rule follow_clusters:
    """Clusters of disordered Zn against time."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        classified=f"results/{{campaign}}/classified/{{trajectory}}/{config['classifier']}.npz",
    output:
        "results/{campaign}/analysis/{trajectory}/clusters.csv",
    log:
        "results/{campaign}/logs/follow_clusters/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/follow_clusters/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        crystals=campaign.frameworks,
        cutoff_A=config["mechanism"]["zinc_neighbours_A"],
        interval_ps=config["mechanism"]["structure_interval_ps"],
        seed=lambda wildcards: campaign.seed(f"clusters/{wildcards.trajectory}"),
    message:
        "Follow the disordered clusters of {wildcards.trajectory}"
    script:
        "../../scripts/follow_clusters.py"


rule profile_density:
    """Density of a crystal along its axes."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
    output:
        "results/{campaign}/analysis/{trajectory}/density_profile.csv",
    log:
        "results/{campaign}/logs/profile_density/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/profile_density/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        elements=lambda wildcards: campaign.runs[wildcards.trajectory].elements,
        supercell=lambda wildcards: campaign.runs[wildcards.trajectory].supercell,
        bins=config["mechanism"]["profile_bins"],
    script:
        "../../scripts/profile_density.py"
