"""What each command does: one call of the facade, then printing."""
