# Coexistence, enthalpies and free energies, drawn: Fig. S5 and beyond the paper.


rule plot_figS5:
    """Liquid-like zinc against time in the half-molten boxes."""
    input:
        counts=per_transition(rules.measure_growth.output.counts),
    output:
        **figure("figS5_liquid_like_zinc", "figS5_liquid_like_zinc", "Thermodynamics"),
    log:
        "results/{campaign}/logs/plot_figS5/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS5/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        frameworks=list(campaign.config.transitions),
    script:
        "../../scripts/plot_figS5.py"


rule plot_growth_rates:
    """Growth rate of the disordered phase against temperature, and where it is zero."""
    input:
        rates=per_transition(rules.measure_growth.output.rates),
        fit=per_transition(rules.measure_growth.output.fit),
        equilibrium=rules.integrate_free_energy.input.equilibrium,
        paper="config/paper_values.yaml",
    output:
        **figure("growth_rates", "growth_rates", "Thermodynamics"),
    log:
        "results/{campaign}/logs/plot_growth_rates/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_growth_rates/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        frameworks=list(campaign.config.transitions),
    script:
        "../../scripts/plot_growth_rates.py"


rule plot_enthalpies:
    """Enthalpy of all phases against temperature."""
    input:
        enthalpies=rules.measure_enthalpy.output.enthalpies,
        fits=rules.measure_enthalpy.output.fits,
        curves=rules.measure_enthalpy.output.curves,
    output:
        **figure("enthalpy_of_phases", "enthalpy_of_phases", "Thermodynamics"),
    log:
        "results/{campaign}/logs/plot_enthalpies/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_enthalpies/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/plot_enthalpies.py"


rule plot_free_energies:
    """Free energy of every transition against temperature."""
    input:
        curves=rules.integrate_free_energy.output.curves,
        transitions=rules.integrate_free_energy.output.transitions,
        paper="config/paper_values.yaml",
    output:
        **figure("free_energy_of_transitions", "free_energy_of_transitions", "Thermodynamics"),
    log:
        "results/{campaign}/logs/plot_free_energies/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_free_energies/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/plot_free_energies.py"
