# Coexistence, enthalpies and free energies (paper, Sec. III A).
ENTHALPY_RUNS = [path for phase in campaign.phases for path in campaign.sampling_paths(phase, enthalpy=True)]


rule check_interface:
    """Refuse a half-molten box that does not hold a crystal and a disordered slab."""
    input:
        trajectory="results/{run}/md/interface/{framework}/r{replica}/trajectory.xtc",
        topology="results/{run}/md/interface/{framework}/r{replica}/topology.pdb",
        provenance="results/{run}/md/interface/{framework}/r{replica}/provenance.json",
        classified=f"results/{{run}}/classified/interface/{{framework}}/r{{replica}}/{config['classifier']}.npz",
    output:
        slab="results/{run}/analysis/interface/{framework}/r{replica}/slab.csv",
    log:
        "results/{run}/logs/check_interface/{framework}/r{replica}.log",
    benchmark:
        "results/{run}/benchmarks/check_interface/{framework}/r{replica}.tsv"
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
            "results/{run}/md/{path}/thermo.csv",
            path=campaign.paths(f"coexistence/{wildcards.framework}"),
            allow_missing=True,
        ),
        classified=lambda wildcards: expand(
            "results/{run}/classified/{path}/{classifier}.npz",
            path=campaign.paths(f"coexistence/{wildcards.framework}"),
            classifier=config["classifier"],
            allow_missing=True,
        ),
        slabs=expand(
            "results/{run}/analysis/interface/{framework}/r{replica}/slab.csv",
            replica=range(1, config["coexistence"]["replicas"] + 1),
            allow_missing=True,
        ),
    output:
        counts="results/{run}/analysis/coexistence/{framework}/counts.csv",
        rates="results/{run}/analysis/coexistence/{framework}/growth_rates.csv",
        fit="results/{run}/analysis/coexistence/{framework}/growth_fit.csv",
        equilibrium="results/{run}/analysis/coexistence/{framework}/equilibrium.csv",
    log:
        "results/{run}/logs/measure_growth/{framework}.log",
    benchmark:
        "results/{run}/benchmarks/measure_growth/{framework}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
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
        thermo=expand("results/{run}/md/{path}/thermo.csv", path=ENTHALPY_RUNS, allow_missing=True),
        provenance=expand("results/{run}/md/{path}/provenance.json", path=ENTHALPY_RUNS, allow_missing=True),
    output:
        enthalpies="results/{run}/analysis/thermodynamics/enthalpies.csv",
        curves="results/{run}/analysis/thermodynamics/enthalpy_curves.csv",
    log:
        "results/{run}/logs/measure_enthalpy/all.log",
    benchmark:
        "results/{run}/benchmarks/measure_enthalpy/all.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        order=config["thermodynamics"]["enthalpy_order"],
        glass_transition_K=config["thermodynamics"]["glass_transition_K"],
    script:
        "../../scripts/measure_enthalpy.py"


rule integrate_free_energy:
    """Free energies of the transitions from the enthalpies and the equilibrium temperatures."""
    input:
        enthalpies=rules.measure_enthalpy.output.enthalpies,
        equilibrium=expand(
            "results/{run}/analysis/coexistence/{framework}/equilibrium.csv",
            framework=campaign.frameworks,
            allow_missing=True,
        ),
    output:
        transitions="results/{run}/analysis/thermodynamics/transitions.csv",
        curves="results/{run}/analysis/thermodynamics/free_energy_curves.csv",
    log:
        "results/{run}/logs/integrate_free_energy/all.log",
    benchmark:
        "results/{run}/benchmarks/integrate_free_energy/all.tsv"
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
        disordered={name: entry["disordered"] for name, entry in config["frameworks"].items()},
        seed=campaign.seed("free_energy"),
    script:
        "../../scripts/integrate_free_energy.py"
