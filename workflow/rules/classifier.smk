# Training, testing and use of the classifiers of zinc environments (paper, Sec. II C), and their tables.


rule train_classifier:
    """Train a classifier on the whole database."""
    input:
        database=rules.sample_database.output.database,
    output:
        model="results/{campaign}/classifier/{classifier}/model.npz",
        metadata="results/{campaign}/classifier/{classifier}/model.json",
    log:
        "results/{campaign}/logs/train_classifier/{classifier}.log",
    benchmark:
        "results/{campaign}/benchmarks/train_classifier/{classifier}.tsv"
    priority: 1
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("train_classifier"),
    params:
        settings=lambda wildcards: campaign.classifiers[wildcards.classifier].plain(),
        environments=campaign.config.environments.plain(),
        seed=campaign.seed("classifier"),
    script:
        "../../scripts/train_classifier.py"


rule evaluate_classifier:
    """Predict what a classifier was not trained on: the published split, and left-out trajectories."""
    input:
        database=rules.sample_database.output.database,
    output:
        predictions="results/{campaign}/classifier/{classifier}/predictions.npz",
    log:
        "results/{campaign}/logs/evaluate_classifier/{classifier}.log",
    benchmark:
        "results/{campaign}/benchmarks/evaluate_classifier/{classifier}.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("evaluate_classifier"),
    params:
        settings=lambda wildcards: campaign.classifiers[wildcards.classifier].plain(),
        environments=campaign.config.environments.plain(),
        seed=campaign.seed("classifier"),
    script:
        "../../scripts/evaluate_classifier.py"


rule compute_learning_curve:
    """Accuracy on left-out trajectories against the size of the database."""
    input:
        database=rules.sample_database.output.database,
    output:
        curve="results/{campaign}/classifier/{classifier}/learning_curve.csv",
    log:
        "results/{campaign}/logs/compute_learning_curve/{classifier}.log",
    benchmark:
        "results/{campaign}/benchmarks/compute_learning_curve/{classifier}.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("compute_learning_curve"),
        runtime=600,
    params:
        settings=lambda wildcards: campaign.classifiers[wildcards.classifier].plain(),
        environments=campaign.config.environments.plain(),
        shares=campaign.config.database.learning_curve_shares,
        seed=campaign.seed("classifier"),
    script:
        "../../scripts/compute_learning_curve.py"


rule classify_trajectory:
    """Classify every zinc of a simulation with every classifier."""
    input:
        **run_files("trajectory", "topology", "provenance"),
        models=per_classifier(rules.train_classifier.output.model),
        metadata=per_classifier(rules.train_classifier.output.metadata),
    output:
        arrays=[f"results/{{campaign}}/classified/{{simulation}}/{name}.npz" for name in campaign.classifiers],
        fractions=[
            f"results/{{campaign}}/classified/{{simulation}}/{name}.csv" for name in campaign.classifiers
        ],
        disagreement="results/{campaign}/classified/{simulation}/disagreement.csv",
    log:
        "results/{campaign}/logs/classify_trajectory/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/classify_trajectory/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("classify_trajectory"),
    params:
        names=list(campaign.classifiers),
        environments=campaign.config.environments.plain(),
    script:
        "../../scripts/classify_trajectory.py"


rule tabulate_table2:
    """Confusion matrix of each classifier on both splits, beside the paper's."""
    input:
        predictions=per_classifier(rules.evaluate_classifier.output.predictions),
        paper="config/paper_values.yaml",
    output:
        table=table("table2", "table2", "Local environments"),
    log:
        "results/{campaign}/logs/tabulate_table2/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_table2/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        names=list(campaign.classifiers),
        seed=campaign.seed("table2"),
    script:
        "../../scripts/tabulate_table2.py"


rule tabulate_disagreement:
    """Share of the Zn that the two classifiers call differently, mean over simulations."""
    input:
        disagreements=classified(campaign.transforming() + campaign.disordered(), "disagreement.csv"),
    output:
        table=table("classifier_disagreement", "disagreement_table", "Local environments"),
    log:
        "results/{campaign}/logs/tabulate_disagreement/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_disagreement/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=(campaign.transforming() + campaign.disordered()).plain(),
        names=list(campaign.classifiers)[:2],
    script:
        "../../scripts/tabulate_disagreement.py"


rule tabulate_classifier_on_crystals:
    """What the classifiers call disordered in crystals that keep their net, beside what has changed there."""
    input:
        **{name: classified(campaign.crystals(), f"{name}.npz") for name in campaign.classifiers},
        bonds=analysed(campaign.crystals(), "bonds.npz"),
        paper_values="config/paper_values.yaml",
    output:
        table=table("classifier_on_crystals", "crystals_table", "Local environments"),
    log:
        "results/{campaign}/logs/tabulate_classifier_on_crystals/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_classifier_on_crystals/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        names=list(campaign.classifiers),
        runs=campaign.crystals().plain(),
        stable=[
            path
            for name in campaign.config.transitions
            for path in campaign.production(name, "stable_K").paths
        ],
        crystals=campaign.frameworks,
        equilibration_ps=campaign.config.sampling.equilibration_ps,
    script:
        "../../scripts/tabulate_classifier_on_crystals.py"
