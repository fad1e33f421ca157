"""How trainers write a branching conversation: its form, its map, what is wrong with it."""
