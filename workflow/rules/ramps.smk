# Transition temperatures from heating and cooling ramps and from constant temperature (Sec. II B, Fig. S2).


rule analyse_ramps:
    """Transition temperatures of heating ramps, cooling ramps and simulations at constant temperature."""
    input:
        annealing=md(campaign.runs.select(stage="annealing"), "thermo.csv"),
        sampling=md(campaign.disordered(), "thermo.csv"),
        provenance=md(campaign.runs.select(stage="annealing") + campaign.disordered(), "provenance.json"),
    output:
        transitions="results/{campaign}/analysis/ramps/transitions.csv",
        curves="results/{campaign}/analysis/ramps/curves.csv",
    log:
        "results/{campaign}/logs/analyse_ramps/all.log",
    benchmark:
        "results/{campaign}/benchmarks/analyse_ramps/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        annealing=campaign.runs.select(stage="annealing").plain(),
        sampling=campaign.disordered().plain(),
        seed=campaign.seed("ramps"),
    script:
        "../../scripts/analyse_ramps.py"


rule plot_figS2:
    """Potential energy of the disordered material against temperature, and the glass transition."""
    input:
        curves=rules.analyse_ramps.output.curves,
        transitions=rules.analyse_ramps.output.transitions,
    output:
        **figure("figS2_potential_energy", "figS2_potential_energy", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_figS2/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS2/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/plot_figS2.py"


rule plot_ramp_volume:
    """Volume on the heating ramps and where it leaves its course."""
    input:
        curves=rules.analyse_ramps.output.curves,
        transitions=rules.analyse_ramps.output.transitions,
    output:
        **figure("ramp_volume", "ramp_volume", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_ramp_volume/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_ramp_volume/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/plot_ramp_volume.py"


rule plot_ramp_rate:
    """Glasses made at two ramp rates: radial distribution functions and their difference."""
    input:
        fast=analysed(campaign.runs.select(stage="annealing"), "rdf.csv"),
        slow=analysed(campaign.runs.select(stage="annealing_slow"), "rdf.csv"),
    output:
        **figure("ramp_rate", "ramp_rate", "Structure and properties"),
    log:
        "results/{campaign}/logs/plot_ramp_rate/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_ramp_rate/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        rates={
            "fast": campaign.config.annealing.ramp_K_per_ps,
            "slow": campaign.config.annealing.slow_ramp_K_per_ps,
        },
    script:
        "../../scripts/plot_ramp_rate.py"
