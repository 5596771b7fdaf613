"""How the weights that ship were fitted."""
