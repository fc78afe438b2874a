"""Shaded balls and sticks, drawn by a depth buffer into matplotlib axes.

Matplotlib's own 3D axes sort whole objects by depth and do not shade spheres; here every pixel finds the
nearest sphere or cylinder (orthographic view), so that large structures overlap rightly and look solid.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from scipy.spatial import cKDTree

from .style import CM_PER_INCH

ELEMENT_COLOURS = {"Zn": "#b8b8c0", "N": "#3050f8", "C": "#787878", "H": "#f4f4f4"}
"""Zn silver, N blue, C grey, as in the paper's Fig. 1."""

ELEMENT_RADII = {"Zn": 0.65, "N": 0.38, "C": 0.38, "H": 0.2}
"""Radii of the balls, angstrom; chosen so that sticks stay visible."""

BOND_CUTOFFS = {("N", "Zn"): 2.5, ("C", "N"): 1.65, ("C", "C"): 1.65, ("C", "H"): 1.3}
"""Longest drawn bonds, angstrom, by alphabetical pair of elements."""

SCALE_BAR_ROOM = 0.12
"""Height kept free for the scale bar, as a share of the tallest structure."""

TITLE_CM = 0.8
"""Height of a panel's title and of the gaps around it, cm."""

LIGHT = np.array([-0.4, 0.5, 0.77])
"""Direction towards the light in the viewer's frame: from the upper left front."""


@dataclass(frozen=True)
class _Canvas:
    """Pixel grid in the viewer's frame: per pixel the nearest depth, the surface normal and the colour."""

    lower: np.ndarray
    scale: float
    depth: np.ndarray
    normal: np.ndarray
    colour: np.ndarray

    def window(self, low: np.ndarray, high: np.ndarray) -> tuple[tuple[slice, slice], np.ndarray, np.ndarray]:
        """Give the pixels between two corners as slices, and their x and y."""
        size = np.array(self.depth.shape[::-1])
        first = np.clip(np.floor((low - self.lower) * self.scale).astype(int), 0, size)
        last = np.clip(np.ceil((high - self.lower) * self.scale).astype(int) + 1, 0, size)
        x = self.lower[0] + (np.arange(first[0], last[0]) + 0.5) / self.scale
        y = self.lower[1] + (np.arange(first[1], last[1]) + 0.5) / self.scale
        return (slice(first[1], last[1]), slice(first[0], last[0])), x[None, :], y[:, None]

    def paint(self, pixels: tuple, depth: np.ndarray, normal: np.ndarray, colour: np.ndarray) -> None:
        """Keep what lies in front of what is there; NaN depths are outside the object."""
        nearer = depth > self.depth[pixels]
        self.depth[pixels][nearer] = depth[nearer]
        self.normal[pixels][nearer] = normal[nearer]
        self.colour[pixels][nearer] = colour


def view_rotation(azimuth: float, elevation: float) -> np.ndarray:
    """Rows: right, up and towards the viewer, in the frame of the structure.

    Parameters
    ----------
    azimuth, elevation
        Direction to the viewer, degrees: azimuth from x in the xy plane, elevation above it; z is up in the
        image.

    Returns
    -------
    numpy.ndarray
        Shape (3, 3), a proper rotation.
    """
    phi, theta = np.radians([azimuth, elevation])
    towards = np.array([np.cos(theta) * np.cos(phi), np.cos(theta) * np.sin(phi), np.sin(theta)])
    right = np.array([-np.sin(phi), np.cos(phi), 0.0])
    return np.array([right, np.cross(towards, right), towards])


def bonds_of(positions: np.ndarray, elements: list[str]) -> np.ndarray:
    """Find the bonds to draw: pairs closer than `BOND_CUTOFFS`, without periodic images.

    Parameters
    ----------
    positions
        Shape (atoms, 3), angstrom.
    elements
        Chemical symbols.

    Returns
    -------
    numpy.ndarray
        Shape (bonds, 2), indices of atoms.
    """
    pairs = cKDTree(positions).query_pairs(max(BOND_CUTOFFS.values()), output_type="ndarray")
    lengths = np.linalg.norm(positions[pairs[:, 0]] - positions[pairs[:, 1]], axis=1)
    cutoffs = [BOND_CUTOFFS.get(tuple(sorted((elements[i], elements[j]))), 0.0) for i, j in pairs]
    return pairs[lengths < np.array(cutoffs)]


def wrapped_molecules(positions: np.ndarray, box: np.ndarray, molecule: np.ndarray) -> np.ndarray:
    """Move whole molecules so that the centre of each lies in the box.

    Parameters
    ----------
    positions
        Shape (atoms, 3), angstrom.
    box
        Shape (3, 3), rows are the lattice vectors, angstrom.
    molecule
        Shape (atoms,), number of the molecule of every atom, 0, 1, ...

    Returns
    -------
    numpy.ndarray
        Shape (atoms, 3), angstrom.
    """
    inverse = np.linalg.inv(box)
    _, first = np.unique(molecule, return_index=True)
    from_first = positions - positions[first][molecule]
    whole = positions[first][molecule] + from_first - np.round(from_first @ inverse) @ box
    sums = np.zeros((len(first), 3))
    np.add.at(sums, molecule, whole)
    centres = sums / np.bincount(molecule)[:, None]
    return whole - (np.floor(centres @ inverse) @ box)[molecule]


def draw_structure(
    ax: Axes,
    positions: np.ndarray,
    colours: list[str],
    radii: np.ndarray,
    bonds: np.ndarray,
    box: np.ndarray | None = None,
    rotation: np.ndarray | None = None,
    bond_radius: float = 0.14,
    pixels: int = 900,
) -> None:
    """Draw balls and sticks into `ax`.

    Parameters
    ----------
    ax
        Axes to draw into, without frame; its coordinates become angstrom in the viewer's frame.
    positions
        Shape (atoms, 3), angstrom, as they are to be seen (wrapped, with whole molecules).
    colours
        Matplotlib colour of every atom; bonds take the colours of both ends.
    radii
        Shape (atoms,), angstrom; atoms of radius 0 are only ends of bonds.
    bonds
        Shape (bonds, 2), indices of atoms; may be empty.
    box
        Shape (3, 3), rows are the lattice vectors from the origin; None draws no box.
    rotation
        Rows: right, up, towards the viewer; by default a view along a direction close to y.
    bond_radius
        Radius of the sticks, angstrom.
    pixels
        Pixels along the longer side.
    """
    rotation = view_rotation(-80.0, 12.0) if rotation is None else rotation
    seen = np.asarray(positions, dtype=float) @ rotation.T
    tints = np.array([to_rgb(colour) for colour in colours]).reshape(-1, 3)
    edges = np.empty((0, 2, 3)) if box is None else _box_edges(np.asarray(box, dtype=float)) @ rotation.T
    points = np.concatenate([seen, edges.reshape(-1, 3)])
    canvas = _empty_canvas(points, max(1.0, np.max(radii, initial=0.0)), pixels)
    _paint_atoms(canvas, seen, tints, radii)
    _paint_bonds(canvas, seen, tints, bonds, bond_radius)
    for start, end in edges:
        _paint_cylinder(canvas, start, end, 0.06, np.array(to_rgb("#303030")))
    height, width = canvas.depth.shape
    right, top = canvas.lower + np.array([width, height]) / canvas.scale
    extent = (canvas.lower[0], right, canvas.lower[1], top)
    ax.imshow(_shaded(canvas), origin="lower", extent=extent, interpolation="antialiased")
    ax.set_axis_off()


def same_scale(grid: np.ndarray, extra_cm: float = 0.0, bar_A: float = 10.0) -> None:
    """Let an angstrom be equally long in all panels of a figure, show how long, and fit the figure's height.

    Parameters
    ----------
    grid
        All axes of the figure, shape (rows, across), with a structure each, drawn by `draw_structure`; axes
        without an image stay empty.
    extra_cm
        Height for what the figure has beside its panels and their titles, cm.
    bar_A
        Length of the bar in the first panel, angstrom.
    """
    axes = [ax for ax in grid.flat if ax.images]
    limits = np.array([[ax.get_xlim(), ax.get_ylim()] for ax in axes])
    centres, spans = limits.mean(axis=2), np.ptp(limits, axis=2).max(axis=0)
    spans[1] += SCALE_BAR_ROOM * spans[1]
    for ax, (x, y) in zip(axes, centres, strict=True):
        ax.set(xlim=(x - spans[0] / 2, x + spans[0] / 2), ylim=(y - spans[1] / 2, y + spans[1] / 2))
    figure, (rows, across) = axes[0].figure, grid.shape
    panel_inch = 0.97 * figure.get_figwidth() / across * spans[1] / spans[0]
    figure.set_figheight(rows * (panel_inch + TITLE_CM / CM_PER_INCH) + extra_cm / CM_PER_INCH)
    first = axes[0]
    x, y = first.get_xlim()[0] + 0.03 * spans[0], first.get_ylim()[0] + 0.02 * spans[1]
    first.plot([x, x + bar_A], [y, y], color="black", lw=1.5, solid_capstyle="butt")
    first.annotate(
        f"{bar_A / 10:g} nm", (x + bar_A / 2, y), xytext=(0, 3), textcoords="offset points", ha="center"
    )


def _paint_atoms(canvas: _Canvas, centres: np.ndarray, tints: np.ndarray, radii: np.ndarray) -> None:
    for centre, radius, tint in zip(centres, radii, tints, strict=True):
        if radius > 0:
            _paint_sphere(canvas, centre, radius, tint)


def _paint_bonds(
    canvas: _Canvas, centres: np.ndarray, tints: np.ndarray, bonds: np.ndarray, radius: float
) -> None:
    for i, j in np.asarray(bonds, dtype=int).reshape(-1, 2):
        for end in (i, j):
            _paint_cylinder(canvas, centres[end], (centres[i] + centres[j]) / 2, radius, tints[end])


def _box_edges(box: np.ndarray) -> np.ndarray:
    corners = np.array(list(np.ndindex(2, 2, 2)))
    ends = [(a, b) for a in corners for b in corners if np.sum(b - a) == 1 and np.sum(np.abs(b - a)) == 1]
    return np.array(ends) @ box


def _empty_canvas(points: np.ndarray, margin: float, pixels: int) -> _Canvas:
    lower, upper = points[:, :2].min(axis=0) - margin, points[:, :2].max(axis=0) + margin
    scale = pixels / np.max(upper - lower)
    width, height = np.ceil((upper - lower) * scale).astype(int)
    background = np.ones((height, width, 3))
    return _Canvas(lower, scale, np.full((height, width), -np.inf), np.zeros((height, width, 3)), background)


def _paint_sphere(canvas: _Canvas, centre: np.ndarray, radius: float, tint: np.ndarray) -> None:
    pixels, x, y = canvas.window(centre[:2] - radius, centre[:2] + radius)
    dx, dy = np.broadcast_arrays(x - centre[0], y - centre[1])
    with np.errstate(invalid="ignore"):
        dz = np.sqrt(radius**2 - dx**2 - dy**2)
    canvas.paint(pixels, centre[2] + dz, np.stack([dx, dy, dz], axis=-1) / radius, tint)


def _paint_cylinder(
    canvas: _Canvas, start: np.ndarray, end: np.ndarray, radius: float, tint: np.ndarray
) -> None:
    """Intersect lines of sight with an open cylinder: |r - (r.u) u| = radius, r from `start`, u along it."""
    length = np.linalg.norm(end - start)
    if length == 0:
        return
    axis = (end - start) / length
    sine2 = 1.0 - axis[2] ** 2
    if sine2 < 1e-9:
        return
    low, high = np.minimum(start, end)[:2] - radius, np.maximum(start, end)[:2] + radius
    pixels, x, y = canvas.window(low, high)
    dx, dy = np.broadcast_arrays(x - start[0], y - start[1])
    across = dx * axis[0] + dy * axis[1]
    half = across * axis[2]
    with np.errstate(invalid="ignore"):
        dz = (half + np.sqrt(half**2 - sine2 * (dx**2 + dy**2 - across**2 - radius**2))) / sine2
    along = across + dz * axis[2]
    dz = np.where((along >= 0) & (along <= length), dz, np.nan)
    normal = (np.stack([dx, dy, dz], axis=-1) - along[..., None] * axis) / radius
    canvas.paint(pixels, start[2] + dz, normal, tint)


def _shaded(canvas: _Canvas) -> np.ndarray:
    """Light the surfaces (diffuse and a highlight) and fade the far ones towards white."""
    light = LIGHT / np.linalg.norm(LIGHT)
    diffuse = np.clip(canvas.normal @ light, 0.0, 1.0)[..., None]
    half_way = (light + [0.0, 0.0, 1.0]) / np.linalg.norm(light + [0.0, 0.0, 1.0])
    highlight = np.clip(canvas.normal @ half_way, 0.0, 1.0)[..., None] ** 40
    image = canvas.colour * (0.38 + 0.62 * diffuse) + 0.35 * highlight
    hit = np.isfinite(canvas.depth)
    if hit.any():
        near, far = canvas.depth[hit].max(), canvas.depth[hit].min()
        fog = 0.55 * (near - canvas.depth[hit]) / max(near - far, 1e-9)
        image[hit] += (1.0 - image[hit]) * fog[:, None]
    image[~hit] = 1.0
    return np.clip(image, 0.0, 1.0)
