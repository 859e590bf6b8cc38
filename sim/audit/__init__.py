"""The contract between what writes facts and what measures them; lower than everything else.

* `schema.sql`: the tables, with the unit of every column
* `ids`: packed identifiers, and the error when a budget is exceeded
* `rows`: the rows that engines write, typed
* `file`: opening, making and losing a DuckDB file, with a line for whatever stands in the way
* `store`: what such a file holds; bulk loads, transactions
* `ledger.sql`: credentials, acceptances and tasks rebuilt from a log, and from nothing else
* `evidence.sql`: the schemas `log` and `truth`: `log` has each view of `truth`, of the same shape, but for those
  that no log can have, so that a measure cannot tell which it reads
* `profiles.sql`, `derive_profile.sql`: what logs keep; the same with a field less, or with faults
* `invariants.sql`, `verify`: what must hold in any store; written apart from the engine

Choices that a reader may wonder at, and why:

* An agent has 17 bits and an action 11: a credential issued for one action must carry the whole
  path of that action, a tag for its unit and which of that action's it is in 63 bits.
* Rebuilt ledgers are tables of a schema of their own (`ledger`); `log` holds views only, so that `log` and `truth`
  have the same shape and one profile a run is seen at a time.
* What an issued credential allows and when it ends is in the event that issued it. A ledger rebuilt from a view
  that looks the answer up in the credential table would prove nothing.
* What a simulated call touches stands in its event, and in its action (`action`), which all runs share. Otherwise
  events are thin and views widen them: but nearly every measure asks what was touched, and to join all calls with all
  actions outgrows memory. `bare_event` is what happened without the rest, which takes that join; a rule of
  `invariants.sql` holds the two together.
* What became of a task (`task_outcome`) is a fact of a run; what it set out to do (`task`) is shared by all runs.
* Names given by sources live in one table, `natural_key`; every other table carries integers.
* The column is called `time`, as in OCSF; `at` became a keyword of DuckDB 2.

DuckDB and NumPy are all this package imports.
"""
