# Table III, Fig. S5, and figures of the growth rates, enthalpies and free energies.


rule tabulate_table3:
    """Temperature, dG, dH and dS of every transition, beside the paper's."""
    input:
        transitions=rules.integrate_free_energy.output.transitions,
        paper="config/paper_values.yaml",
    output:
        table=report(
            "results/{campaign}/tables/table3.csv",
            caption="../report/table3.rst",
            category="Thermodynamics",
        ),
    log:
        "results/{campaign}/logs/tabulate_table3/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_table3/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../../scripts/tabulate_table3.py"


rule plot_figS5:
    """Liquid-like zinc against time in the half-molten boxes."""
    input:
        counts=expand(rules.measure_growth.output.counts, framework=config["transitions"], allow_missing=True),
    output:
        svg=report(
            "results/{campaign}/figures/figS5_liquid_like_zinc.svg",
            caption="../report/figS5_liquid_like_zinc.rst",
            category="Thermodynamics",
        ),
        png="results/{campaign}/figures/figS5_liquid_like_zinc.png",
        numbers="results/{campaign}/figures/figS5_liquid_like_zinc.csv",
    log:
        "results/{campaign}/logs/plot_figS5/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_figS5/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        frameworks=list(config["transitions"]),
    script:
        "../../scripts/plot_figS5.py"


rule plot_growth_rates:
    """Growth rate of the disordered phase against temperature, and where it is zero."""
    input:
        rates=expand(rules.measure_growth.output.rates, framework=config["transitions"], allow_missing=True),
        fit=expand(rules.measure_growth.output.fit, framework=config["transitions"], allow_missing=True),
        equilibrium=rules.integrate_free_energy.input.equilibrium,
        paper="config/paper_values.yaml",
    output:
        svg=report(
            "results/{campaign}/figures/growth_rates.svg",
            caption="../report/growth_rates.rst",
            category="Thermodynamics",
        ),
        png="results/{campaign}/figures/growth_rates.png",
        numbers="results/{campaign}/figures/growth_rates.csv",
    log:
        "results/{campaign}/logs/plot_growth_rates/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_growth_rates/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        frameworks=list(config["transitions"]),
    script:
        "../../scripts/plot_growth_rates.py"


rule plot_enthalpies:
    """Enthalpy of all phases against temperature."""
    input:
        enthalpies=rules.measure_enthalpy.output.enthalpies,
        curves=rules.measure_enthalpy.output.curves,
    output:
        svg=report(
            "results/{campaign}/figures/enthalpy_of_phases.svg",
            caption="../report/enthalpy_of_phases.rst",
            category="Thermodynamics",
        ),
        png="results/{campaign}/figures/enthalpy_of_phases.png",
        numbers="results/{campaign}/figures/enthalpy_of_phases.csv",
    log:
        "results/{campaign}/logs/plot_enthalpies/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_enthalpies/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        order=config["thermodynamics"]["enthalpy_order"],
        glass_transition_K=config["thermodynamics"]["glass_transition_K"],
    script:
        "../../scripts/plot_enthalpies.py"


rule plot_free_energies:
    """Free energy of every transition against temperature."""
    input:
        curves=rules.integrate_free_energy.output.curves,
        transitions=rules.integrate_free_energy.output.transitions,
        paper="config/paper_values.yaml",
    output:
        svg=report(
            "results/{campaign}/figures/free_energy_of_transitions.svg",
            caption="../report/free_energy_of_transitions.rst",
            category="Thermodynamics",
        ),
        png="results/{campaign}/figures/free_energy_of_transitions.png",
        numbers="results/{campaign}/figures/free_energy_of_transitions.csv",
    log:
        "results/{campaign}/logs/plot_free_energies/all.log",
    benchmark:
        "results/{campaign}/benchmarks/plot_free_energies/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../../scripts/plot_free_energies.py"
