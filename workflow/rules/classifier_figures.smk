# What the classifiers of zinc environments see, drawn: Figs. 3 and S4, and beyond the paper.


rule plot_fig3:
    """The network, and a configuration before and after classification: the first simulation of the first transition."""
    input:
        **frames_of_first(campaign.shown()),
        classified=classified(campaign.shown(), "paper.npz")[0],
        model="results/{campaign}/classifier/paper/model.npz",
        metadata="results/{campaign}/classifier/paper/model.json",
    output:
        **figure("fig3_classifier", "fig3_classifier", "Local environments"),
    log:
        "results/{campaign}/logs/plot_fig3/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig3/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("plot_fig3"),
    params:
        crystals=campaign.frameworks,
        stick_A=campaign.config.mechanism.zinc_neighbours_A,
    script:
        "../../scripts/plot_fig3.py"


rule plot_figS4:
    """Among disordered zinc, the fraction called liquid, against temperature."""
    input:
        **{name: classified(campaign.disordered(), f"{name}.npz") for name in campaign.classifiers},
    output:
        **figure("figS4_liquid_fraction", "figS4_liquid_fraction", "Local environments"),
    log:
        "results/{campaign}/logs/plot_figS4/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS4/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        names=list(campaign.classifiers),
        runs=campaign.disordered().plain(),
        sampled=campaign.sampled().paths,
        disordered=list(campaign.config.disordered_phases),
        liquids=campaign.config.liquids,
        equilibration_ps=campaign.config.sampling.equilibration_ps,
    script:
        "../../scripts/plot_figS4.py"


rule plot_classifier_reliability:
    """How often a classifier is right against how sure it is."""
    input:
        predictions=rules.tabulate_table2.input.predictions,
    output:
        **figure("classifier_reliability", "classifier_reliability", "Local environments"),
    log:
        "results/{campaign}/logs/plot_classifier_reliability/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_classifier_reliability/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        names=list(campaign.classifiers),
        seed=campaign.seed("reliability"),
    script:
        "../../scripts/plot_classifier_reliability.py"


rule plot_classifier_learning_curve:
    """Accuracy on left-out trajectories against the size of the database."""
    input:
        curves=per_classifier(rules.compute_learning_curve.output.curve),
    output:
        **figure("classifier_learning_curve", "classifier_learning_curve", "Local environments"),
    log:
        "results/{campaign}/logs/plot_classifier_learning_curve/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_classifier_learning_curve/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        names=list(campaign.classifiers),
    script:
        "../../scripts/plot_classifier_learning_curve.py"
