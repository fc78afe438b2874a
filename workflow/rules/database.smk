# Labelled zinc environments from the runs at constant temperature (paper, Sec. II C).

SAMPLED = {path: phase for phase in campaign.phases for path in campaign.sampled(phase).paths}


rule sample_database:
    """Compute the features of sampled configurations, labelled by the phase of their run."""
    input:
        expand("results/{campaign}/md/{path}/provenance.json", path=SAMPLED, allow_missing=True),
    output:
        "results/{campaign}/database/environments.npz",
    log:
        "results/{campaign}/logs/sample_database/all.log",
    benchmark:
        "results/{campaign}/benchmarks/sample_database/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 4
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        configurations={phase: config["database"]["configurations"][phase] for phase in campaign.phases},
        phases=list(SAMPLED.values()),
        # A run started from a crystal is independent of all others; those started from one glass are not.
        origins=[campaign.runs[path].start or path for path in SAMPLED],
        temperatures_K=[campaign.runs[path].temperature_K for path in SAMPLED],
        environments=config["environments"],
    script:
        "../../scripts/sample_database.py"


rule rank_symmetry_functions:
    """Rank candidate symmetry functions by how well they tell the phases apart."""
    input:
        expand("results/{campaign}/md/{path}/provenance.json", path=SAMPLED, allow_missing=True),
    output:
        "results/{campaign}/database/symmetry_function_ranking.csv",
    log:
        "results/{campaign}/logs/rank_symmetry_functions/all.log",
    benchmark:
        "results/{campaign}/benchmarks/rank_symmetry_functions/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        # A sixth of the database, at least one configuration of every run, is enough to rank by.
        configurations={
            phase: max(wanted // 6, list(SAMPLED.values()).count(phase))
            for phase, wanted in config["database"]["configurations"].items()
        },
        phases=list(SAMPLED.values()),
        origins=list(SAMPLED),
        temperatures_K=[campaign.runs[path].temperature_K for path in SAMPLED],
        cutoff_A=config["environments"]["symmetry_functions"]["cutoff_A"],
    script:
        "../../scripts/rank_symmetry_functions.py"


rule plot_figS3:
    """Box plots of the symmetry functions in the four phases."""
    input:
        database="results/{campaign}/database/environments.npz",
    output:
        svg=report(
            "results/{campaign}/figures/figS3_symmetry_functions.svg",
            caption="../report/figS3_symmetry_functions.rst",
            category="Local environments",
        ),
        png="results/{campaign}/figures/figS3_symmetry_functions.png",
        numbers="results/{campaign}/figures/figS3_symmetry_functions.csv",
    log:
        "results/{campaign}/logs/plot_figS3/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS3/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        functions=config["environments"]["symmetry_functions"],
    script:
        "../../scripts/plot_figS3.py"
