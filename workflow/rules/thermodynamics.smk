# Coexistence, enthalpies and free energies (paper, Sec. III A): Table III; thermodynamics_figures.smk draws them.


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
