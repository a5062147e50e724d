"""The teacher: all-MiniLM-L6-v2 as an OpenVINO graph, built from its safetensors file."""

import numpy as np
import openvino as ov
from openvino import opset13 as op
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH = 6, 12, 384


def build(weights):
    """A graph from (ids, mask) to unit-length mean-pooled vectors of 384 numbers."""
    w = {name: np.ascontiguousarray(value) for name, value in weights.items()}

    def const(value, dtype=np.float32):
        return op.constant(np.asarray(value, dtype))

    def dense(x, name):
        return op.add(op.matmul(x, const(w[name + ".weight"]), False, True), const(w[name + ".bias"]))

    def norm(x, name):
        x = op.mvn(x, const([-1], np.int64), True, 1e-12, "inside_sqrt")
        return op.add(op.multiply(x, const(w[name + ".weight"])), const(w[name + ".bias"]))

    ids = op.parameter([-1, -1], np.int32, name="ids")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    length = op.gather(op.shape_of(ids), const(1, np.int64), const(0, np.int64))
    positions = op.range(const(0, np.int64), length, const(1, np.int64), "i64")
    x = op.gather(const(w["embeddings.word_embeddings.weight"]), ids, const(0, np.int64))
    p = op.gather(const(w["embeddings.position_embeddings.weight"]), positions, const(0, np.int64))
    x = op.add(op.add(x, p), const(w["embeddings.token_type_embeddings.weight"][0]))
    x = norm(x, "embeddings.LayerNorm")
    bias = op.multiply(op.subtract(mask, const(1.0)), const(1e9))
    bias = op.unsqueeze(op.unsqueeze(bias, const(1, np.int64)), const(1, np.int64))

    def heads(y):
        y = op.reshape(y, const([0, 0, HEADS, WIDTH // HEADS], np.int64), True)
        return op.transpose(y, const([0, 2, 1, 3], np.int64))

    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        q, k, v = (heads(dense(x, at + "attention.self." + n)) for n in ("query", "key", "value"))
        y = op.scaled_dot_product_attention(q, k, v, bias)
        y = op.reshape(op.transpose(y, const([0, 2, 1, 3], np.int64)), const([0, 0, WIDTH], np.int64), True)
        x = norm(op.add(x, dense(y, at + "attention.output.dense")), at + "attention.output.LayerNorm")
        y = dense(op.gelu(dense(x, at + "intermediate.dense"), "erf"), at + "output.dense")
        x = norm(op.add(x, y), at + "output.LayerNorm")
    wide = op.unsqueeze(mask, const(2, np.int64))
    x = op.divide(op.reduce_sum(op.multiply(x, wide), const([1], np.int64)),
                  op.reduce_sum(wide, const([1], np.int64)))
    x = op.normalize_l2(x, const([1], np.int64), 1e-12, "max")
    return ov.Model([x], [ids, mask], "teacher")


def compiled(path, threads=1, precision="bf16"):
    """The compiled teacher; `precision` is what its matrix products are done in."""
    core = ov.Core()
    return core.compile_model(build(load_file(path)), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": precision,
    })


def encode(model, ids):
    """Unit vectors (float32) of one batch of token id lists, [CLS] and [SEP] included."""
    width = max(map(len, ids))
    table = np.zeros((len(ids), width), np.int32)
    mask = np.zeros((len(ids), width), np.float32)
    for row, line in enumerate(ids):
        table[row, : len(line)] = line
        mask[row, : len(line)] = 1
    return model([table, mask])[0].copy()
