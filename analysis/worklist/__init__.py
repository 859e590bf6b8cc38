"""The worklist: which credentials to revoke first, and who or what would notice.

A row is a credential that is accepted when the window ends, or may be. First comes what removes most access that no
work needs, a minute of somebody's work: what is proven, then what is possible at most, then the weight of what is known
to be in it. A log proves that a credential is used, never that it is not: where uses may be unseen the row says why.

Not told: how much of the work would break (only tasks under way are known), and whether a platform can end the one
credential without others.
"""
