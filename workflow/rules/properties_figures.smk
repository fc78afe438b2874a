# Structure and scattering of the phases, drawn: Figs. 1, 2 and S1, and beyond the paper.


rule plot_fig1:
    """One configuration of each phase, drawn as in the paper."""
    input:
        trajectories=md(campaign.reference().select(replica=1), "trajectory.xtc"),
        topologies=md(campaign.reference().select(replica=1), "topology.pdb"),
        provenance=md(campaign.reference().select(replica=1), "provenance.json"),
    output:
        **figure("fig1_structures", "fig1_structures", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_fig1/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        phases=[run.phase for run in campaign.reference().select(replica=1)],
    script:
        "../../scripts/plot_fig1.py"


rule plot_fig2:
    """Zn-N radial distribution function and its running integral in all phases."""
    input:
        curves="results/{campaign}/analysis/phases/rdf.csv",
    output:
        **figure("fig2_zn_n_rdf", "fig2_zn_n_rdf", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_fig2/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_fig2/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        temperatures={run.phase: run.temperature_K for run in campaign.reference()},
    script:
        "../../scripts/plot_fig2.py"


rule plot_figS1:
    """Angle distributions in all phases."""
    input:
        curves="results/{campaign}/analysis/phases/angles.csv",
    output:
        **figure("figS1_angles", "figS1_angles", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_figS1/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS1/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        temperatures={run.phase: run.temperature_K for run in campaign.reference()},
    script:
        "../../scripts/plot_figS1.py"


rule plot_rdf_partials:
    """All partial radial distribution functions of all phases."""
    input:
        curves="results/{campaign}/analysis/phases/rdf.csv",
    output:
        **figure("rdf_partials", "rdf_partials", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_rdf_partials/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_rdf_partials/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        temperatures={run.phase: run.temperature_K for run in campaign.reference()},
    script:
        "../../scripts/plot_rdf_partials.py"


rule plot_scattering:
    """Total scattering of neutrons and X-rays, beside measured data where files are given."""
    input:
        factors="results/{campaign}/analysis/phases/structure_factor.csv",
        correlations="results/{campaign}/analysis/phases/correlation.csv",
        measured=[curve.file for curve in campaign.config.scattering.measured],
    output:
        **figure("scattering_total", "scattering_total", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_scattering/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_scattering/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        temperatures={run.phase: run.temperature_K for run in campaign.reference()},
        measured=campaign.config.scattering.plain()["measured"],
    script:
        "../../scripts/plot_scattering.py"
