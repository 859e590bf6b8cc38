-- The ledger as rebuilt: proven in [from_hi, to_lo), at most in [from_lo, to_hi).
SELECT n.name AS credential, c.kind, holder.name AS holder, issuer.name AS issuer, c.from_lo::VARCHAR AS from_lo,
       c.from_hi::VARCHAR AS from_hi, c.to_lo::VARCHAR AS to_lo, c.to_hi::VARCHAR AS to_hi, c.basis
FROM log.credential c
JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
LEFT JOIN log.principal holder ON holder.run = c.run AND holder.id = c.holder
LEFT JOIN log.principal issuer ON issuer.run = c.run AND issuer.id = c.issuer
ORDER BY n.name;
