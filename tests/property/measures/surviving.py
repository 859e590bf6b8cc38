"""How long something lasts of which not every end was seen: slow second computations, the quantiles by SciPy."""

from fractions import Fraction

from scipy import stats

from tests.ledgers import UNKNOWN
from tests.property.measures.spans import SHARES

# Seconds up to which a mean is restricted.
MEAN = 5


def survival(times, horizon):
    """All that is said of times, each with whether its end was seen, and the instant of that."""
    instants = {until for _, observed, until in times if observed}
    times = [(Fraction(time), observed) for time, observed, _ in times]
    numbers = {"at_risk": len(times), "ended": sum(observed for _, observed in times), "ends": len(instants)}
    return {**kaplan_meier(times), "restricted_mean": restricted_mean(times, horizon), **numbers}


def kaplan_meier(times):
    """Median and 95th percentile of times of which some are only known to be longer, by SciPy."""
    if not times:
        return dict.fromkeys(SHARES, (UNKNOWN, UNKNOWN))
    seen, cut = ([float(time) for time, observed in times if observed is wanted] for wanted in (True, False))
    curve = stats.ecdf(stats.CensoredData(uncensored=seen, right=cut)).sf
    steps = list(zip(curve.quantiles, curve.probabilities, strict=True))
    reached = {stat: [t for t, alive in steps if alive <= 1 - q + 1e-9] for stat, q in SHARES.items()}
    longest = max(float(time) for time, _ in times)
    return {stat: (r[0], r[0]) if (r := reached[stat]) else (longest, UNKNOWN) for stat in SHARES}


def restricted_mean(times, horizon):
    """The mean of times cut at a horizon, where what leaves early is handed on to all that last longer (Efron 1967).

    What leaves when nothing lasts longer ends then at least, and goes on beyond the horizon at most.
    """
    if not times:
        return UNKNOWN, UNKNOWN
    share, least, most = {n: Fraction(1, len(times)) for n in range(len(times))}, Fraction(0), Fraction(0)
    for n in sorted(share, key=lambda n: (times[n][0], not times[n][1])):
        time, observed = times[n]
        later = [other for other in share if times[other][0] > time]
        if later and not observed:
            for other in later:
                share[other] += share[n] / len(later)
            continue
        least += share[n] * min(time, horizon)
        most += share[n] * (min(time, horizon) if observed else horizon)
    return least, most
