-- What a log names as touched.
SELECT id, name, resource_group, system FROM resource ORDER BY id
