"""The project's own form: one flat row an event, so that a team can write it from any log, with a query or a sheet.

`docs/interchange.md` is the form's page. The columns are those of `Observed`, under one name each (`layout`); `time`
and `kind` or `operation` are needed, the rest is optional, and what is not there is not known. The same rows come
as JSON, one object a line or in a list (also under the key `events`), as CSV with a header, or as Parquet.

Decisions:

* Rows are flat, because what a query returns and what a sheet holds is flat; a nested form would need a program.
  Of what has several sides each is a column: `issued`, `issued_kind`, `issued_until`.
* Words are those of the store's enumerations and nothing else; a wrong one refuses its row and names the right ones.
  A side without its thing, an end without a credential, refuses its row too: what it should say is not known.
* A column that is not of the form refuses nothing. It is left out and told once a file, with the column that it
  resembles: a team's table has columns of its own, and all of its rows would be lost for one of them.
* What a log keeps cannot be seen from its rows: where no row names an approval, there was none, or nobody wrote them
  down. So each row says it in `keeps` (`claims`). It is a column like any other, because it comes from the same query,
  stands in all three forms, and stays with its rows when files are split or put together. What all rows claim is
  believed; the rest is assumed absent.
* A row without an `id` is known by its content, so that the same row twice is one event.
* Of `args` only a hash is kept.
* A group of resources of which no row says the tier is taken to hold no crown jewel (`weights.toml`).
* CSV may be separated by commas, semicolons or tabs; an empty cell is what is not known. An apostrophe before what a
  spreadsheet would take for a formula is none of the text: sheets put it there, and so does an export. All cells of
  Parquet are read as DuckDB writes them as text, times in UTC.
"""
