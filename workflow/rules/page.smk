# The page of the campaign: everything in one HTML file, in the order of the study.


rule describe_training:
    """Where the environments lie that the classifiers were trained on, to doubt what they say of others."""
    input:
        database=rules.sample_database.output.database,
    output:
        training="results/{campaign}/classifier/training.npz",
    log:
        "results/{campaign}/logs/describe_training/all.log",
    benchmark:
        "results/{campaign}/benchmarks/describe_training/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("describe_training"),
    params:
        environments=campaign.config.environments.plain(),
    script:
        "../../scripts/describe_training.py"


rule write_page:
    """A page that reads like the study: what was simulated, the comparison, then all figures and tables."""
    input:
        tables=rules.tables.input,
        figures=rules.figures.input,
        training=rules.describe_training.output.training,
    output:
        page="results/{campaign}/index.html",
    log:
        "results/{campaign}/logs/write_page/all.log",
    benchmark:
        "results/{campaign}/benchmarks/write_page/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        config=config,
    script:
        "../../scripts/write_page.py"
