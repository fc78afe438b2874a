# Figs. 4, 5, 7, S6 and S7; the first framework of the production runs has Figs. 5 and 7, the second S6 and S7, any
# further one figures with its own name.
SHOWN_TRANSITION = PRODUCTION[FRAMEWORKS[0], "transition_K"][0]
TRANSITION_FIGURES = ["fig5", "figS6", *FRAMEWORKS[2:]][: len(FRAMEWORKS)]
ANISOTROPY_FIGURES = ["fig7", "figS7", *FRAMEWORKS[2:]][: len(FRAMEWORKS)]
FIGURE_OF = dict(zip(TRANSITION_FIGURES + ANISOTROPY_FIGURES, FRAMEWORKS + FRAMEWORKS))


rule plot_fig4:
    """Snapshots of the transitions, disordered Zn coloured by class."""
    input:
        trajectory=[
            f"results/{{campaign}}/md/{PRODUCTION[name, 'transition_K'][0]}/trajectory.xtc" for name in FRAMEWORKS
        ],
        classified=[
            f"results/{{campaign}}/classified/{PRODUCTION[name, 'transition_K'][0]}/{config['classifier']}.npz"
            for name in FRAMEWORKS
        ],
    output:
        svg=report(
            "results/{campaign}/figures/fig4_snapshots.svg",
            caption="../report/fig4_snapshots.rst",
            category="Mechanism",
        ),
        png="results/{campaign}/figures/fig4_snapshots.png",
        numbers="results/{campaign}/figures/fig4_snapshots.csv",
    log:
        "results/{campaign}/logs/plot_fig4/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig4/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        frameworks=FRAMEWORKS,
        crystals=campaign.frameworks,
        stick_A=config["mechanism"]["zinc_neighbours_A"],
    script:
        "../../scripts/plot_fig4.py"


rule plot_transition:
    """Fractions of the classes and three-membered rings against time: Figs. 5 and S6."""
    input:
        classified=lambda wildcards: expand(
            "results/{campaign}/classified/{path}/{classifier}.npz",
            campaign=wildcards.campaign,
            classifier=config["classifier"],
            path=PRODUCTION[FIGURE_OF[wildcards.figure], "transition_K"],
        ),
        rings=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/rings.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[FIGURE_OF[wildcards.figure], "transition_K"],
        ),
        events=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/bond_events.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[FIGURE_OF[wildcards.figure], "transition_K"],
        ),
    output:
        svg=report(
            "results/{campaign}/figures/{figure}_transition.svg",
            caption="../report/fig5_transition.rst",
            category="Mechanism",
        ),
        png="results/{campaign}/figures/{figure}_transition.png",
        numbers="results/{campaign}/figures/{figure}_transition.csv",
    log:
        "results/{campaign}/logs/plot_transition/{figure}.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_transition/{figure}.tsv"
    wildcard_constraints:
        figure="|".join(map(re.escape, TRANSITION_FIGURES)),
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        zinc_per_cell=lambda wildcards: campaign.n_zn(config["transitions"][FIGURE_OF[wildcards.figure]]["crystal"], "1x1x1"),
        shown=lambda wildcards: [FIGURE_OF[wildcards.figure], "ZIF_a", "ZIF_liq"],
        crystals=campaign.frameworks,
    script:
        "../../scripts/plot_transition.py"


rule plot_anisotropy:
    """Extents of the cluster, density profiles, lability: Figs. 7 and S7."""
    input:
        clusters=lambda wildcards: expand(
            "results/{campaign}/analysis/{path}/clusters.csv",
            campaign=wildcards.campaign,
            path=PRODUCTION[FIGURE_OF[wildcards.figure], "transition_K"],
        ),
        profile=lambda wildcards: (
            "results/{campaign}/analysis/{path}/density_profile.csv".format(
                campaign=wildcards.campaign, path=PRODUCTION[FIGURE_OF[wildcards.figure], "stable_K"][0]
            )
        ),
        sites=lambda wildcards: (
            f"results/{wildcards.campaign}/tables/lability_sites_{FIGURE_OF[wildcards.figure]}.csv"
        ),
        crystal=lambda wildcards: config["frameworks"][config["transitions"][FIGURE_OF[wildcards.figure]]["crystal"]]["structure"],
    output:
        svg=report(
            "results/{campaign}/figures/{figure}_anisotropy.svg",
            caption="../report/fig7_anisotropy.rst",
            category="Mechanism",
        ),
        png="results/{campaign}/figures/{figure}_anisotropy.png",
        numbers="results/{campaign}/figures/{figure}_anisotropy.csv",
    log:
        "results/{campaign}/logs/plot_anisotropy/{figure}.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_anisotropy/{figure}.tsv"
    wildcard_constraints:
        figure="|".join(map(re.escape, ANISOTROPY_FIGURES)),
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        bins=config["mechanism"]["extent_bins"],
    script:
        "../../scripts/plot_anisotropy.py"
