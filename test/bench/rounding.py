"""The Quick study in float32 and in float64, to see what of its spectrum is rounding (docs/decisions/0004). Needs NumPy:
python3 test/bench/rounding.py. The starts are random ones of its own, not the study's seeds."""

import numpy as np

MODULUS, TRAIN, WIDTH = 31, 576, 512
RATE, EPOCHS, WINDOW = 0.002, 220, 20
LATE = slice(179, 220)


def train(seed, weight_decay, dtype):
    """Of each step: sigma1 and sigma2/sigma3 of the updates of W; NaN until the window is full."""
    random = np.random.default_rng(seed)
    inputs = 2 * MODULUS
    start_w = random.uniform(-1, 1, (WIDTH, inputs)) / np.sqrt(inputs)
    start_v = random.uniform(-1, 1, (MODULUS, WIDTH)) / np.sqrt(WIDTH)
    weights = [start.astype(np.float32).astype(dtype) for start in (start_w, start_v)]
    pairs = random.permutation(MODULUS**2)[:TRAIN]
    a, b = pairs // MODULUS, pairs % MODULUS
    rows = np.arange(TRAIN)
    x, y = np.zeros((TRAIN, inputs), dtype), np.zeros((TRAIN, MODULUS), dtype)
    x[rows, a] = x[rows, MODULUS + b] = y[rows, (a + b) % MODULUS] = 1
    first = [np.zeros_like(each) for each in weights]
    second = [np.zeros_like(each) for each in weights]
    updates, measured = [], []
    for step in range(1, EPOCHS + 1):
        hidden = x @ weights[0].T
        features = hidden * hidden
        residual = features @ weights[1].T - y
        residual = (residual - residual.mean(1, keepdims=True)) * dtype(2 / TRAIN)
        gradients = [(residual @ weights[1] * 2 * hidden).T @ x, residual.T @ features]
        for i, gradient in enumerate(gradients):
            gradient = gradient + dtype(weight_decay) * weights[i]
            first[i] = dtype(0.9) * first[i] + dtype(0.1) * gradient
            second[i] = dtype(0.999) * second[i] + dtype(0.001) * gradient**2
            root = np.sqrt(second[i] / dtype(1 - 0.999**step)) + dtype(1e-8)
            moved = weights[i] - dtype(RATE) * (first[i] / dtype(1 - 0.9**step)) / root
            if i == 0:
                updates = [*updates, (moved - weights[0]).astype(np.float64).ravel()][-WINDOW:]
            weights[i] = moved
        if len(updates) < WINDOW:
            measured.append((np.nan, np.nan))
            continue
        window = np.array(updates)
        sigma = np.linalg.eigvalsh(window @ window.T)[::-1]
        measured.append((sigma[0], sigma[1] / sigma[2]))
    return np.array(measured)


for condition, weight_decay in (("grokking", 5e-4), ("control", 0.0)):
    for seed in range(3):
        for dtype in (np.float32, np.float64):
            sigma1, ratio = np.median(train(seed, weight_decay, dtype)[LATE], axis=0)
            print(f"{condition} {seed} {dtype.__name__}: late sigma1 {sigma1:.3g}, sigma2/sigma3 {ratio:.4g}", flush=True)
