# Variants of the force field against the paper's structures: short simulations of the crystals, beyond the paper.


rule make_variant:
    """Write one variant of the force field."""
    input:
        base=f"config/forcefields/{campaign.config.forcefield_scan.base}.yaml",
    output:
        forcefield="results/{campaign}/forcefields/{variant}.yaml",
    log:
        "results/{campaign}/logs/make_variant/{variant}.log",
    benchmark:
        "results/{campaign}/benchmarks/make_variant/{variant}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        overrides=lambda wildcards: campaign.config.forcefield_scan.variants[wildcards.variant],
    script:
        "../../scripts/make_variant.py"


rule measure_crystal:
    """Density, cell, distances, stability and energy of one simulation of the scan."""
    input:
        **run_files("trajectory", "topology", "thermo", "provenance"),
        criteria="config/forcefield_criteria.yaml",
        paper="config/paper_values.yaml",
    output:
        quantities="results/{campaign}/analysis/{simulation}/crystal.csv",
    log:
        "results/{campaign}/logs/measure_crystal/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/measure_crystal/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        run=lambda wildcards: campaign.runs[wildcards.simulation].plain(),
        properties=campaign.config.properties.plain(),
        mechanism=campaign.config.mechanism.plain(),
        bond_interval_ps=campaign.config.forcefield_scan.bond_interval_ps,
    script:
        "../../scripts/measure_crystal.py"


rule tabulate_forcefield_scan:
    """All quantities of the scan, the score of every criterion, and one line per force field."""
    input:
        runs=analysed(campaign.runs.select(stage="scan"), "crystal.csv"),
        criteria="config/forcefield_criteria.yaml",
        paper="config/paper_values.yaml",
    output:
        table=table("forcefield_scan", "forcefield_scan_table", "Force field"),
        scores=table("forcefield_scan_scores", "forcefield_scan_scores", "Force field"),
        summary=table("forcefield_scan_summary", "forcefield_scan_summary", "Force field"),
    log:
        "results/{campaign}/logs/tabulate_forcefield_scan/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_forcefield_scan/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.runs.select(stage="scan").plain(),
    script:
        "../../scripts/tabulate_forcefield_scan.py"


rule plot_forcefield_scan:
    """Which force field reproduces the paper."""
    input:
        scores=rules.tabulate_forcefield_scan.output.scores,
        summary=rules.tabulate_forcefield_scan.output.summary,
    output:
        **figure("forcefield_scan", "forcefield_scan", "Force field"),
    log:
        "results/{campaign}/logs/plot_forcefield_scan/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_forcefield_scan/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/plot_forcefield_scan.py"


rule fit_forcefield:
    """The Morse term that meets the criteria best, out of a scan of its three parameters."""
    input:
        runs=rules.tabulate_forcefield_scan.input.runs,
        forcefields=expand(
            rules.make_variant.output.forcefield,
            variant=campaign.config.forcefield_scan.scanned,
            allow_missing=True,
        ),
        base=rules.make_variant.input.base,
        criteria="config/forcefield_criteria.yaml",
        paper="config/paper_values.yaml",
    output:
        table=table("forcefield_fit", "forcefield_fit", "Force field"),
        deviations=table("forcefield_fit_deviations", "forcefield_fit_deviations", "Force field"),
        samples="results/{campaign}/tables/forcefield_fit_samples.csv",
    log:
        "results/{campaign}/logs/fit_forcefield/all.log",
    benchmark:
        "results/{campaign}/benchmarks/fit_forcefield/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.runs.select(stage="scan").plain(),
        seed=campaign.config.campaign.seed,
    script:
        "../../scripts/fit_forcefield.py"


rule plot_forcefield_fit:
    """Kinetics of the scanned sets, and where the fit goes."""
    input:
        scores=rules.tabulate_forcefield_scan.output.scores,
        samples=rules.fit_forcefield.output.samples,
        deviations=rules.fit_forcefield.output.deviations,
    output:
        **figure("forcefield_fit", "forcefield_fit", "Force field"),
    log:
        "results/{campaign}/logs/plot_forcefield_fit/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_forcefield_fit/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/plot_forcefield_fit.py"
