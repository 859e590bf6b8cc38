-- OCSF 1.8 knows neither agents nor delegations.
SET VARIABLE with_agents = false;
