-- When each file of a snapshot was taken, and what it has a word on: what it lists was there then, and what it omits was not, where it
-- lists all of its kind. Of one snapshot, in however many files, nobody is in two of them: as of one instant, the latest that is mentioned
-- in any. Who is in two files is in snapshots of several days: then each file of his account is a snapshot by itself, as of the latest
-- instant that itself mentions, and other accounts are apart from it.

CREATE OR REPLACE TEMP TABLE dated AS
-- `page`: when it was taken nobody says: of lists that go on elsewhere, of several days, which pages belong together; of one of which
-- something was refused or cut off, what else it would have mentioned.
WITH listed AS (
    FROM workbench.listed SEMI JOIN chosen USING (file)
), mentioned AS (
    SELECT file, greatest(latest, since) AS time FROM listed
    UNION ALL
    SELECT file, time FROM workbench.observed SEMI JOIN chosen USING (file) ANTI JOIN logged USING (file)
), again AS (
    SELECT account FROM listed WHERE what = 'identity' AND account IS NOT NULL GROUP BY account, name HAVING count(DISTINCT file) > 1
    UNION
    -- A report is of the whole account.
    SELECT account FROM listed WHERE what = 'taken' AND account IS NOT NULL GROUP BY account HAVING count(DISTINCT file) > 1
), own AS (
    SELECT m.file, max(m.time) AS latest, any_value(l.account) AS account, coalesce(any_value(l.report), false) AS report, coalesce(any_value(l.part), false) AS part
    FROM mentioned m
    LEFT JOIN (SELECT file, bool_or(what = 'taken') AS report, bool_or(what = 'part') AS part,
                      min(account) FILTER (account IN (SELECT account FROM listed WHERE what IN ('identity', 'taken'))) AS account
               FROM listed WHERE what <> 'trust' GROUP BY file) l USING (file)
    GROUP BY m.file
), apart AS (
    SELECT *, account IS NOT NULL AND account IN (FROM again) AS apart, bool_or(part) OVER (PARTITION BY account, report) AS goes_on,
           file IN (SELECT file FROM workbench.refused) OR file IN (SELECT number FROM workbench.file WHERE damaged) AS wanting
    FROM own
)
SELECT file, report, apart, apart AND (goes_on OR wanting) AND NOT report AS page, apart AND NOT (goes_on OR wanting) AS whole,
       max(latest) OVER (PARTITION BY CASE WHEN apart THEN 'file ' || file WHEN EXISTS (FROM again) THEN 'account ' || account END) AS seen_at
FROM apart;

CREATE OR REPLACE TEMP TABLE identity_seen AS
-- Of which identity at which instant a snapshot says that it was there (`listed`), and since when (`made`), or not (`omitted`): two of one
-- instant may contradict each other. A list of users is one of all users, if there are any in it: some lists are made of some kinds only.
WITH entry AS (
    SELECT DISTINCT l.name, coalesce(l.account, '') AS account, l.kind, l.file, l.since, d.seen_at, d.page, d.whole
    FROM workbench.listed l JOIN dated d USING (file) WHERE l.what = 'identity'
), omission AS (
    SELECT n.name, n.account, w.seen_at
    FROM (SELECT DISTINCT name, account, kind FROM entry) n
    JOIN (SELECT DISTINCT account, kind, file, seen_at FROM entry WHERE whole) w USING (account, kind)
    ANTI JOIN entry e ON e.name = n.name AND e.file = w.file
)
SELECT name, min(account) AS account, seen_at, max(since) AS made, bool_or(listed) AS listed, bool_or(NOT listed) AS omitted, bool_or(page) AS page
FROM (SELECT name, account, seen_at, since, true AS listed, page FROM entry UNION ALL SELECT name, account, seen_at, NULL, false, false FROM omission)
GROUP BY name, seen_at;

CREATE OR REPLACE TEMP TABLE listed_key AS
-- Reports number the keys of a user anew when one is gone. Of several days the same is one of the same holder that was made, or last
-- changed, at the same time. Where one report lists several of one time, each is the one that is as far behind among them in others.
WITH entry AS (
    SELECT l.*, d.seen_at,
           CASE WHEN d.apart THEN concat_ws(' ', l.holder, l.credential, coalesce(l.since, d.seen_at),
                                            dense_rank() OVER (PARTITION BY l.file, l.holder, l.credential, l.since ORDER BY l.name))
                ELSE l.name END AS identity
    FROM workbench.listed l JOIN dated d USING (file) WHERE l.what = 'credential'
), called AS (
    SELECT identity, name, row_number() OVER (PARTITION BY name ORDER BY seen_at, identity) AS again
    FROM (SELECT DISTINCT ON (identity) identity, name, seen_at FROM entry ORDER BY identity, seen_at, name)
)
SELECT e.* REPLACE (CASE WHEN c.again > 1 THEN c.name || ' #' || c.again ELSE c.name END AS name)
FROM entry e JOIN called c USING (identity);

CREATE OR REPLACE TEMP TABLE key_seen AS
-- The same of credentials.
WITH omission AS (
    SELECT k.name, w.seen_at
    FROM (SELECT DISTINCT name, account FROM listed_key) k
    JOIN (SELECT DISTINCT d.file, d.seen_at, l.account FROM dated d JOIN workbench.listed l USING (file) WHERE d.whole AND d.report AND l.what = 'taken') w
    USING (account)
    ANTI JOIN listed_key l ON l.name = k.name AND l.file = w.file
)
SELECT name, seen_at, bool_or(listed) AS listed, bool_or(NOT listed) AS omitted
FROM (SELECT name, seen_at, true AS listed FROM listed_key UNION ALL SELECT name, seen_at, false FROM omission)
GROUP BY name, seen_at;
