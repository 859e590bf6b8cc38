"""A log is handed on in a form that others read, and nobody is left to guess what that form cannot say.

* `said.sql`: what the log of one run says, in names instead of numbers
* `form`: which forms there are; each has a folder of SQL that says which events it can tell, how, and what becomes of
  each field of them
* `losses.sql`: that, counted
* `folder`: an export is there as a whole or not at all
* `export`: the verb

Decisions:

* What is handed on is the log, seen through the profile of its run, faults included; never the truth, which nobody
  could have logged. What the log proves of credentials is rebuilt from its events, and so it will be by whoever reads
  them: a form has to carry the events.
* A field is judged value by value, by the same SQL that writes it: the report counts, it does not describe. A value is
  carried, told otherwise, or lost; what an event left out had to say is lost too. Tests read exports again and hold the
  report to its word.
* Nothing that a form demands and the log does not tell is made up, but where no reader could go on without: then the
  page of the forms (`docs/export.md`) says what.
* What strangers wrote into names stays data: a CSV cell that a spreadsheet would run is kept from that by an
  apostrophe, which the reader of rows takes off.
* Files are written by the database, in the order of time, so that of a long log no more lies in memory than it sorts.
"""
