# Figs. 1, 2, S1 and S2.
SHOWN_RUNS = [path for path in REFERENCE_RUNS if Path(path).name == "r1"]


rule plot_fig1:
    """One configuration of each phase, drawn as in the paper."""
    input:
        trajectories=expand("results/{campaign}/md/{path}/trajectory.xtc", path=SHOWN_RUNS, allow_missing=True),
    output:
        svg=report(
            "results/{campaign}/figures/fig1_structures.svg",
            caption="../report/fig1_structures.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/fig1_structures.png",
        numbers="results/{campaign}/figures/fig1_structures.csv",
    log:
        "results/{campaign}/logs/plot_fig1/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=10,
    params:
        phases=[REFERENCE_RUNS[path] for path in SHOWN_RUNS],
    script:
        "../../scripts/plot_fig1.py"


rule plot_fig2:
    """Zn-N radial distribution function and its running integral in all phases."""
    input:
        curves="results/{campaign}/analysis/phases/rdf.csv",
    output:
        svg=report(
            "results/{campaign}/figures/fig2_zn_n_rdf.svg",
            caption="../report/fig2_zn_n_rdf.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/fig2_zn_n_rdf.png",
        numbers="results/{campaign}/figures/fig2_zn_n_rdf.csv",
    log:
        "results/{campaign}/logs/plot_fig2/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig2/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        temperatures=REFERENCE_TEMPERATURES,
    script:
        "../../scripts/plot_fig2.py"


rule plot_figS1:
    """Angle distributions in all phases."""
    input:
        curves="results/{campaign}/analysis/phases/angles.csv",
    output:
        svg=report(
            "results/{campaign}/figures/figS1_angles.svg",
            caption="../report/figS1_angles.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/figS1_angles.png",
        numbers="results/{campaign}/figures/figS1_angles.csv",
    log:
        "results/{campaign}/logs/plot_figS1/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        temperatures=REFERENCE_TEMPERATURES,
    script:
        "../../scripts/plot_figS1.py"


rule plot_figS2:
    """Potential energy of the disordered material against temperature, and the glass transition."""
    input:
        curves="results/{campaign}/analysis/ramps/curves.csv",
        transitions="results/{campaign}/analysis/ramps/transitions.csv",
    output:
        svg=report(
            "results/{campaign}/figures/figS2_potential_energy.svg",
            caption="../report/figS2_potential_energy.rst",
            category="Structure and properties",
        ),
        png="results/{campaign}/figures/figS2_potential_energy.png",
        numbers="results/{campaign}/figures/figS2_potential_energy.csv",
    log:
        "results/{campaign}/logs/plot_figS2/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS2/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    script:
        "../../scripts/plot_figS2.py"
