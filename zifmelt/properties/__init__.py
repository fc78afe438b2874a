"""Structure, elasticity and ramps: what the trajectories say about glass, liquid and crystals."""
