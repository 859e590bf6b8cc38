-- What the log claims to keep, as it is believed.
SELECT r.profile, p.* EXCLUDE (name, title) FROM log.run r JOIN fact.log_profile p ON p.name = r.profile;
