# How disorder sets in and spreads (Sec. III B): rings, clusters, surroundings.


rule count_rings:
    """Primitive rings of Zn against time."""
    input:
        **run_files("trajectory", "topology", "provenance"),
        bonds=rules.analyse_bonds.output.bonds,
    output:
        rings="results/{campaign}/analysis/{simulation}/rings.csv",
    log:
        "results/{campaign}/logs/count_rings/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/count_rings/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        mechanism=campaign.config.mechanism.plain(),
    script:
        "../../scripts/count_rings.py"


rule follow_clusters:
    """Clusters of disordered Zn against time."""
    input:
        **run_files("trajectory", "topology", "provenance"),
        classified=f"results/{{campaign}}/classified/{{simulation}}/{campaign.config.classifier}.npz",
    output:
        clusters="results/{campaign}/analysis/{simulation}/clusters.csv",
    log:
        "results/{campaign}/logs/follow_clusters/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/follow_clusters/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        crystals=campaign.frameworks,
        mechanism=campaign.config.mechanism.plain(),
        seed=lambda wildcards: campaign.seed(f"clusters/{wildcards.simulation}"),
    script:
        "../../scripts/follow_clusters.py"


rule profile_density:
    """Density of a crystal along its axes."""
    input:
        **run_files("trajectory", "topology", "provenance"),
    output:
        profile="results/{campaign}/analysis/{simulation}/density_profile.csv",
    log:
        "results/{campaign}/logs/profile_density/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/profile_density/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("profile_density"),
    params:
        run=lambda wildcards: campaign.runs[wildcards.simulation].plain(),
        mechanism=campaign.config.mechanism.plain(),
    script:
        "../../scripts/profile_density.py"


rule describe_surroundings:
    """Local density and connectivity of the Zn of each class."""
    input:
        **run_files("trajectory", "topology", "provenance"),
        bonds=rules.analyse_bonds.output.bonds,
        classified=f"results/{{campaign}}/classified/{{simulation}}/{campaign.config.classifier}.npz",
    output:
        surroundings="results/{campaign}/analysis/{simulation}/surroundings.csv",
    log:
        "results/{campaign}/logs/describe_surroundings/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/describe_surroundings/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        mechanism=campaign.config.mechanism.plain(),
    script:
        "../../scripts/describe_surroundings.py"


rule tabulate_sequence:
    """Onset, growth and order of the disordered phases, for each size of the box and temperature."""
    input:
        classified=lambda wildcards: classified(campaign.heated(wildcards.transition)),
        stable=lambda wildcards: classified(campaign.production(wildcards.transition, "stable_K")),
        clusters=lambda wildcards: analysed(campaign.production(wildcards.transition), "clusters.csv"),
        paper="config/paper_values.yaml",
    output:
        table=table("sequence_{transition}", "sequence_table", "Mechanism"),
    log:
        "results/{campaign}/logs/tabulate_sequence/{transition}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_sequence/{transition}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        crystals=campaign.frameworks,
        runs=lambda wildcards: campaign.heated(wildcards.transition).plain(),
        transition=lambda wildcards: campaign.config.transitions[wildcards.transition].plain(),
        mechanism=campaign.config.mechanism.plain(),
    script:
        "../../scripts/tabulate_sequence.py"


rule tabulate_surroundings:
    """Local density and connectivity of the Zn of each class, mean over the simulations of a transition."""
    input:
        surroundings=lambda wildcards: analysed(campaign.production(wildcards.transition), "surroundings.csv"),
        paper="config/paper_values.yaml",
    output:
        table=table("surroundings_{transition}", "surroundings_table", "Mechanism"),
    log:
        "results/{campaign}/logs/tabulate_surroundings/{transition}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_surroundings/{transition}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        transition=lambda wildcards: campaign.config.transitions[wildcards.transition].plain(),
        crystals=campaign.frameworks,
    script:
        "../../scripts/tabulate_surroundings.py"
