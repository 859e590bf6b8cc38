"""A report is what is put before those who decide: one HTML file, or the same words and figures on the terminal.

* One file, nothing else: no network, no script, no font to fetch, and a content policy that forbids all of them.
* The same store gives the same bytes. Nothing on the page depends on when or where it was written.
* No number is computed here. Measures and comparisons give them; this package chooses digits, words and places.
* Every figure has its unit, its interval, and a sentence on what it rests on. A value that is only a lower limit is
  shown as one, a value that is not known is `not shown` with the reason, and neither is ever drawn as zero.
* Three uncertainties stay apart: intervals over replications, ranges over assumptions (where none were varied the page
  says so), and what a log leaves open. Intervals are shown only as far as values can lie; verdicts rest on the whole.
* What the text says about models: obtainable crown-jewel hours rank, held alone never does; no model is called the
  best; an interval that includes zero `cannot be told apart`, but what issuers make equal in every run is equal by
  construction; an interval beyond 1 % of difference in work completed ranks on the frontier only. Who asks humans hangs
  on their looking, and the sentence says what is left otherwise. Fewer than six replications give values, not findings.
* Names come from strangers. They are escaped everywhere, and characters that are not seen are written out.

`page` decides which report a store gets; `terminal` and `records` say the same to people and programs without one.
Matplotlib is loaded when a page is written, not before.
"""

from analysis.report.page import report, write_report

__all__ = ["report", "write_report"]
