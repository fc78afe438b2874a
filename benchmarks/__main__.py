"""Run every benchmark, keep the numbers in ``results/bench/*.json`` and print the ratios."""

from . import bond_search, md_speed, symmetry_functions

BENCHMARKS = {
    "Molecular dynamics, efficient against reference settings": md_speed,
    "Symmetry functions, vectorised against loops": symmetry_functions,
    "Zn-N bonds, cell lists against all pairs": bond_search,
}

for title, benchmark in BENCHMARKS.items():
    print(f"{title}: {benchmark.main()['ratio']:.1f} times faster", flush=True)
