# From a crystal structure and a force field to the starting configuration of a simulation.


rule build_structure:
    input:
        crystal=lambda wildcards: structure_of(wildcards.framework),
        forcefield=lambda wildcards: forcefield_of(wildcards, wildcards.forcefield),
    output:
        data="results/{campaign}/structures/{forcefield}/{framework}/{supercell}/system.data",
        topology="results/{campaign}/structures/{forcefield}/{framework}/{supercell}/topology.pdb",
    log:
        "results/{campaign}/logs/build_structure/{forcefield}_{framework}_{supercell}.log",
    benchmark:
        "results/{campaign}/benchmarks/build_structure/{forcefield}_{framework}_{supercell}.tsv"
    conda:
        "../../envs/cpu.yaml"
    script:
        "../../scripts/build_structure.py"
