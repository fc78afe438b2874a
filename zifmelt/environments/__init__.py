"""Local environments of zinc: features, database, classifiers and classified trajectories."""
