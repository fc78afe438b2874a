# Figs. 3 and S4, and the classifiers' quality.
DISORDERED = list(config["disordered_phases"])

# The first run of the first framework's transition.
SHOWN = campaign.runs.select(stage="production").paths[0]
DISORDERED_RUNS = {
    path: phase for phase in DISORDERED for path in campaign.runs.select(stage="sampling", phase=phase).paths
}


rule plot_fig3:
    """The network, and a configuration before and after classification."""
    input:
        trajectory=f"results/{{campaign}}/md/{SHOWN}/trajectory.xtc",
        classified=f"results/{{campaign}}/classified/{SHOWN}/paper.npz",
        model="results/{campaign}/classifier/paper/model.pt",
        metadata="results/{campaign}/classifier/paper/model.json",
    output:
        svg=report(
            "results/{campaign}/figures/fig3_classifier.svg",
            caption="../report/fig3_classifier.rst",
            category="Local environments",
        ),
        png="results/{campaign}/figures/fig3_classifier.png",
        numbers="results/{campaign}/figures/fig3_classifier.csv",
    log:
        "results/{campaign}/logs/plot_fig3/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig3/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        stick_A=config["mechanism"]["zinc_neighbours_A"],
    script:
        "../../scripts/plot_fig3.py"


rule plot_figS4:
    """Among disordered zinc, the fraction called liquid, against temperature."""
    input:
        classified=expand(
            "results/{campaign}/classified/{path}/disagreement.csv", path=DISORDERED_RUNS, allow_missing=True
        ),
    output:
        svg=report(
            "results/{campaign}/figures/figS4_liquid_fraction.svg",
            caption="../report/figS4_liquid_fraction.rst",
            category="Local environments",
        ),
        png="results/{campaign}/figures/figS4_liquid_fraction.png",
        numbers="results/{campaign}/figures/figS4_liquid_fraction.csv",
    log:
        "results/{campaign}/logs/plot_figS4/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS4/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        names=list(config["classifiers"]),
        phases=list(DISORDERED_RUNS.values()),
        temperatures_K=[campaign.runs[path].temperature_K for path in DISORDERED_RUNS],
        sampled=[path in SAMPLED for path in DISORDERED_RUNS],
        equilibration_ps=config["sampling"]["equilibration_ps"],
    script:
        "../../scripts/plot_figS4.py"


rule plot_classifier_reliability:
    """How often a classifier is right against how sure it is."""
    input:
        predictions=expand(
            "results/{campaign}/classifier/{name}/predictions.npz",
            name=config["classifiers"],
            allow_missing=True,
        ),
    output:
        svg=report(
            "results/{campaign}/figures/classifier_reliability.svg",
            caption="../report/classifier_reliability.rst",
            category="Local environments",
        ),
        png="results/{campaign}/figures/classifier_reliability.png",
        numbers="results/{campaign}/figures/classifier_reliability.csv",
    log:
        "results/{campaign}/logs/plot_classifier_reliability/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_classifier_reliability/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        names=list(config["classifiers"]),
        seed=campaign.seed("reliability"),
    script:
        "../../scripts/plot_classifier_reliability.py"


rule plot_classifier_learning_curve:
    """Accuracy on left-out trajectories against the size of the database."""
    input:
        curves=expand(
            "results/{campaign}/classifier/{name}/learning_curve.csv",
            name=config["classifiers"],
            allow_missing=True,
        ),
    output:
        svg=report(
            "results/{campaign}/figures/classifier_learning_curve.svg",
            caption="../report/classifier_learning_curve.rst",
            category="Local environments",
        ),
        png="results/{campaign}/figures/classifier_learning_curve.png",
        numbers="results/{campaign}/figures/classifier_learning_curve.csv",
    log:
        "results/{campaign}/logs/plot_classifier_learning_curve/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_classifier_learning_curve/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        names=list(config["classifiers"]),
    script:
        "../../scripts/plot_classifier_learning_curve.py"
