"""From a crystal structure and a force field to a simulation cell."""
