"""The simulator: fleets of agents, the control models they work under, and the facts both leave behind."""
