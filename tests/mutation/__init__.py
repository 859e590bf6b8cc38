"""The mutation campaign: which small changes of the code would no test notice?

A mutant is the text of one file with one small change, such as `<` for `<=`. It is killed if what it says differs from
what the text said before on some input that the tests hold it to, or if it fails on one; it timed out if it took far
longer; otherwise it survives. A survivor is a question: either no test looks where it differs, which is a hole in the
tests, or it means the same as the text (an equivalent mutant), or it differs only on what no input can be. The first
are to be killed by richer inputs; why each of the others survives stands in `explanations.toml`, and the command says
which of these explanations fit no survivor any more.

`make mutants` tries one in several of all files and writes docs/mutants.md; `make mutants ONLY=stale_access` tries all
of one file, and only shows them.

`syntax` makes mutants of a text of SQL from its tree, `operators` says which changes there are and why these. `trials`
and `logs` know the inputs and what is asked of what is said of them, `examples` tests of single cases, and `verdict`
tries a mutant on all of them. `python` and `forked` do the same for files of Python. `explained` pairs survivors with
reasons, `page` makes the table, `journal` keeps what is known so far, `campaign` is the command.
"""
