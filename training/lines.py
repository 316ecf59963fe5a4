#!/usr/bin/env python3
"""Train the table that tells the lines of an article from the lines around it, and write src/digest/stages/clean/lines.json.

    PYTHONPATH=src python training/lines.py DATA [--write] [--folds 5]

DATA is a folder with flat_text.dev.jsonl.gz, flat_text.dev.gold.jsonl.gz, injected.dev.jsonl and
injected.dev.gold.jsonl (benchmarks/README.md says where they come from). All kinds of one page are in the same
fold. Gradient-boosted trees on logistic loss (Friedman 2001), best-first, histogram splits; needs numpy only.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from pathlib import Path

import numpy as np

from digest.formats.text import TextFormat
from digest.stages.clean.features import FEATURE_NAMES, feature_table
from digest.stages.clean.recipe import document_from_draft, drop_certain_boilerplate
from digest.stages.clean.trim import choose_kept_lines
from digest.stages.jsonl import raw_from_row

TARGET = Path(__file__).parents[1] / "src" / "digest" / "stages" / "clean" / "lines.json"
WORD = re.compile(r"\w+")
BULLET = re.compile(r"^(?:[-–—•·▪●○◦‣*]|\d{1,2}[.)])\s+")
TREES, LEAVES, RATE, SMOOTH, BINS, ROWS, COLUMNS = 80, 10, 0.12, 5.0, 48, 0.7, 0.5


def rows(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def labels_of(lines, gold):
    known = {" ".join(text.split()) for text in gold} | {BULLET.sub("", " ".join(text.split())) for text in gold}
    tokens = WORD.findall("\n".join(gold))
    grams = {tuple(tokens[i : i + 4]) for i in range(len(tokens) - 3)}
    for line in lines:
        words = WORD.findall(line)
        own = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
        yield (
            line in known
            or BULLET.sub("", line) in known
            or bool(own and sum(g in grams for g in own) >= 0.6 * len(own))
        )


def load(folder):
    """(features, label, dropped by a rule, words, document) of every line; (kind, page) of every document."""
    parts, documents = [], []
    for name, suffix in (("flat_text", ".gz"), ("injected", "")):
        gold = {row["id"]: row for row in rows(folder / f"{name}.dev.gold.jsonl{suffix}")}
        for row in rows(folder / f"{name}.dev.jsonl{suffix}"):
            raw = raw_from_row(row)
            page = document_from_draft(raw, next(iter(TextFormat().read(raw))), None)
            drop_certain_boilerplate(page)
            answer = gold[row["id"]]
            texts = answer.get("paragraphs") or [line for line in answer["body"].split("\n") if line.strip()]
            marks = [reason is not None for reason in page.reasons]
            words = [max(1, len(WORD.findall(line))) for line in page.lines]
            parts.append(
                (feature_table(page), list(labels_of(page.lines, texts)), marks, words, [len(documents)] * len(words))
            )
            documents.append((answer["group"], row["id"].split(":")[-1]))
    x, y, dropped, words, document = (np.array([v for part in parts for v in part[i]], float) for i in range(5))
    return x, y, dropped > 0, words, document.astype(int), documents


def weights(words, document):
    weight = np.log1p(words)
    return weight / np.bincount(document, weight)[document] * len(words) / (document.max() + 1)


def fit(x, y, w, seed=1):
    """(base, trees): a tree is a list of nodes, [feature, threshold, left, right] or a leaf's value."""
    rng = np.random.default_rng(seed)
    edges = [bin_edges(x[:, j]) for j in range(x.shape[1])]
    size = BINS + 2
    offset = np.stack([np.searchsorted(e, x[:, j]) for j, e in enumerate(edges)], 1) + np.arange(x.shape[1]) * size
    base = float(np.log((w * y).sum() / (w * (1 - y)).sum()))
    score, trees = np.full(len(y), base), []
    for _ in range(TREES):
        p = 1 / (1 + np.exp(-score))
        g, h = w * (y - p), w * p * (1 - p)
        chosen = np.flatnonzero(rng.random(len(y)) < ROWS)
        columns = np.sort(rng.choice(x.shape[1], int(x.shape[1] * COLUMNS), replace=False))
        tree = grow(chosen, g, h, offset, columns, edges, size)
        trees.append(tree)
        score += walk(tree, x)
    return base, trees


def bin_edges(column):
    values = np.unique(column)
    if len(values) > BINS:
        return np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1]))
    return (values[1:] + values[:-1]) / 2


def grow(chosen, g, h, offset, columns, edges, size):
    def split(lines):
        flat = offset[lines][:, columns].ravel()
        left_g, left_h = (
            np.bincount(flat, np.repeat(v[lines], len(columns)), offset.shape[1] * size).reshape(-1, size).cumsum(1)
            for v in (g, h)
        )
        all_g, all_h = g[lines].sum(), h[lines].sum()
        gain = (
            left_g**2 / (left_h + SMOOTH)
            + (all_g - left_g) ** 2 / (all_h - left_h + SMOOTH)
            - all_g**2 / (all_h + SMOOTH)
        )
        gain[(left_h < 3) | (all_h - left_h < 3)] = 0
        feature, border = divmod(int(gain.argmax()), size)
        return (
            (float(gain.max()), feature, border) if border < len(edges[feature]) and len(lines) >= 20 else (0.0, 0, 0)
        )

    nodes, leaves = [None], {0: (chosen, split(chosen))}
    for _ in range(LEAVES - 1):
        at = max(leaves, key=lambda leaf: leaves[leaf][1][0])
        lines, (gain, feature, border) = leaves[at]
        if gain <= 0:
            break
        del leaves[at]
        left = offset[lines, feature] - feature * size <= border
        nodes[at] = [feature, round(float(edges[feature][border]), 4), len(nodes), len(nodes) + 1]
        for part in (lines[left], lines[~left]):
            leaves[len(nodes)] = (part, split(part))
            nodes.append(None)
    for at, (lines, _) in leaves.items():
        nodes[at] = round(float(RATE * g[lines].sum() / (h[lines].sum() + SMOOTH)), 4)
    return nodes


def walk(tree, x):
    result, stack = np.zeros(len(x)), [(0, np.arange(len(x)))]
    while stack:
        at, lines = stack.pop()
        node = tree[at]
        if isinstance(node, list):
            left = x[lines, node[0]] <= node[1]
            stack += [(node[2], lines[left]), (node[3], lines[~left])]
        else:
            result[lines] = node
    return result


def predict(model, x):
    return model[0] + sum(walk(tree, x) for tree in model[1])


def report(score, y, dropped, words, document, documents):
    found = {}
    for number, (kind, _) in enumerate(documents):
        at = np.flatnonzero(document == number)
        keep = np.array(choose_kept_lines(list(score[at]), list(dropped[at])), bool)
        true, size = y[at] > 0, words[at]
        hit, kept, all_true = size[keep & true].sum(), size[keep].sum(), size[true].sum()
        found.setdefault(kind, []).append((hit / max(kept, 1), hit / max(all_true, 1)))
    for kind, values in found.items():
        p, r = np.mean(values, 0)
        print(f"{kind:18} words: P {p:.3f} R {r:.3f} F1 {2 * p * r / (p + r):.3f}  (n {len(values)})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"train on all pages and write {TARGET.name}")
    arguments = parser.parse_args()
    x, y, dropped, words, document, documents = load(arguments.data)
    weight = weights(words, document)
    fold = np.array(
        [int(hashlib.md5(page.encode()).hexdigest(), 16) % max(arguments.folds, 1) for _, page in documents]
    )[document]
    if arguments.folds > 1:
        score = np.zeros(len(y))
        for number in range(arguments.folds):
            train = (fold != number) & ~dropped
            score[fold == number] = predict(fit(x[train], y[train], weight[train]), x[fold == number])
        report(score, y, dropped, words, document, documents)
    if arguments.write:
        base, trees = fit(x[~dropped], y[~dropped], weight[~dropped])
        TARGET.write_text(
            json.dumps({"names": FEATURE_NAMES, "base": round(base, 4), "trees": trees}, separators=(",", ":")) + "\n"
        )
        print(f"wrote {TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
