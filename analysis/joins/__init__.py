"""Where two logs of one store speak of the same thing: by which name, how often, and how far that can be trusted.

Each kind of export is a run of its own, seen through its own log profile. What one run calls by a name that another
uses too is where the two can be followed from one to the other: an access key that AWS issued and an EKS cluster let
in, a trace that an agent and a gateway tell of. `joins.sql` finds them, name by name; nothing is joined by time,
because of what happens at once in a busy log any two look alike.

How far a name can be trusted:

* `issued`: an identifier that whoever issues it makes unique, at least 16 characters of it: a key, a token, a request,
  a call of a tool. Equal ones are the same thing.
* `vouched`: a name that a directory or a control plane gives, and not who bears it: a principal, a service account.
  Equal ones are the same if both logs take names from the same place.
* `claimed`: a name that whoever acts chooses: a session's, an agent's, a trace that is sent along; and any identifier
  that is short. Equal ones may be a coincidence, or an attack.

What a name says of another name, such as an assumed role's of its session, is declared in `forms.toml` with its source.
A name that stands for several things on one side is `ambiguous`: it is counted, and leads nowhere. Of the others it is
told how many were seen in both logs in overlapping spans (`together`), because keys live longer than logs.

Under pseudonyms whole names still meet, if both logs were read with the same key; what a name contains does not.
"""
