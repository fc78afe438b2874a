# Training, testing and use of the classifiers of zinc environments (paper, Sec. II C).


rule train_classifier:
    """Train a classifier on the whole database."""
    input:
        database="results/{campaign}/database/environments.npz",
    output:
        model="results/{campaign}/classifier/{classifier}/model.pt",
        metadata="results/{campaign}/classifier/{classifier}/model.json",
    log:
        "results/{campaign}/logs/train_classifier/{classifier}.log",
    benchmark:
        "results/{campaign}/benchmarks/train_classifier/{classifier}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        settings=lambda wildcards: config["classifiers"][wildcards.classifier],
        environments=config["environments"],
        seed=campaign.seed("classifier"),
    script:
        "../../scripts/train_classifier.py"


rule evaluate_classifier:
    """Predict what a classifier was not trained on: the published split, and left-out trajectories."""
    input:
        database="results/{campaign}/database/environments.npz",
    output:
        predictions="results/{campaign}/classifier/{classifier}/predictions.npz",
    log:
        "results/{campaign}/logs/evaluate_classifier/{classifier}.log",
    benchmark:
        "results/{campaign}/benchmarks/evaluate_classifier/{classifier}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=240,
    params:
        settings=lambda wildcards: config["classifiers"][wildcards.classifier],
        environments=config["environments"],
        seed=campaign.seed("classifier"),
    script:
        "../../scripts/evaluate_classifier.py"


rule compute_learning_curve:
    """Accuracy on left-out trajectories against the size of the database."""
    input:
        database="results/{campaign}/database/environments.npz",
    output:
        curve="results/{campaign}/classifier/{classifier}/learning_curve.csv",
    log:
        "results/{campaign}/logs/compute_learning_curve/{classifier}.log",
    benchmark:
        "results/{campaign}/benchmarks/compute_learning_curve/{classifier}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=600,
    params:
        settings=lambda wildcards: config["classifiers"][wildcards.classifier],
        environments=config["environments"],
        shares=config["database"]["learning_curve_shares"],
        seed=campaign.seed("classifier"),
    script:
        "../../scripts/compute_learning_curve.py"


rule classify_trajectory:
    """Classify every zinc of a run with every classifier."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        provenance="results/{campaign}/md/{trajectory}/provenance.json",
        models=expand(
            "results/{campaign}/classifier/{name}/model.pt", name=config["classifiers"], allow_missing=True
        ),
        metadata=expand(
            "results/{campaign}/classifier/{name}/model.json", name=config["classifiers"], allow_missing=True
        ),
    output:
        arrays=expand(
            "results/{campaign}/classified/{trajectory}/{name}.npz",
            name=config["classifiers"],
            allow_missing=True,
        ),
        fractions=expand(
            "results/{campaign}/classified/{trajectory}/{name}.csv",
            name=config["classifiers"],
            allow_missing=True,
        ),
        disagreement="results/{campaign}/classified/{trajectory}/disagreement.csv",
    log:
        "results/{campaign}/logs/classify_trajectory/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/classify_trajectory/{trajectory}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        names=list(config["classifiers"]),
        environments=config["environments"],
    script:
        "../../scripts/classify_trajectory.py"


rule tabulate_table2:
    """Confusion matrix of each classifier on both splits, beside the paper's."""
    input:
        predictions=expand(
            "results/{campaign}/classifier/{name}/predictions.npz",
            name=config["classifiers"],
            allow_missing=True,
        ),
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/table2.csv",
            caption="../report/table2.rst",
            category="Local environments",
        ),
    log:
        "results/{campaign}/logs/tabulate_table2/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_table2/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        names=list(config["classifiers"]),
        seed=campaign.seed("table2"),
    script:
        "../../scripts/tabulate_table2.py"
