"""How a model is made: sources, split, fit, calibrate, evaluate, cards."""
