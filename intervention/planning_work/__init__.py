"""The property company's work of the planning phase (guide 3.1.1): survey of the surroundings, design advice; printed plans."""
