# How disorder sets in and spreads, drawn: Figs. 4, 5, 7, S6, S7, the interactive view.


rule plot_fig4:
    """Snapshots of the first simulation of each transition, disordered Zn coloured by class."""
    input:
        **frames(campaign.transforming().select(replica=1)),
        classified=classified(campaign.transforming().select(replica=1)),
    output:
        **figure("fig4_snapshots", "fig4_snapshots", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_fig4/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig4/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        frameworks=list(campaign.config.transitions),
        crystals=campaign.frameworks,
        stick_A=campaign.config.mechanism.zinc_neighbours_A,
    script:
        "../../scripts/plot_fig4.py"


rule plot_time_to_transition:
    """Times to onset and completion against temperature."""
    input:
        classified=[
            path for name in campaign.config.transitions for path in classified(campaign.watched(name))
        ],
        paper="config/paper_values.yaml",
    output:
        **figure("time_to_transition", "time_to_transition", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_time_to_transition/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_time_to_transition/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs={name: campaign.watched(name).plain() for name in campaign.config.transitions},
        crystals=campaign.frameworks,
        mechanism=campaign.config.mechanism.plain(),
    script:
        "../../scripts/plot_time_to_transition.py"


rule plot_transition:
    """Fractions of the classes and three-membered rings against time: Figs. 5 and S6."""
    input:
        unpack(lambda wildcards: watched(campaign.production(transition_of(wildcards)))),
        classified=lambda wildcards: classified(campaign.production(transition_of(wildcards))),
        rings=lambda wildcards: analysed(campaign.production(transition_of(wildcards)), "rings.csv"),
    output:
        **figure("{figure}_transition", "fig5_transition", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_transition/{figure}.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_transition/{figure}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        zinc_per_cell=lambda wildcards: campaign.n_zn(crystal_of(transition_of(wildcards)), "1x1x1"),
        shown=lambda wildcards: [crystal_of(transition_of(wildcards)), *campaign.config.disordered_phases],
        crystals=campaign.frameworks,
    script:
        "../../scripts/plot_transition.py"


rule plot_anisotropy:
    """Extents of the cluster, density profiles, lability: Figs. 7 and S7."""
    input:
        clusters=lambda wildcards: analysed(campaign.production(transition_of(wildcards)), "clusters.csv"),
        profile=lambda wildcards: analysed(
            campaign.production(transition_of(wildcards), "stable_K"),
            "density_profile.csv",
        )[0],
        sites=lambda wildcards: (
            f"results/{wildcards.campaign}/tables/lability_sites_{transition_of(wildcards)}.csv"
        ),
        crystal=lambda wildcards: structure_of(crystal_of(transition_of(wildcards))),
    output:
        **figure("{figure}_anisotropy", "fig7_anisotropy", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_anisotropy/{figure}.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_anisotropy/{figure}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        bins=campaign.config.mechanism.extent_bins,
    script:
        "../../scripts/plot_anisotropy.py"


rule plot_rings:
    """Primitive rings of Zn in every phase."""
    input:
        rings=analysed(campaign.reference(), "rings.csv"),
    output:
        **figure("rings_distribution", "rings_distribution", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_rings/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_rings/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        phases=[run.phase for run in campaign.reference()],
        equilibration_ps=campaign.config.sampling.equilibration_ps,
    script:
        "../../scripts/plot_rings.py"


rule write_viewer:
    """Interactive view of a transition: one HTML file for any browser, offline."""
    input:
        unpack(lambda wildcards: frames_of_first(campaign.production(wildcards.transition))),
        classified=lambda wildcards: classified(campaign.production(wildcards.transition))[0],
    output:
        report(
            "results/{campaign}/figures/viewer_{transition}.html",
            caption="../report/viewer.rst",
            category="Mechanism",
        ),
    log:
        "results/{campaign}/logs/write_viewer/{transition}.log",
    benchmark:
        "results/{campaign}/benchmarks/write_viewer/{transition}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        title=lambda wildcards: campaign.production(wildcards.transition).paths[0],
        crystals=campaign.frameworks,
        stick_A=campaign.config.mechanism.zinc_neighbours_A,
        most_frames=campaign.config.mechanism.viewer_frames,
    script:
        "../../scripts/write_viewer.py"
