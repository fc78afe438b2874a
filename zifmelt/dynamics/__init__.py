"""Molecular dynamics: protocols as data, the engine that runs them, checkpoints, and what a run costs."""
