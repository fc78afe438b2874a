# Labelled zinc environments from the runs at constant temperature (paper, Sec. II C).

SAMPLED = {path: phase for phase in campaign.phases for path in campaign.sampling_paths(phase)}


rule sample_database:
    """Compute the features of sampled configurations, labelled by the phase of their run."""
    input:
        expand("results/{run}/md/{path}/provenance.json", path=SAMPLED, allow_missing=True),
    output:
        "results/{run}/database/environments.npz",
    log:
        "results/{run}/logs/sample_database/all.log",
    benchmark:
        "results/{run}/benchmarks/sample_database/all.tsv"
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
        temperatures_K=[campaign.runs[path].segments[-1].to_K for path in SAMPLED],
        environments=config["environments"],
    script:
        "../../scripts/sample_database.py"


rule rank_symmetry_functions:
    """Rank candidate symmetry functions by how well they tell the phases apart."""
    input:
        expand("results/{run}/md/{path}/provenance.json", path=SAMPLED, allow_missing=True),
    output:
        "results/{run}/database/symmetry_function_ranking.csv",
    log:
        "results/{run}/logs/rank_symmetry_functions/all.log",
    benchmark:
        "results/{run}/benchmarks/rank_symmetry_functions/all.tsv"
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
        temperatures_K=[campaign.runs[path].segments[-1].to_K for path in SAMPLED],
        cutoff_A=config["environments"]["symmetry_functions"]["cutoff_A"],
    script:
        "../../scripts/rank_symmetry_functions.py"


rule plot_figS3:
    """Box plots of the symmetry functions in the four phases."""
    input:
        database="results/{run}/database/environments.npz",
    output:
        svg=report(
            "results/{run}/figures/figS3_symmetry_functions.svg",
            caption="../report/figS3_symmetry_functions.rst",
            category="Local environments",
        ),
        png="results/{run}/figures/figS3_symmetry_functions.png",
        numbers="results/{run}/figures/figS3_symmetry_functions.csv",
    log:
        "results/{run}/logs/plot_figS3/all.log",
    benchmark:
        "results/{run}/benchmarks/plot_figS3/all.tsv"
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
