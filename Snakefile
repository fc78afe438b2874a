# Thermal amorphization of ZIF-4 and melting of ZIF-zni, from crystal to report. `snakemake --list` names the targets.
from pathlib import Path
from snakemake.utils import min_version

min_version("9.0")


configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/structures.smk"
include: "workflow/rules/dynamics.smk"
include: "workflow/rules/forcefield_scan.smk"


rule all:
    input:
        [],
