# Labelled zinc environments from the simulations at constant temperature (paper, Sec. II C).


rule sample_database:
    """Compute the features of sampled configurations, labelled by the phase of their simulation."""
    input:
        **frames(campaign.sampled()),
    output:
        database="results/{campaign}/database/environments.npz",
    log:
        "results/{campaign}/logs/sample_database/all.log",
    benchmark:
        "results/{campaign}/benchmarks/sample_database/all.tsv"
    priority: 1
    conda:
        "../../envs/cpu.yaml"
    # Few configurations are not worth waiting until several cores are free at once.
    threads: 4 if sum(campaign.config.database.configurations.values()) > 1000 else 1
    resources:
        mem_mb=memory("sample_database"),
    params:
        runs=campaign.sampled().plain(),
        # A phase's place here is its number as a class.
        configurations={phase: campaign.config.database.configurations[phase] for phase in campaign.phases},
        environments=campaign.config.environments.plain(),
    script:
        "../../scripts/sample_database.py"


rule rank_symmetry_functions:
    """Rank candidate symmetry functions by how well they tell the phases apart."""
    input:
        **frames(campaign.sampled()),
    output:
        ranking="results/{campaign}/database/symmetry_function_ranking.csv",
    log:
        "results/{campaign}/logs/rank_symmetry_functions/all.log",
    benchmark:
        "results/{campaign}/benchmarks/rank_symmetry_functions/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.sampled().plain(),
        configurations=campaign.config.database.configurations,
        cutoff_A=campaign.config.environments.symmetry_functions.cutoff_A,
    script:
        "../../scripts/rank_symmetry_functions.py"


rule plot_figS3:
    """Box plots of the symmetry functions in the phases."""
    input:
        database=rules.sample_database.output.database,
    output:
        **figure("figS3_symmetry_functions", "figS3_symmetry_functions", "Local environments"),
    log:
        "results/{campaign}/logs/plot_figS3/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS3/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    resources:
        mem_mb=memory("plot_figS3"),
    params:
        functions=campaign.config.environments.symmetry_functions.plain(),
    script:
        "../../scripts/plot_figS3.py"
