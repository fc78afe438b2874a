# Variants of the force field against the paper's structures: short runs of the crystals, beyond the paper.


rule make_variant:
    """Write one variant of the force field."""
    input:
        base=f"config/forcefields/{config['forcefield_scan']['base']}.yaml",
    output:
        forcefield="results/{campaign}/forcefields/{variant}.yaml",
    log:
        "results/{campaign}/logs/make_variant/{variant}.log",
    benchmark:
        "results/{campaign}/benchmarks/make_variant/{variant}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        overrides=lambda wildcards: config["forcefield_scan"]["variants"][wildcards.variant],
    script:
        "../../scripts/make_variant.py"


SCAN_RUNS = campaign.runs.select(stage="scan").paths
CRITERIA = "config/forcefield_criteria.yaml"


rule measure_crystal:
    """Density, cell, distances, stability and energy of one run of the scan."""
    input:
        trajectory="results/{campaign}/md/{trajectory}/trajectory.xtc",
        topology="results/{campaign}/md/{trajectory}/topology.pdb",
        thermo="results/{campaign}/md/{trajectory}/thermo.csv",
        provenance="results/{campaign}/md/{trajectory}/provenance.json",
        criteria=CRITERIA,
        paper="config/paper_values.yaml",
    output:
        quantities="results/{campaign}/analysis/{trajectory}/crystal.csv",
    log:
        "results/{campaign}/logs/measure_crystal/{trajectory}.log",
    benchmark:
        "results/{campaign}/benchmarks/measure_crystal/{trajectory}.tsv"
    wildcard_constraints:
        trajectory=any_of("scan"),
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        phase=lambda wildcards: campaign.runs[wildcards.trajectory].phase,
        supercell=lambda wildcards: campaign.runs[wildcards.trajectory].supercell,
        settings={
            "bond_cutoff_A": config["properties"]["bond_cutoff_A"],
            "bond": {
                "form_A": config["mechanism"]["bond_form_A"],
                "break_A": config["mechanism"]["bond_break_A"],
                "persistence_ps": config["mechanism"]["bond_persistence_ps"],
                "interval_ps": config["forcefield_scan"]["bond_interval_ps"],
            },
            "bin_width_A": config["properties"]["bin_width_A"],
            "pressure_bar": config["dynamics"]["pressure_bar"],
        },
    script:
        "../../scripts/measure_crystal.py"


rule tabulate_forcefield_scan:
    """All quantities of the scan, the score of every criterion, and one line per force field."""
    input:
        runs=expand("results/{campaign}/analysis/{path}/crystal.csv", path=SCAN_RUNS, allow_missing=True),
        criteria=CRITERIA,
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/forcefield_scan.csv",
            caption="../report/forcefield_scan_table.rst",
            category="Force field",
        ),
        scores=report(
            "results/{campaign}/tables/forcefield_scan_scores.csv",
            caption="../report/forcefield_scan_scores.rst",
            category="Force field",
        ),
        summary=report(
            "results/{campaign}/tables/forcefield_scan_summary.csv",
            caption="../report/forcefield_scan_summary.rst",
            category="Force field",
        ),
    log:
        "results/{campaign}/logs/tabulate_forcefield_scan/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_forcefield_scan/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        runs=campaign.runs.select(stage="scan").plain(),
    script:
        "../../scripts/tabulate_forcefield_scan.py"


rule plot_forcefield_scan:
    """Which force field reproduces the paper."""
    input:
        scores="results/{campaign}/tables/forcefield_scan_scores.csv",
        summary="results/{campaign}/tables/forcefield_scan_summary.csv",
    output:
        svg=report(
            "results/{campaign}/figures/forcefield_scan.svg",
            caption="../report/forcefield_scan.rst",
            category="Force field",
        ),
        png="results/{campaign}/figures/forcefield_scan.png",
        numbers="results/{campaign}/figures/forcefield_scan.csv",
    log:
        "results/{campaign}/logs/plot_forcefield_scan/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_forcefield_scan/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    script:
        "../../scripts/plot_forcefield_scan.py"


rule fit_forcefield:
    """The Morse term that meets the criteria best, out of a scan of its three parameters."""
    input:
        runs=rules.tabulate_forcefield_scan.input.runs,
        forcefields=expand(
            "results/{campaign}/forcefields/{variant}.yaml",
            variant=config["forcefield_scan"]["scanned"],
            allow_missing=True,
        ),
        base=rules.make_variant.input.base,
        criteria=CRITERIA,
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/forcefield_fit.csv",
            caption="../report/forcefield_fit.rst",
            category="Force field",
        ),
        deviations=report(
            "results/{campaign}/tables/forcefield_fit_deviations.csv",
            caption="../report/forcefield_fit_deviations.rst",
            category="Force field",
        ),
        samples="results/{campaign}/tables/forcefield_fit_samples.csv",
    log:
        "results/{campaign}/logs/fit_forcefield/all.log",
    benchmark:
        "results/{campaign}/benchmarks/fit_forcefield/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        seed=config["campaign"]["seed"],
    script:
        "../../scripts/fit_forcefield.py"


# Which force field reproduces the paper: table and figure.
rule forcefield_scan:
    input:
        expand(
            "results/{campaign}/{product}",
            campaign=campaign.name,
            product=["tables/forcefield_scan.csv", "figures/forcefield_scan.svg"],
        ),
    localrule: True


rule plot_forcefield_fit:
    """Kinetics of the scanned sets, and where the fit goes."""
    input:
        scores="results/{campaign}/tables/forcefield_scan_scores.csv",
        samples="results/{campaign}/tables/forcefield_fit_samples.csv",
        deviations="results/{campaign}/tables/forcefield_fit_deviations.csv",
    output:
        svg=report(
            "results/{campaign}/figures/forcefield_fit.svg",
            caption="../report/forcefield_fit.rst",
            category="Force field",
        ),
        png="results/{campaign}/figures/forcefield_fit.png",
        numbers="results/{campaign}/figures/forcefield_fit.csv",
    log:
        "results/{campaign}/logs/plot_forcefield_fit/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_forcefield_fit/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    script:
        "../../scripts/plot_forcefield_fit.py"


# The best Morse term: for scans of at least five sets that differ in depth, position and steepness.
rule forcefield_fit:
    input:
        expand(
            "results/{campaign}/{product}",
            campaign=config["campaign"]["name"],
            product=["tables/forcefield_fit.csv", "figures/forcefield_fit.svg"],
        ),
    localrule: True
