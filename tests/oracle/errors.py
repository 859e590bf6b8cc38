"""How far independent replications lie from theory, in their own standard errors, and what error they would show."""

import numpy as np

# Two-sided: of sixteen replications, one true theory in 860 lies further away (Student's t). Seeds are fixed.
FAR = 4
# A wrong theory that lies so many standard errors beyond is missed once in forty times.
BEYOND = 2


def standard_errors(replications, theory):
    """Distance of the replications' mean from theory; the error is the one across replications."""
    values = np.asarray(replications, dtype=float)
    return (values.mean() - theory) / _error(values)


def agrees(replications, theory):
    """Whether the mean of the replications lies within so many standard errors of theory, on either side."""
    return abs(standard_errors(replications, theory)) < FAR


def least_seen(replications, law, figure):
    """The smallest relative error of a figure that replications show: where its law has moved far enough."""
    slope = abs(law(1.01 * figure) - law(0.99 * figure)) / 0.02
    return (FAR + BEYOND) * _error(np.asarray(replications, dtype=float)) / slope


def tells(replications, law, figure, within):
    """Whether replications agree with the law at a figure and would show an error of it `within`, on either side."""
    wrong = [law(figure * (1 - within)), law(figure * (1 + within))]
    shown = least_seen(replications, law, figure) <= within
    return agrees(replications, law(figure)) and shown and not any(agrees(replications, each) for each in wrong)


def _error(values):
    return values.std(ddof=1) / np.sqrt(len(values))
