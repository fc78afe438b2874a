# Coexistence, enthalpies and free energies (paper, Sec. III A).
ENTHALPY_RUNS = campaign.runs.select(stage="sampling").paths


rule check_interface:
    """Refuse a half-molten box that does not hold a crystal and a disordered slab."""
    input:
        trajectory="results/{campaign}/md/interface/{framework}/r{replica}/trajectory.xtc",
        topology="results/{campaign}/md/interface/{framework}/r{replica}/topology.pdb",
        provenance="results/{campaign}/md/interface/{framework}/r{replica}/provenance.json",
        classified=f"results/{{campaign}}/classified/interface/{{framework}}/r{{replica}}/{config['classifier']}.npz",
    output:
        slab="results/{campaign}/analysis/interface/{framework}/r{replica}/slab.csv",
    log:
        "results/{campaign}/logs/check_interface/{framework}/r{replica}.log",
    benchmark:
        "results/{campaign}/benchmarks/check_interface/{framework}/r{replica}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        averaged_ps=config["coexistence"]["relax_ps"] / 2,
        fraction_limits=config["thermodynamics"]["fraction_limits"],
        contrast=config["thermodynamics"]["interface_contrast"],
        closest_A=config["thermodynamics"]["closest_A"],
    script:
        "../../scripts/check_interface.py"


rule measure_growth:
    """Growth rates of the disordered phase, and the temperature at which it neither grows nor shrinks."""
    input:
        thermo=lambda wildcards: expand(
            "results/{campaign}/md/{path}/thermo.csv",
            path=campaign.coexistence(wildcards.framework).paths,
            allow_missing=True,
        ),
        classified=lambda wildcards: expand(
            "results/{campaign}/classified/{path}/{classifier}.npz",
            path=campaign.coexistence(wildcards.framework).paths,
            classifier=config["classifier"],
            allow_missing=True,
        ),
        slabs=expand(
            "results/{campaign}/analysis/interface/{framework}/r{replica}/slab.csv",
            replica=range(1, config["coexistence"]["replicas"] + 1),
            allow_missing=True,
        ),
    output:
        counts="results/{campaign}/analysis/coexistence/{framework}/counts.csv",
        rates="results/{campaign}/analysis/coexistence/{framework}/growth_rates.csv",
        fit="results/{campaign}/analysis/coexistence/{framework}/growth_fit.csv",
        equilibrium="results/{campaign}/analysis/coexistence/{framework}/equilibrium.csv",
    log:
        "results/{campaign}/logs/measure_growth/{framework}.log",
    benchmark:
        "results/{campaign}/benchmarks/measure_growth/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        runs=lambda wildcards: campaign.coexistence(wildcards.framework).plain(),
        relaxation_ps=config["thermodynamics"]["relaxation_ps"],
        fraction_limits=config["thermodynamics"]["fraction_limits"],
        smoothing_ps=config["thermodynamics"]["smoothing_ps"],
        rate_order=config["thermodynamics"]["rate_order"],
        confidence=config["thermodynamics"]["confidence"],
        seed=lambda wildcards: campaign.seed(f"growth/{wildcards.framework}"),
    script:
        "../../scripts/measure_growth.py"


rule measure_enthalpy:
    """Enthalpy of every phase against temperature."""
    input:
        thermo=expand("results/{campaign}/md/{path}/thermo.csv", path=ENTHALPY_RUNS, allow_missing=True),
        provenance=expand("results/{campaign}/md/{path}/provenance.json", path=ENTHALPY_RUNS, allow_missing=True),
    output:
        enthalpies="results/{campaign}/analysis/thermodynamics/enthalpies.csv",
        curves="results/{campaign}/analysis/thermodynamics/enthalpy_curves.csv",
    log:
        "results/{campaign}/logs/measure_enthalpy/all.log",
    benchmark:
        "results/{campaign}/benchmarks/measure_enthalpy/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        runs=campaign.runs.select(stage="sampling").plain(),
        order=config["thermodynamics"]["enthalpy_order"],
        glass_transition_K=config["thermodynamics"]["glass_transition_K"],
    script:
        "../../scripts/measure_enthalpy.py"


rule integrate_free_energy:
    """Free energies of the transitions from the enthalpies and the equilibrium temperatures."""
    input:
        enthalpies=rules.measure_enthalpy.output.enthalpies,
        equilibrium=expand(
            "results/{campaign}/analysis/coexistence/{framework}/equilibrium.csv",
            framework=config["transitions"],
            allow_missing=True,
        ),
    output:
        transitions="results/{campaign}/analysis/thermodynamics/transitions.csv",
        curves="results/{campaign}/analysis/thermodynamics/free_energy_curves.csv",
    log:
        "results/{campaign}/logs/integrate_free_energy/all.log",
    benchmark:
        "results/{campaign}/benchmarks/integrate_free_energy/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        order=config["thermodynamics"]["enthalpy_order"],
        glass_transition_K=config["thermodynamics"]["glass_transition_K"],
        reference_K=config["thermodynamics"]["reference_K"],
        transitions={
            name: (entry["crystal"], entry["disordered"]) for name, entry in config["transitions"].items()
        },
        seed=campaign.seed("free_energy"),
    script:
        "../../scripts/integrate_free_energy.py"
