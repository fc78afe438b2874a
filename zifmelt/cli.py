"""The command line: ``zifmelt --help``. Every command is a few lines over the library or the workflow."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Annotated, TextIO

import typer

from .errors import InputError
from .shipped import PACKAGE, shipped

app = typer.Typer(
    help="How zeolitic imidazolate frameworks lose their order: build, run, classify, report.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

ConfigFiles = Annotated[
    list[Path] | None,
    typer.Option("--configfile", "-c", help="Configuration on top of config/config.yaml; may be repeated."),
]


@app.command()
def build(
    structure: Annotated[Path, typer.Argument(help="Crystal structure (CIF) of a Zn imidazolate.")],
    supercell: Annotated[str, typer.Argument(help="Unit cells along a, b and c, such as 2x2x1.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")] = Path("."),
    forcefield: Annotated[
        str, typer.Option(help="Name in config/forcefields, or a YAML file.")
    ] = "nb-zif-ff-D0-0.025eV-repartitioned-masses",
) -> None:
    """Build a supercell: LAMMPS data file (system.data) and topology (topology.pdb)."""
    from .forcefield.parameters import load_forcefield
    from .structures.crystal import parse_supercell
    from .structures.system import build_system
    from .structures.writers import write_data_file, write_topology

    named = shipped(f"config/forcefields/{forcefield}.yaml")
    parameters = load_forcefield(named if named.is_file() else forcefield)
    system = build_system(structure, parameters, parse_supercell(supercell))
    write_data_file(system, output / "system.data")
    write_topology(system, output / "topology.pdb")
    typer.echo(f"{system.title}: {len(system.positions)} particles, {len(system.zinc_sites)} Zn, in {output}")


@app.command()
def run(
    targets: Annotated[list[str] | None, typer.Argument(help="Files or rules; all by default.")] = None,
    configfile: ConfigFiles = None,
    cores: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only say what would run.")] = False,
) -> None:
    """Run a campaign, or go on with it, with a quiet display; the full log goes to a file."""
    display = ["--dry-run"] if dry_run else ["--logger", "zifmelt"]
    _snakemake([*(targets or []), "--cores", str(cores), *display], configfile)


@app.command()
def cost(configfile: ConfigFiles = None) -> None:
    """Tell what a campaign will cost, by stage, and what its finished jobs took in time and memory."""
    _snakemake(["cost", "--cores", "1", "--quiet", "all"], configfile)


@app.command()
def classify(
    trajectory: Annotated[Path, typer.Argument(help="Trajectory or structure, wrapped or not.")],
    campaign: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the campaign whose network is to be used.", show_default="published study"
        ),
    ] = None,
    topology: Annotated[
        Path | None, typer.Option("--topology", "-t", help="File that names the atoms, such as a PDB file.")
    ] = None,
    interval_ps: Annotated[
        float | None, typer.Option(help="Time between frames, ps, where the file stores none.")
    ] = None,
    classifier: Annotated[
        str, typer.Option(help="'extended': averages over frames; 'paper': every frame by itself.")
    ] = "extended",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the results.")] = Path(
        "classified"
    ),
) -> None:
    """Classify every zinc of a trajectory and follow its bonds, events and rings; CSV and OVITO files."""
    from .external.classify import PUBLISHED_STUDY, classify_trajectory
    from .external.output import summary, write_results

    result = classify_trajectory(trajectory, campaign or PUBLISHED_STUDY, topology, interval_ps, classifier)
    write_results(result, output)
    for name, value in summary(result).items():
        typer.echo(f"{name.replace('_', ' ')}: {_shown(value)}")
    typer.echo(f"written to {output}")


@app.command()
def report(
    campaign: Annotated[Path, typer.Argument(help="Folder of a campaign, such as results/demo.")],
    configfile: ConfigFiles = None,
) -> None:
    """Write the page of a campaign, index.html in its folder, from what is there."""
    from .page.configuration import layered
    from .page.write import write_page

    write_page(campaign, layered(configfile or []))
    typer.echo(f"The page is {campaign / 'index.html'}")


@app.command()
def archive(
    source: Annotated[Path, typer.Argument(help="Folder of a campaign, such as results/workstation.")],
    target: Annotated[Path, typer.Argument(help="Folder for the small copies.")],
    configfile: ConfigFiles = None,
    interval: Annotated[
        list[str] | None,
        typer.Option(help="Time between the frames kept of a stage, ps: production=0.5; may be repeated."),
    ] = None,
) -> None:
    """Copy the finished simulations of a campaign small: fewer frames, Zn and N alone; with checksums."""
    from .archive import archive_campaign
    from .campaign import Campaign
    from .configuration import Configuration
    from .page.configuration import layered

    campaign = Campaign(Configuration.from_plain(layered(configfile or [])), PACKAGE.parent)
    archived = archive_campaign(campaign, source, target, dict(map(_interval, interval or [])))
    typer.echo(f"{len(archived)} simulations are in {target}")


def _interval(given: str) -> tuple[str, float]:
    stage, _, interval_ps = given.partition("=")
    try:
        if float(interval_ps) > 0:
            return stage, float(interval_ps)
    except ValueError:
        pass
    raise InputError(f"--interval {given}: a stage and a time above 0 in ps are wanted, as production=0.5.")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items()) or "none"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _snakemake(arguments: list[str], configfiles: list[Path] | None) -> None:
    """Hand over to Snakemake in the checkout, and end with its exit status."""
    snakefile = PACKAGE.parent / "Snakefile"
    if not snakefile.is_file():
        raise InputError("A campaign runs in a checkout of zifmelt, and this is an installed package alone.")
    for path in configfiles or []:
        if not path.is_file():
            raise InputError(
                f"{path}: there is no such configuration file; a target stands without --configfile."
            )
    layers = ["--configfile", *map(str, configfiles)] if configfiles else []
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), *arguments, *layers]
    raise typer.Exit(subprocess.call(command))


def main() -> None:
    """Run the command line; what the user got wrong ends it with one sentence."""
    warnings.showwarning = _warn
    try:
        app()
    except InputError as error:
        sys.exit(f"Error: {error}")


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, UserWarning):
        print(f"Warning: {message}", file=sys.stderr)


if __name__ == "__main__":
    main()
