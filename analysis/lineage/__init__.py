"""The lineage of an event: who did it, on whose behalf, under which credential, and who agreed to it.

It is what an investigator asks of one line of a log, and what the chain intent - delegation - authorization -
execution of the field comes down to. The same query reads a log, simulated or real, and the truth of a simulation:

* `event` what was asked for, of what, and how it was answered
* `actor` who acted; `owner`, `escalation`: who answered for that identity at that instant, `member` for a team
* `task` what it was done for, and `called_by` each task above that, up to the root
* `credential` what was presented, and `issued_from` each credential that was issued on the strength of another
* `issue` the act that made a credential
* `approval` the human, rule or timeout that the use rests on
* `decision`, `policy`: what the decision point answered when it was asked for, and by which text
* `attacker` on the truth alone: the incident that the event belongs to

A link that is not there has a row all the same, whose name says whether there is none or the evidence does not tell.
A chain of credentials is told by who asked for each with what, not by declared edges, so that it is the same on a log.
"""
