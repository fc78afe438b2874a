# Thermal amorphization of ZIF-4 and melting of ZIF-zni, from crystal to report. `snakemake --list` names the targets.
from pathlib import Path
from snakemake.utils import min_version

min_version("9.0")


configfile: "config/config.yaml"


report: "workflow/report/campaign.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/structures.smk"
include: "workflow/rules/dynamics.smk"
include: "workflow/rules/database.smk"
include: "workflow/rules/classifier.smk"
include: "workflow/rules/classifier_figures.smk"
include: "workflow/rules/thermodynamics.smk"
include: "workflow/rules/thermodynamics_figures.smk"
include: "workflow/rules/mechanism.smk"
include: "workflow/rules/mechanism_tables.smk"
include: "workflow/rules/mechanism_figures.smk"
include: "workflow/rules/mechanism_extras.smk"
include: "workflow/rules/properties.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/property_figures.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/forcefield_scan.smk"


RUN = config["campaign"]["name"]
TABLES = ["table1", "table2", "table3", "comparison", "properties", "classifier_disagreement"]
FIGURES = [
    "fig1_structures",
    "fig2_zn_n_rdf",
    "fig3_classifier",
    "fig4_snapshots",
    "fig6_exchange",
    *(f"{figure}_transition" for figure in TRANSITION_FIGURES),
    *(f"{figure}_anisotropy" for figure in ANISOTROPY_FIGURES),
    "figS1_angles",
    "figS2_potential_energy",
    "figS3_symmetry_functions",
    "figS4_liquid_fraction",
    "figS5_liquid_like_zinc",
    "growth_rates",
    "enthalpy_of_phases",
    "free_energy_of_transitions",
    "classifier_reliability",
    "classifier_learning_curve",
    "ramp_volume",
    "ramp_rate",
    "rdf_partials",
    "scattering_total",
    "rings_distribution",
    "lability_sites",
]


# Every table of the campaign.
rule tables:
    input:
        expand("results/{campaign}/tables/{table}.csv", campaign=RUN, table=TABLES),
        expand(
            "results/{campaign}/tables/{table}_{framework}.csv",
            campaign=RUN,
            table=["mechanism", "sequence", "lability", "surroundings"],
            framework=FRAMEWORKS,
        ),


# Every figure of the campaign; PNG and CSV come with each SVG.
rule figures:
    input:
        expand("results/{campaign}/figures/{figure}.svg", campaign=RUN, figure=FIGURES),
        expand("results/{campaign}/figures/viewer_{framework}.html", campaign=RUN, framework=FRAMEWORKS),


include: "workflow/rules/page.smk"


# All tables and figures, and the page that shows them.
rule all:
    default_target: True
    input:
        rules.tables.input,
        rules.figures.input,
        expand("results/{campaign}/index.html", campaign=RUN),
