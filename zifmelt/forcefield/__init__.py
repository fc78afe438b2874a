"""Force fields as data: YAML files, validated parameters, and their LAMMPS commands."""
