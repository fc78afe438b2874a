# How disorder sets in and spreads (Sec. III B): rings, clusters, surroundings; Figs. 4, 5, 7, S6, S7, the interactive view.


rule count_rings:
    """Primitive rings of Zn against time."""
    input:
        **run_files("trajectory", "topology", "provenance"),
        bonds=rules.analyse_bonds.output.bonds,
    output:
        rings="results/{campaign}/analysis/{simulation}/rings.csv",
    log:
        "results/{campaign}/logs/count_rings/{simulation}.log",
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
    conda:
        "../../envs/cpu.yaml"
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
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=16000,
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
    conda:
        "../../envs/cpu.yaml"
    params:
        transition=lambda wildcards: campaign.config.transitions[wildcards.transition].plain(),
        crystals=campaign.frameworks,
    script:
        "../../scripts/tabulate_surroundings.py"


rule plot_fig4:
    """Snapshots of the first simulation of each transition, disordered Zn coloured by class."""
    input:
        **frames(campaign.transforming().select(replica=1)),
        classified=classified(campaign.transforming().select(replica=1)),
    output:
        **figure("fig4_snapshots", "fig4_snapshots", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_fig4/all.log",
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
    conda:
        "../../envs/cpu.yaml"
    params:
        zinc_per_cell=lambda wildcards: campaign.n_zn(
            campaign.config.transitions[transition_of(wildcards)].crystal, "1x1x1"
        ),
        shown=lambda wildcards: [
            campaign.config.transitions[transition_of(wildcards)].crystal,
            *campaign.config.disordered_phases,
        ],
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
        crystal=lambda wildcards: structure_of(campaign.config.transitions[transition_of(wildcards)].crystal),
    output:
        **figure("{figure}_anisotropy", "fig7_anisotropy", "Mechanism"),
    log:
        "results/{campaign}/logs/plot_anisotropy/{figure}.log",
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
    conda:
        "../../envs/cpu.yaml"
    params:
        title=lambda wildcards: campaign.production(wildcards.transition).paths[0],
        crystals=campaign.frameworks,
        stick_A=campaign.config.mechanism.zinc_neighbours_A,
        most_frames=campaign.config.mechanism.viewer_frames,
    script:
        "../../scripts/write_viewer.py"
