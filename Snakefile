# Thermal amorphization of ZIF-4 and melting of ZIF-zni, from crystal to report. `snakemake --list` names the targets.
from pathlib import Path
from snakemake.utils import min_version

min_version("9.0")


configfile: "config/config.yaml"


report: "workflow/report/campaign.rst"


include: "workflow/rules/scheduling.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/structures.smk"
include: "workflow/rules/dynamics.smk"
include: "workflow/rules/tuning.smk"
include: "workflow/rules/database.smk"
include: "workflow/rules/classifier.smk"
include: "workflow/rules/classifier_figures.smk"
include: "workflow/rules/thermodynamics.smk"
include: "workflow/rules/thermodynamics_figures.smk"
include: "workflow/rules/bonds.smk"
include: "workflow/rules/mechanism.smk"
include: "workflow/rules/mechanism_figures.smk"
include: "workflow/rules/properties.smk"
include: "workflow/rules/properties_figures.smk"
include: "workflow/rules/ramps.smk"
include: "workflow/rules/forcefield_scan.smk"


# Every table of the campaign.
rule tables:
    input:
        results("runs.csv"),
        results(
            "tables/{table}.csv",
            table=["table1", "table2", "table3", "comparison", "properties", "classifier_disagreement"],
        ),
        results("tables/classifier_on_crystals.csv"),
        results(
            "tables/{table}_{transition}.csv",
            table=["mechanism", "sequence", "lability", "surroundings"],
            transition=campaign.config.transitions,
        ),


# Every figure of the campaign; PDF, PNG and CSV come with each SVG.
rule figures:
    input:
        results("figures/{name}.svg", name=["fig1_structures", "fig2_zn_n_rdf", "fig3_classifier"]),
        results("figures/{name}.svg", name=["fig4_snapshots", "fig6_exchange", "figS1_angles"]),
        results("figures/{name}.svg", name=["figS2_potential_energy", "figS3_symmetry_functions"]),
        results("figures/{name}.svg", name=["figS4_liquid_fraction", "figS5_liquid_like_zinc"]),
        results("figures/{name}_transition.svg", name=by_transition("fig5", "figS6")),
        results("figures/{name}_anisotropy.svg", name=by_transition("fig7", "figS7")),
        results("figures/{name}.svg", name=["growth_rates", "enthalpy_of_phases", "rings_distribution"]),
        results(
            "figures/{name}.svg", name=["free_energy_of_transitions", "lability_sites", "time_to_transition"]
        ),
        results("figures/{name}.svg", name=["classifier_reliability", "classifier_learning_curve"]),
        results("figures/{name}.svg", name=["ramp_volume", "ramp_rate", "rdf_partials", "scattering_total"]),
        results("figures/viewer_{transition}.html", transition=campaign.config.transitions),


# Which force field reproduces the paper: table and figure.
rule forcefield_scan:
    input:
        results("{product}", product=["tables/forcefield_scan.csv", "figures/forcefield_scan.svg"]),


# The best Morse term: for scans of at least five sets that differ in depth, position and steepness.
rule forcefield_fit:
    input:
        results("{product}", product=["tables/forcefield_fit.csv", "figures/forcefield_fit.svg"]),


include: "workflow/rules/page.smk"


# All tables and figures, and the page that shows them.
rule all:
    default_target: True
    input:
        rules.tables.input,
        rules.figures.input,
        results("index.html"),
