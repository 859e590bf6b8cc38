"""How far independent replications lie from theory, in their own standard errors."""

import numpy as np

# Two-sided: of sixteen replications, one true theory in 860 lies further away (Student's t). Seeds are fixed.
FAR = 4


def standard_errors(replications, theory):
    """Distance of the replications' mean from theory; the error is the one across replications."""
    values = np.asarray(replications, dtype=float)
    return (values.mean() - theory) / (values.std(ddof=1) / np.sqrt(len(values)))


def agrees(replications, theory):
    """Whether the mean of the replications lies within so many standard errors of theory, on either side."""
    return abs(standard_errors(replications, theory)) < FAR
