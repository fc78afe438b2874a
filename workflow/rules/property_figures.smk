# Figures beyond the paper's: ramps, all radial distribution functions, scattering.


rule plot_ramp_volume:
    """Volume on the heating ramps and where it leaves its course."""
    input:
        curves="results/{campaign}/analysis/ramps/curves.csv",
        transitions="results/{campaign}/analysis/ramps/transitions.csv",
    output:
        svg=report(
            "results/{campaign}/figures/ramp_volume.svg",
            caption="../report/ramp_volume.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/ramp_volume.png",
        numbers="results/{campaign}/figures/ramp_volume.csv",
    log:
        "results/{campaign}/logs/plot_ramp_volume/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_ramp_volume/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    script:
        "../../scripts/plot_ramp_volume.py"


rule plot_ramp_rate:
    """Glasses made at two ramp rates: radial distribution functions and their difference."""
    input:
        fast=expand("results/{campaign}/analysis/{path}/rdf.csv", path=ANNEALING_RUNS, allow_missing=True),
        slow=expand("results/{campaign}/analysis/{path}/rdf.csv", path=SLOW_RUNS, allow_missing=True),
    output:
        svg=report(
            "results/{campaign}/figures/ramp_rate.svg",
            caption="../report/ramp_rate.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/ramp_rate.png",
        numbers="results/{campaign}/figures/ramp_rate.csv",
    log:
        "results/{campaign}/logs/plot_ramp_rate/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_ramp_rate/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        rates={
            "fast": config["annealing"]["ramp_K_per_ps"],
            "slow": config["annealing"]["slow_ramp_K_per_ps"],
        },
    script:
        "../../scripts/plot_ramp_rate.py"


rule plot_rdf_partials:
    """All partial radial distribution functions of all phases."""
    input:
        curves="results/{campaign}/analysis/phases/rdf.csv",
    output:
        svg=report(
            "results/{campaign}/figures/rdf_partials.svg",
            caption="../report/rdf_partials.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/rdf_partials.png",
        numbers="results/{campaign}/figures/rdf_partials.csv",
    log:
        "results/{campaign}/logs/plot_rdf_partials/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_rdf_partials/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        temperatures=REFERENCE_TEMPERATURES,
    script:
        "../../scripts/plot_rdf_partials.py"


rule plot_scattering:
    """Total scattering of neutrons and X-rays, beside measured data where files are given."""
    input:
        factors="results/{campaign}/analysis/phases/structure_factor.csv",
        correlations="results/{campaign}/analysis/phases/correlation.csv",
        measured=[entry["file"] for entry in config["scattering"]["measured"]],
    output:
        svg=report(
            "results/{campaign}/figures/scattering_total.svg",
            caption="../report/scattering_total.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/scattering_total.png",
        numbers="results/{campaign}/figures/scattering_total.csv",
    log:
        "results/{campaign}/logs/plot_scattering/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_scattering/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        temperatures=REFERENCE_TEMPERATURES,
        measured=config["scattering"]["measured"],
    script:
        "../../scripts/plot_scattering.py"
