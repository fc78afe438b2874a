# Variants of the force field against the paper's structures: short runs of the crystals, beyond the paper.


rule make_variant:
    """Write one variant of the force field."""
    input:
        base=f"config/forcefields/{config['forcefield_scan']['base']}.yaml",
    output:
        forcefield="results/{run}/forcefields/{variant}.yaml",
    log:
        "results/{run}/logs/make_variant/{variant}.log",
    benchmark:
        "results/{run}/benchmarks/make_variant/{variant}.tsv"
    params:
        overrides=lambda wildcards: config["forcefield_scan"]["variants"][wildcards.variant],
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/make_variant.py"
