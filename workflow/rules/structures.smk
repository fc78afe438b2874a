# From a crystal structure and a force field to the starting configuration of a run.


rule build_structure:
    input:
        crystal=lambda wildcards: config["frameworks"][wildcards.framework]["structure"],
        forcefield=forcefield_file,
    output:
        data="results/{campaign}/structures/{forcefield}/{framework}/{supercell}/system.data",
        topology="results/{campaign}/structures/{forcefield}/{framework}/{supercell}/topology.pdb",
    log:
        "results/{campaign}/logs/build_structure/{forcefield}_{framework}_{supercell}.log",
    benchmark:
        "results/{campaign}/benchmarks/build_structure/{forcefield}_{framework}_{supercell}.tsv"
    conda:
        "../../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    message:
        "Build {wildcards.framework} {wildcards.supercell} with {wildcards.forcefield}"
    script:
        "../../scripts/build_structure.py"
