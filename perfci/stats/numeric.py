"""Special functions at fractional arguments, so that deciding never has to import scipy.

Everything takes scalars or arrays, broadcasts, and is tested against scipy to 1e-10 relative.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SHIFT = 16
"""From this argument up the asymptotic series below are good to the last few bits."""


def _raised(x: ArrayLike) -> tuple[Floats, Floats]:
    """Return x raised by whole steps to `_SHIFT`, and the points passed on the last axis.

    The axis is filled up with infinities, where the terms of every recurrence below are 0.
    """
    at = np.asarray(x, dtype=np.float64)
    steps = np.maximum(np.ceil(_SHIFT - at), 0.0)
    count = np.arange(float(_SHIFT))
    passed = np.where(count < steps[..., None], at[..., None] + count, np.inf)
    return at + steps, passed


def digamma(x: ArrayLike) -> Floats:
    """Return the derivative of ln gamma at x > 0.

    Source: Abramowitz and Stegun 6.3.5 and 6.3.18.
    """
    z, passed = _raised(x)
    w = 1.0 / (z * z)
    tail = w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w / 132))))
    return np.asarray(np.log(z) - 0.5 / z - tail - np.sum(1.0 / passed, axis=-1))


def trigamma(x: ArrayLike) -> Floats:
    """Return the second derivative of ln gamma at x > 0.

    Source: Abramowitz and Stegun 6.4.6 and 6.4.12.
    """
    z, passed = _raised(x)
    w = 1.0 / (z * z)
    tail = 1 / 6 - w * (1 / 30 - w * (1 / 42 - w * (1 / 30 - w * 5 / 66)))
    return np.asarray(1.0 / z + 0.5 * w + tail * w / z + np.sum(passed**-2.0, axis=-1))


def _tetragamma(x: ArrayLike) -> Floats:
    z, passed = _raised(x)
    w = 1.0 / (z * z)
    tail = 0.5 - w * (1 / 6 - w * (1 / 6 - w * (3 / 10 - w * 5 / 6)))
    return np.asarray(-w - w / z - tail * w * w - np.sum(2.0 * passed**-3.0, axis=-1))


def inverse_trigamma(y: ArrayLike) -> Floats:
    """Return the x > 0 with trigamma(x) = y, for y > 0.

    Newton's method on 1 / trigamma, which is nearly linear, so that it converges from one side.

    Source: Smyth, Linear models and empirical Bayes methods, 2004, appendix.
    """
    wanted = np.asarray(y, dtype=np.float64)
    x = 0.5 + 1.0 / wanted
    for _ in range(60):
        value = trigamma(x)
        step = value * (1.0 - value / wanted) / _tetragamma(x)
        # at tiny y the start is already exact to rounding, and a step must not leave the domain
        x = np.maximum(x + step, 0.1 * x)
        if np.all(np.abs(step) <= 1e-15 * x):
            break
    return x


def _log_gamma_half_step(a: Floats) -> Floats:
    """Return ln gamma(a + 1/2) - ln gamma(a) without the cancellation of the two."""
    z, passed = _raised(a)
    w = 1.0 / (z * z)
    tail = 1 / 8 - w * (1 / 192 - w * (1 / 640 - w * (17 / 14336 - w * 31 / 18432)))
    return np.asarray(0.5 * np.log(z) - tail / z - np.sum(np.log1p(0.5 / passed), axis=-1))


def _beta_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """Evaluate the continued fraction of the incomplete beta function by Lentz's method.

    Source: Press et al., Numerical Recipes, 3rd edition, equation 6.4.5.
    """
    tiny = 1e-300
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / np.where(np.abs(d) < tiny, tiny, d)
    c = np.ones_like(d)
    value = d
    for m in range(1, 2000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = np.ones_like(d)
        for term in (even, odd):
            d = 1.0 + term * d
            d = 1.0 / np.where(np.abs(d) < tiny, tiny, d)
            c = 1.0 + term / c
            c = np.where(np.abs(c) < tiny, tiny, c)
            change = change * (d * c)
        value = value * change
        if np.all(np.abs(change - 1.0) < 1e-15):
            break
    return value


def _log_beta(nu: Floats) -> Floats:
    """Return ln B(nu / 2, 1 / 2)."""
    return np.asarray(0.5 * np.log(np.pi) - _log_gamma_half_step(0.5 * nu))


def _log_tail(t: Floats, nu: Floats, log_beta: Floats) -> Floats:
    """Return ln P(T > t) for t > 0: half the incomplete beta function at nu / (nu + t^2)."""
    a = 0.5 * nu
    log_x = -np.log1p(t * t / nu)
    x = np.exp(log_x)
    rest = t * t / (nu + t * t)
    log_rest = 2.0 * np.log(t) - np.log(nu + t * t)
    direct = x < (a + 1.0) / (a + 2.5)
    first, second = np.where(direct, a, 0.5), np.where(direct, 0.5, a)
    front = a * log_x + 0.5 * log_rest - np.log(first) - log_beta
    fraction = _beta_fraction(first, second, np.where(direct, x, rest))
    log_part = front + np.log(fraction)
    complement = np.log1p(-np.exp(np.where(direct, -1.0, np.minimum(log_part, -1e-300))))
    tail = np.where(direct, log_part, complement)
    return np.asarray(tail + np.log(0.5), dtype=np.float64)


def t_sf(x: ArrayLike, nu: ArrayLike) -> Floats:
    """Return P(T > x) for Student's t with nu > 0 degrees of freedom.

    Accurate in the far upper tail: it is never computed as 1 minus something.
    """
    at, degrees = np.broadcast_arrays(
        np.asarray(x, dtype=np.float64), np.asarray(nu, dtype=np.float64)
    )
    size = np.clip(np.abs(at), 1e-150, 1e150)
    tail = np.exp(_log_tail(size, degrees, _log_beta(degrees)))
    tail = np.where(np.isinf(at), 0.0, tail)
    tail = np.where(at < 0.0, 1.0 - tail, tail)
    return np.asarray(np.where(np.isnan(at), np.nan, tail), dtype=np.float64)


def t_quantile(p: ArrayLike, nu: ArrayLike) -> Floats:
    """Return the x with P(T <= x) = p, for 0 < p < 1 and nu > 0.

    Halley's method for ln P(T > x) as a function of ln x: a concave function, so that it
    converges from the right without a bracket.
    """
    level, degrees = np.broadcast_arrays(
        np.asarray(p, dtype=np.float64), np.asarray(nu, dtype=np.float64)
    )
    tail = np.minimum(level, 1.0 - level)
    target = np.log(tail)
    # right of the root, as the normal tail lies below exp(-z^2 / 2) / 2
    square = np.maximum(-2.0 * np.log(2.0 * tail), 1e-30)
    u = 0.5 * (np.log(degrees) + np.log(np.expm1(np.minimum(square / degrees, 600.0))))
    log_beta = _log_beta(degrees)
    scale = -log_beta - 0.5 * np.log(degrees)
    for _ in range(100):
        t = np.exp(u)
        log_tail = _log_tail(t, degrees, log_beta)
        log_density = scale - 0.5 * (degrees + 1.0) * np.log1p(t * t / degrees)
        slope = t * np.exp(log_density - log_tail)
        # by how much the slope changes with a step, as a share of it
        bend = 1.0 + slope - (degrees + 1.0) * t * t / (degrees + t * t)
        step = (log_tail - target) / slope
        step = step / (1.0 + 0.5 * np.maximum(step * bend, -1.0))
        u = np.clip(u + step, -340.0, 340.0)
        if np.all(np.abs(step) < 1e-8):  # the error is now far below its square
            break
    upper = np.where(tail == 0.5, 0.0, np.exp(u))
    return np.where(level < 0.5, -upper, upper)
