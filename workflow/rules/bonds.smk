# How Zn-N bonds break and ligands turn or change place (Sec. III B): rates, lability of the ligand sites, Fig. 6.


rule analyse_bonds:
    """Which Zn-N bonds hold in which frames."""
    input:
        **run_files("trajectory", "topology", "provenance"),
    output:
        bonds="results/{campaign}/analysis/{simulation}/bonds.npz",
        coordination="results/{campaign}/analysis/{simulation}/coordination.csv",
    log:
        "results/{campaign}/logs/analyse_bonds/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_bonds/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        mechanism=campaign.config.mechanism.plain(),
    script:
        "../../scripts/analyse_bonds.py"


rule find_bond_events:
    """Breaks, recoveries and exchanges of Zn-N bonds."""
    input:
        bonds=rules.analyse_bonds.output.bonds,
    output:
        events="results/{campaign}/analysis/{simulation}/bond_events.csv",
        lifetimes="results/{campaign}/analysis/{simulation}/defect_lifetimes.csv",
    log:
        "results/{campaign}/logs/find_bond_events/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/find_bond_events/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/find_bond_events.py"


rule tabulate_mechanism:
    """How often bonds break and ligands turn or change place."""
    input:
        unpack(lambda wildcards: watched(watched_of(wildcards))),
        paper="config/paper_values.yaml",
    output:
        table=table("mechanism_{transition}", "mechanism_table", "Mechanism"),
        survival="results/{campaign}/tables/defect_survival_{transition}.csv",
    log:
        "results/{campaign}/logs/tabulate_mechanism/{transition}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_mechanism/{transition}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        transition=lambda wildcards: campaign.config.transitions[wildcards.transition].plain(),
        runs=lambda wildcards: watched_of(wildcards).plain(),
    script:
        "../../scripts/tabulate_mechanism.py"


rule tabulate_lability:
    """Which ligand sites let go most often."""
    input:
        unpack(lambda wildcards: watched(campaign.production(wildcards.transition, "stable_K"))),
        crystal=lambda wildcards: structure_of(crystal_of(wildcards.transition)),
        paper="config/paper_values.yaml",
    output:
        table=table("lability_{transition}", "lability_table", "Mechanism"),
        sites="results/{campaign}/tables/lability_sites_{transition}.csv",
    log:
        "results/{campaign}/logs/tabulate_lability/{transition}.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_lability/{transition}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        mechanism=campaign.config.mechanism.plain(),
        runs=lambda wildcards: campaign.production(wildcards.transition, "stable_K").plain(),
    script:
        "../../scripts/tabulate_lability.py"


rule plot_lability:
    """Mean time between breaks at every ligand site."""
    input:
        sites=per_transition(rules.tabulate_lability.output.sites),
    output:
        **figure("lability_sites", "lability_sites", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_lability/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_lability/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        frameworks=list(campaign.config.transitions),
    script:
        "../../scripts/plot_lability.py"


rule plot_fig6:
    """An exchange of ligands (iii) as it happened in the first simulation of the first transition."""
    input:
        **frames_of_first(campaign.shown()),
        bonds=analysed(campaign.shown(), "bonds.npz")[0],
        events=analysed(campaign.shown(), "bond_events.csv")[0],
    output:
        **figure("fig6_exchange", "fig6_exchange", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_fig6/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig6/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        title=campaign.shown().paths[0],
    script:
        "../../scripts/plot_fig6.py"
