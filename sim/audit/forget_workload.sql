-- The dimensions of one workload ($workload).

DELETE FROM fact.principal WHERE workload = $workload;
DELETE FROM fact.ownership WHERE workload = $workload;
DELETE FROM fact.membership WHERE workload = $workload;
DELETE FROM fact.resource WHERE workload = $workload;
DELETE FROM fact.catalogue WHERE workload = $workload;
DELETE FROM fact.weight WHERE workload = $workload;
DELETE FROM fact.task WHERE workload = $workload;
DELETE FROM fact.action WHERE workload = $workload;
DELETE FROM fact.place WHERE workload = $workload;
DELETE FROM fact.workload WHERE key = $workload;
