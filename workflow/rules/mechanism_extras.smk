# Fig. 6 and, beyond the paper's figures, rings of the phases, lability of every site, the interactive view.
RINGS = {
    path: phase
    for phase in campaign.phases
    for path in campaign.reference(phase).paths
}


rule plot_rings:
    """Primitive rings of Zn in every phase."""
    input:
        rings=[f"results/{{campaign}}/analysis/{path}/rings.csv" for path in RINGS],
    output:
        svg=report(
            "results/{campaign}/figures/rings_distribution.svg",
            caption="../report/rings_distribution.rst",
            category="Mechanism",
        ),
        png="results/{campaign}/figures/rings_distribution.png",
        numbers="results/{campaign}/figures/rings_distribution.csv",
    log:
        "results/{campaign}/logs/plot_rings/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_rings/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        phases=list(RINGS.values()),
        equilibration_ps=config["sampling"]["equilibration_ps"],
    script:
        "../../scripts/plot_rings.py"


rule plot_lability:
    """Mean time between breaks at every ligand site."""
    input:
        sites=[f"results/{{campaign}}/tables/lability_sites_{name}.csv" for name in FRAMEWORKS],
    output:
        svg=report(
            "results/{campaign}/figures/lability_sites.svg",
            caption="../report/lability_sites.rst",
            category="Mechanism",
        ),
        png="results/{campaign}/figures/lability_sites.png",
        numbers="results/{campaign}/figures/lability_sites.csv",
    log:
        "results/{campaign}/logs/plot_lability/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_lability/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        frameworks=FRAMEWORKS,
    script:
        "../../scripts/plot_lability.py"


rule write_viewer:
    """Interactive view of a transition: one HTML file for any browser, offline."""
    input:
        trajectory=lambda wildcards: (
            f"results/{wildcards.campaign}/md/{PRODUCTION[wildcards.framework, 'transition_K'][0]}/trajectory.xtc"
        ),
        classified=lambda wildcards: (
            f"results/{wildcards.campaign}/classified/{PRODUCTION[wildcards.framework, 'transition_K'][0]}/{config['classifier']}.npz"
        ),
    output:
        report(
            "results/{campaign}/figures/viewer_{framework}.html",
            caption="../report/viewer.rst",
            category="Mechanism",
        ),
    log:
        "results/{campaign}/logs/write_viewer/{framework}.log",
    benchmark:
        "results/{campaign}/benchmarks/write_viewer/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        title=lambda wildcards: PRODUCTION[wildcards.framework, "transition_K"][0],
        stick_A=config["mechanism"]["zinc_neighbours_A"],
        most_frames=config["mechanism"]["viewer_frames"],
    script:
        "../../scripts/write_viewer.py"


rule plot_fig6:
    """An exchange of ligands (iii) as it happened."""
    input:
        trajectory=f"results/{{campaign}}/md/{SHOWN_TRANSITION}/trajectory.xtc",
        bonds=f"results/{{campaign}}/analysis/{SHOWN_TRANSITION}/bonds.npz",
        events=f"results/{{campaign}}/analysis/{SHOWN_TRANSITION}/bond_events.csv",
    output:
        svg=report(
            "results/{campaign}/figures/fig6_exchange.svg",
            caption="../report/fig6_exchange.rst",
            category="Mechanism",
        ),
        png="results/{campaign}/figures/fig6_exchange.png",
        numbers="results/{campaign}/figures/fig6_exchange.csv",
    log:
        "results/{campaign}/logs/plot_fig6/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig6/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        title=SHOWN_TRANSITION,
    script:
        "../../scripts/plot_fig6.py"
