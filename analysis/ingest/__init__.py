"""A log is somebody's account of what happened: ingest reads it, believes it to the letter, and adds nothing.

* `files`: what a path holds, unpacked; a file that cannot be read is a reject with its reason
* `pieces`: of a file that is not small only a stretch is at hand, longer than a record may be; so memory is bounded
* `reading`, `strict`, `salvage`: text to records; a broken record is a reject, its neighbours are kept
* `instants`, `fields`, `patterns`: times, fields whose type nobody guarantees, and declared lists of names
* `sheets`: rows of CSV; `aws`: what names of AWS say of themselves, in whichever log they stand
* `canonical`: the same content in one way, and hashes of it; `many`: thousands of records told of at once
* `wrappings`: events that lie as text, or many at once, in the records of who hands them on
* `levels`: access levels, groups and weights that a source declares; `vocabulary`: also what the log's words for
  answers and parties mean, for sources of the level "events"
* `observed`: one event in the source's own names; `outcome`: how it was answered, and what it did to a credential;
  `pseudonyms`: the same event under keyed hashes
* `listed`: what a snapshot lists, which is no event but what stands; `families`: logs and snapshots told as one run
* `source`: what a source is; a new one is a new folder here with a `source.py` that defines `SOURCE`
* `toolbox`: what tools of agents need, for sources that are transcripts; `untimed`: transcripts that cannot be one;
  `anonymous`: traces of load, in which nobody acts
* `beginning`: which source reads a file, by the keys of its first records
* `lost`: why a file that no source knows may be of a log all the same
* `intake`: records counted and translated
* `columns`, `workbench`: what they tell of, put down beside the store until all files are read
* `gather.sql`, `names.sql`, `load.sql`, run by `loading`: which of it are the events of a run, names to integers, and
  all of it into the store in one transaction
* `standing`: what a snapshot lists becomes assignments, trusts and credentials, for as long as that is proven;
  `days.sql`: which of its files are of which day
* `claims`: which profile a log is seen through: what its records say that it keeps, and what of that is believed
* `ingest`: the verb

One ingest writes a run of kind `ingested` for each kind of export that it finds, or family of them: a run is seen
through one log profile, which says what a log of that kind can show. It is identified by the hashes of its files
whatever their names, and has one workload of kind `observed` that carries what the log names: principals, resources,
and the atoms seen or held with their declared weights. Ingesting the same files again replaces the run. The ledgers are
rebuilt by the same `ledger.sql` as those of simulated runs, from the events and from what a snapshot lists.

What counts as evidence:

* Nothing is guessed. What a log does not say is NULL; whoever measures it answers with an interval, or not at all.
* A credential starts when its issue is seen or stated. Otherwise its first accepted use proves that it was there.
* A credential lives, provably, until its last accepted use, and at most until its stated end. Where an end is not
  stated it lasts as long as the provider lets such a credential live. A deletion ends it.
* A snapshot proves what it lists for the instant when it was taken; and as long around that as a log of everything
  shows no change. Outside that anything may have been held.
* A request that was refused for who asked proves no use; one that failed for what was asked was let in.
* Ids are not trusted to be unique. The same id with the same content is one event delivered twice; with another
  content it is another event, and is kept. Only where a source tells of one event in several records, each a stage of
  its own (a request, its response), are records of one id one event: the latest word on each thing counts. And only
  if they are of one operation, by one principal, on one thing, as far as told: some ids are chosen by who asks.
  A form of a log that keeps less of an event merges into a fuller one, if they are of one instant as well.
* Nor is what a record holds trusted to say which log it is of: its own keys do, and nothing within its values. A file
  whose records two sources know is read as neither.
* What is not there did not happen, where a log is whole. None is believed to be, whatever it claims or its source is,
  beside something of it that was refused: that may be what is not there. A file that nobody can read may be of any log.
* A time at which there was no such log, 1970 or next year, is a clock that was wrong: the record is refused.

Every file is a row of `fact.source_file` and every refusal one of `fact.reject`, so that for each file
kept + merged + repeated + silent + rejected = records.

A store is touched once, when all is read. Until then what was read lies in a database beside it, committed every so
often; whoever is killed goes on there, with the same command (`workbench`).
"""
