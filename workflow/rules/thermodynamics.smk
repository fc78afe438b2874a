# Coexistence, enthalpies and free energies (paper, Sec. III A): Table III, Fig. S5 and figures beyond the paper's.


rule check_interface:
    """Refuse a half-molten box that does not hold a crystal and a disordered slab."""
    input:
        **run_files("trajectory", "topology", "provenance"),
        classified=f"results/{{campaign}}/classified/{{simulation}}/{campaign.config.classifier}.npz",
    output:
        slab="results/{campaign}/analysis/{simulation}/slab.csv",
    log:
        "results/{campaign}/logs/check_interface/{simulation}.log",
    benchmark:
        "results/{campaign}/benchmarks/check_interface/{simulation}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        crystals=campaign.frameworks,
        averaged_ps=campaign.config.coexistence.relax_ps / 2,
        thermodynamics=campaign.config.thermodynamics.plain(),
    script:
        "../../scripts/check_interface.py"


rule measure_growth:
    """Growth rates of the disordered phase, and the temperature at which it neither grows nor shrinks."""
    input:
        thermo=lambda wildcards: md(campaign.coexistence(wildcards.transition), "thermo.csv"),
        classified=lambda wildcards: classified(campaign.coexistence(wildcards.transition)),
        slabs=lambda wildcards: analysed(campaign.interfaces(wildcards.transition), "slab.csv"),
    output:
        counts="results/{campaign}/analysis/coexistence/{transition}/counts.csv",
        rates="results/{campaign}/analysis/coexistence/{transition}/growth_rates.csv",
        fit="results/{campaign}/analysis/coexistence/{transition}/growth_fit.csv",
        equilibrium="results/{campaign}/analysis/coexistence/{transition}/equilibrium.csv",
    log:
        "results/{campaign}/logs/measure_growth/{transition}.log",
    benchmark:
        "results/{campaign}/benchmarks/measure_growth/{transition}.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=lambda wildcards: campaign.coexistence(wildcards.transition).plain(),
        crystals=campaign.frameworks,
        liquids=campaign.config.liquids,
        thermodynamics=campaign.config.thermodynamics.plain(),
        seed=lambda wildcards: campaign.seed(f"growth/{wildcards.transition}"),
    script:
        "../../scripts/measure_growth.py"


rule measure_enthalpy:
    """Enthalpy of every phase against temperature."""
    input:
        thermo=md(campaign.runs.select(stage="sampling"), "thermo.csv"),
        provenance=md(campaign.runs.select(stage="sampling"), "provenance.json"),
    output:
        enthalpies="results/{campaign}/analysis/thermodynamics/enthalpies.csv",
        fits="results/{campaign}/analysis/thermodynamics/enthalpy_fits.json",
        curves="results/{campaign}/analysis/thermodynamics/enthalpy_curves.csv",
    log:
        "results/{campaign}/logs/measure_enthalpy/all.log",
    benchmark:
        "results/{campaign}/benchmarks/measure_enthalpy/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        runs=campaign.runs.select(stage="sampling").plain(),
        crystals=campaign.frameworks,
        thermodynamics=campaign.config.thermodynamics.plain(),
    script:
        "../../scripts/measure_enthalpy.py"


rule integrate_free_energy:
    """Free energies of the transitions from the enthalpies and the equilibrium temperatures."""
    input:
        fits=rules.measure_enthalpy.output.fits,
        equilibrium=per_transition(rules.measure_growth.output.equilibrium),
    output:
        transitions="results/{campaign}/analysis/thermodynamics/transitions.csv",
        curves="results/{campaign}/analysis/thermodynamics/free_energy_curves.csv",
    log:
        "results/{campaign}/logs/integrate_free_energy/all.log",
    benchmark:
        "results/{campaign}/benchmarks/integrate_free_energy/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    params:
        transitions={
            name: (entry.crystal, entry.disordered) for name, entry in campaign.config.transitions.items()
        },
        thermodynamics=campaign.config.thermodynamics.plain(),
        seed=campaign.seed("free_energy"),
    script:
        "../../scripts/integrate_free_energy.py"


rule tabulate_table3:
    """Temperature, dG, dH and dS of every transition, beside the paper's."""
    input:
        transitions=rules.integrate_free_energy.output.transitions,
        paper="config/paper_values.yaml",
    output:
        table=table("table3", "table3", "Thermodynamics"),
    log:
        "results/{campaign}/logs/tabulate_table3/all.log",
    benchmark:
        "results/{campaign}/benchmarks/tabulate_table3/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/tabulate_table3.py"


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
