"""What several measures share; `concepts` makes it for whoever asks.

The files of SQL are by topic, and each stands on those before it: `basis`, `survival` (how long something lasts),
`authority` (what may be used), `need` (what work takes), `beside` (what is held that it does not take), `ring` (what
opens the same), `reach` (what a compromise opens), `radius` (how much that is, and for how long), `stake` (how often
it is to be expected, and what is lost). All of it is temporary and reads whichever evidence the search_path of the
connection names. What several measures scan is a table, computed once a connection; the rest are views.

A head states what its file hangs on (`-- parameter:`). A measure has the parameters of whatever it stands on; it may
state a default of its own.
"""
