-- When each file of a snapshot was taken, and what it has a word on: what it lists was there then, and what it omits was not, where it
-- lists all of its kind. Of one snapshot, in however many files, nobody is listed twice: as of one instant, the latest that is mentioned
-- in any. Who is listed twice is in snapshots of several days: then each file of his account is a snapshot by itself, as of the latest
-- instant that itself mentions, and other accounts are apart from it.

CREATE OR REPLACE TEMP TABLE dated AS
-- `page`: when it was taken nobody says: of lists that go on elsewhere, of several days, which pages belong together; of one of which
-- something was refused or cut off, what else it would have mentioned; of one that holds several days or accounts (`mixed`), whose of
-- them is the latest instant.
WITH listed AS (
    FROM workbench.listed SEMI JOIN chosen USING (file)
), mentioned AS (
    SELECT file, greatest(latest, since) AS time FROM listed
    UNION ALL
    SELECT file, time FROM workbench.observed SEMI JOIN chosen USING (file) ANTI JOIN logged USING (file)
), entry AS (
    SELECT file, account, what, name FROM listed WHERE what IN ('identity', 'taken') AND account IS NOT NULL
), again AS (
    SELECT account FROM entry GROUP BY account, what, name HAVING count(*) > 1
    UNION
    -- A report is of the whole account.
    SELECT account FROM entry WHERE what = 'taken' GROUP BY account HAVING count(DISTINCT file) > 1
), of_file AS (
    SELECT file, bool_or(what = 'taken') AS report, count(DISTINCT account) > 1 OR count(*) > count(DISTINCT (what, name)) AS mixed,
           arg_min(account, (account NOT IN (FROM again), account)) AS account
    FROM entry GROUP BY file
), going_on AS (
    -- Accounts of which a page goes on elsewhere; one that lists nobody may be of any.
    SELECT DISTINCT e.account
    FROM workbench.page p SEMI JOIN chosen USING (file) JOIN entry e ON e.file = p.file OR p.file NOT IN (SELECT file FROM entry)
    WHERE p.more AND p.file NOT IN (FROM logged)
), own AS (
    SELECT m.file, m.latest, o.account, coalesce(o.report, false) AS report, coalesce(o.mixed, false) AS mixed
    FROM (SELECT file, max(time) AS latest FROM mentioned GROUP BY file) m LEFT JOIN of_file o USING (file)
), apart AS (
    SELECT own.*, account IS NOT NULL AND account IN (FROM again) AS apart,
           file IN (SELECT file FROM workbench.page) AND account IN (FROM going_on) AS goes_on,
           file IN (SELECT file FROM workbench.refused) OR f.damaged AS wanting
    FROM own JOIN workbench.file f ON f.number = own.file
)
SELECT file, report, apart, apart AND mixed AS mixed, apart AND (goes_on OR mixed OR (wanting AND NOT report)) AS page,
       apart AND NOT (goes_on OR mixed OR wanting) AS whole,
       max(latest) OVER (PARTITION BY CASE WHEN apart THEN 'file ' || file WHEN EXISTS (FROM again) THEN 'account ' || account END) AS seen_at
FROM apart;

CREATE OR REPLACE TEMP TABLE unlisted AS
-- Who was there at the instant of a file that does not list him, though it lists others of his account: another one lists him at that
-- instant or later, and he was made before. `by_report`: the file is a credential report, else it is one of users.
WITH entry AS (
    SELECT DISTINCT l.what = 'taken' AS of_report, l.account, l.name, l.since, l.file, d.seen_at
    FROM workbench.listed l JOIN dated d USING (file)
    WHERE l.account IS NOT NULL AND NOT d.page AND (l.what = 'taken' OR l.what = 'identity' AND l.kind = 'service')
), place AS (
    SELECT DISTINCT of_report, account, seen_at FROM entry
)
SELECT DISTINCT e.name, e.account, p.seen_at, p.of_report AS by_report
FROM entry e
JOIN place p ON p.account = e.account AND p.of_report <> e.of_report AND e.seen_at >= p.seen_at AND e.since <= p.seen_at
ANTI JOIN entry o ON o.name = e.name AND o.of_report = p.of_report AND o.seen_at = p.seen_at
-- The root is in no list of users.
WHERE e.name NOT IN (SELECT name FROM workbench.listed WHERE what = 'identity' AND kind = 'shared_account');

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
    ANTI JOIN unlisted u ON u.name = n.name AND u.seen_at = w.seen_at AND NOT u.by_report
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
-- The same of credentials. One of which, or of others of its holder, a report does not say since when may be any of these; nor is it
-- omitted where a report does not say of some of the holder's whether they work.
WITH omission AS (
    SELECT k.name, w.seen_at
    FROM (SELECT DISTINCT name, account, holder, credential, since IS NULL AS timeless FROM listed_key) k
    JOIN (SELECT DISTINCT d.file, d.seen_at, l.account FROM dated d JOIN workbench.listed l USING (file) WHERE d.whole AND d.report AND l.what = 'taken') w
    USING (account)
    ANTI JOIN listed_key l ON l.name = k.name AND l.file = w.file
    ANTI JOIN listed_key o ON o.file = w.file AND o.holder = k.holder AND o.credential = k.credential AND (o.since IS NULL OR k.timeless)
    ANTI JOIN workbench.listed p ON p.what = 'part' AND p.file = w.file AND p.name = k.holder AND p.credential = k.credential
    ANTI JOIN unlisted u ON u.by_report AND u.name = k.holder AND u.seen_at = w.seen_at
)
SELECT name, seen_at, bool_or(listed) AS listed, bool_or(NOT listed) AS omitted
FROM (SELECT name, seen_at, true AS listed FROM listed_key UNION ALL SELECT name, seen_at, false FROM omission)
GROUP BY name, seen_at;
