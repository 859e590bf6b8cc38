-- OCSF 1.9 has, in its profile ai_operation, objects for the agent that acts and for the delegation that it acts under.
SET VARIABLE with_agents = true;
