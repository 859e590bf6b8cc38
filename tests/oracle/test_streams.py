"""Draws against the laws they are said to follow, and against each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.streams import Purpose, Stream, Streams, mix, mixes, negative_binomial, shares, threshold

N = 20_000
PATHS = np.arange(N, dtype=np.int64)
MASK = (1 << 64) - 1
KEYS = st.integers(0, MASK)
PATH = st.integers(0, 2**63 - 1)
ONE_OF_A_THOUSAND = 0.001


def stream(purpose=Purpose.THINK, seed=7, replicate=0, attempt=0):
    """One stream at a fixed seed."""
    return Streams(seed, replicate).of(purpose, attempt)


def fits(sample, law):
    """Kolmogorov and Smirnov, two-sided in p as well: neither too far from the law nor too close to it."""
    return ONE_OF_A_THOUSAND < stats.kstest(sample, law).pvalue < 1 - ONE_OF_A_THOUSAND


def counts_fit(counts, chances):
    """Pearson's chi-square, two-sided, over the classes that expect at least five."""
    expected = np.asarray(chances) * counts.sum()
    big = expected >= 5
    seen, theory = (np.append(each[big], each[~big].sum()) for each in (counts, expected))
    seen, theory = seen[theory > 0], theory[theory > 0]
    return ONE_OF_A_THOUSAND < stats.chisquare(seen, theory).pvalue < 1 - ONE_OF_A_THOUSAND


def unmix(value):
    """The inverse of Stafford's thirteenth variant: each step undone, last first."""
    value ^= (value >> 31) ^ (value >> 62)
    value = value * pow(0x94D049BB133111EB, -1, 1 << 64) & MASK
    value ^= (value >> 27) ^ (value >> 54)
    value = value * pow(0xBF58476D1CE4E5B9, -1, 1 << 64) & MASK
    return value ^ (value >> 30) ^ (value >> 60)


@given(KEYS)
def test_mixing_can_be_undone(value):
    """Mixing is a bijection of 64 bits: what was mixed is found again, from either side."""
    assert unmix(mix(value)) == value
    assert mix(unmix(value)) == value


@given(KEYS, KEYS)
def test_paths_of_one_stream_never_share_a_draw(key, path):
    """A draw determines its path: two paths of a stream have different draws."""
    drawn = Stream(key).draw(path)
    assert (unmix(unmix(drawn) ^ key) - key) * pow(0x9E3779B97F4A7C15, -1, 1 << 64) & MASK == path


@given(KEYS, st.lists(PATH, min_size=1, max_size=9), st.floats(0, 1), st.floats(1e-9, 1e9), st.floats(0, 3))
def test_one_is_like_many(key, paths, chance, size, sigma):
    """The form for one path gives exactly what the form for many gives."""
    one, many = Stream(key), np.array(paths, dtype=np.int64)
    assert mixes(many.astype(np.uint64)).tolist() == [mix(path) for path in paths]
    assert one.draws(many).tolist() == [one.draw(path) for path in paths]
    assert one.happen(many, chance).tolist() == [one.happens(path, threshold(chance)) for path in paths]
    assert one.lognormal(many, size, sigma).tolist() == [one.one_lognormal(path, size, sigma) for path in paths]
    assert one.exponential(many, size).tolist() == [one.one_exponential(path, size) for path in paths]


def test_one_is_like_many_over_a_long_row():
    """So it does over a row long enough for the processor's wide instructions."""
    each = PATHS[:2000].tolist()
    assert stream().lognormal(PATHS[:2000], 6, 0.7).tolist() == [stream().one_lognormal(path, 6, 0.7) for path in each]
    assert stream().exponential(PATHS[:2000], 60).tolist() == [stream().one_exponential(path, 60) for path in each]


def test_uniforms_are_uniform():
    """Uniforms follow their law; their squares do not."""
    assert fits(stream().uniforms(PATHS), stats.uniform.cdf)
    assert not fits(stream().uniforms(PATHS) ** 2, stats.uniform.cdf)


def test_bits_are_fair():
    """Each of the 64 bits of a draw is set half of the time; no bit of a plain counter would pass."""
    bits = stream().draws(PATHS)[:, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 4.5 * 0.5 / N**0.5


@pytest.mark.parametrize("draw", [0, MASK])
def test_uniforms_stay_inside_the_open_interval(draw):
    """The least and the greatest draw are still above 0 and below 1."""
    key = stream().key
    path = (unmix(unmix(draw) ^ key) - key) * pow(0x9E3779B97F4A7C15, -1, 1 << 64) & MASK
    assert stream().draw(path) == draw
    (uniform,) = stream().uniforms(np.array([path], dtype=np.uint64).view(np.int64))
    assert 0 < uniform < 1


def test_lognormals_are_lognormal():
    """Durations follow the lognormal with this median and sigma, by law and by mean; not one with 5 % more sigma."""
    drawn = stream().lognormal(PATHS, 90, 0.8) / 1e6
    assert fits(drawn, stats.lognorm(0.8, scale=90).cdf)
    assert not fits(drawn, stats.lognorm(0.84, scale=90).cdf)
    mean, deviation = 90 * np.exp(0.32), 90 * np.exp(0.32) * np.sqrt(np.exp(0.64) - 1)
    assert abs(drawn.mean() - mean) < 4 * deviation / N**0.5


def test_without_sigma_a_lognormal_is_its_median():
    """A lognormal with sigma 0 is a constant, to the microsecond."""
    assert set(stream().lognormal(PATHS, 0.06, 0).tolist()) == {60_000}


def test_exponentials_are_exponential():
    """Gaps follow the exponential law with this mean, by law, mean and variance; not one with 5 % more."""
    drawn = stream().exponential(PATHS, 60) / 1e6
    assert fits(drawn, stats.expon(scale=60).cdf)
    assert not fits(drawn, stats.expon(scale=63).cdf)
    assert abs(drawn.mean() - 60) < 4 * 60 / N**0.5
    assert abs(drawn.var() / 3600 - 1) < 4 * np.sqrt(8 / N)


@pytest.mark.parametrize(("mean", "size", "cap"), [(5.82, 1.83, 30), (1.0, 1.0, 18), (0.3, 4.0, 3)])
def test_counts_are_negative_binomial(mean, size, cap):
    """The table is the negative binomial's, its tail on the cap, and what is picked from it follows it."""
    table = negative_binomial(mean, size, cap)
    law = stats.nbinom(size, size / (size + mean))
    assert np.allclose(table[:-1], law.cdf(np.arange(cap)), rtol=0, atol=1e-12)
    chances = np.append(law.pmf(np.arange(cap)), law.sf(cap - 1))
    counts = np.bincount(stream().pick(PATHS, table), minlength=cap + 1)
    assert counts_fit(counts, chances)
    poisson = np.append(stats.poisson(mean).pmf(np.arange(cap)), stats.poisson(mean).sf(cap - 1))
    assert not counts_fit(counts, poisson)


def test_picks_follow_their_weights():
    """Each is picked as often as its weight says, whatever the weights add up to; not as their order would."""
    counts = np.bincount(stream().pick(PATHS, shares([30, 5, 15])), minlength=3)
    assert counts_fit(counts, np.array([0.6, 0.1, 0.3]))
    assert not counts_fit(counts, np.array([0.6, 0.3, 0.1]))


@pytest.mark.parametrize("chance", [0, 0.004, 0.5, 0.93, 1])
def test_chances_are_kept(chance):
    """What happens with a chance happens that often: never at 0, always at 1."""
    happened = stream().happen(PATHS, chance).mean()
    assert abs(happened - chance) <= 4 * np.sqrt(chance * (1 - chance) / N)


STREAMS = {
    "purposes": (stream(Purpose.THINK), stream(Purpose.TOOL_TIME)),
    "seeds": (stream(seed=7), stream(seed=8)),
    "replicates": (stream(replicate=0), stream(replicate=1)),
    "attempts": (stream(attempt=0), stream(attempt=1)),
    "a seed and a replicate": (stream(seed=7, replicate=8), stream(seed=8, replicate=7)),
}


@pytest.mark.parametrize("between", STREAMS)
def test_streams_know_nothing_of_each_other(between):
    """Two streams are uncorrelated, also when one is shifted, and their pairs fill the square evenly."""
    one, other = (each.uniforms(PATHS) for each in STREAMS[between])
    for shift in range(-3, 4):
        assert abs(np.corrcoef(one, np.roll(other, shift))[0, 1]) < 4 / N**0.5
    counts = np.histogram2d(one, other, bins=8)[0].ravel()
    assert counts_fit(counts, np.full(64, 1 / 64))


def test_a_shifted_copy_would_be_seen():
    """A stream compared with itself, one path further, is caught."""
    drawn = stream().uniforms(PATHS)
    assert abs(np.corrcoef(drawn, drawn)[0, 1]) > 4 / N**0.5
    assert not counts_fit(np.histogram2d(drawn, drawn, bins=8)[0].ravel(), np.full(64, 1 / 64))


def test_neighbours_know_nothing_of_each_other():
    """Draws of neighbouring paths, and of a parent and its child, are uncorrelated."""
    drawn = stream().uniforms(PATHS)
    children = stream().uniforms(PATHS << np.int64(11))
    for shift in (1, 2, 3):
        assert abs(np.corrcoef(drawn[shift:], drawn[:-shift])[0, 1]) < 4 / N**0.5
    assert abs(np.corrcoef(drawn, children)[0, 1]) < 4 / N**0.5


def test_every_purpose_has_a_stream_of_its_own():
    """No two purposes, attempts or replicates share a key."""
    keys = [
        Streams(seed, replicate).of(purpose, attempt).key
        for seed in (0, 1, MASK)
        for replicate in range(20)
        for purpose in Purpose
        for attempt in range(16)
    ]
    assert len(set(keys)) == len(keys)
