"""Write and read the artefact, and the reference vectors that other implementations are checked against."""

import json
import struct
from pathlib import Path

import numpy as np
import xxhash

from table import Pieces, direction

MAGIC, FORMAT, NAME = b"EBBEMBED", 1, "ebbmark-static-1"


def quantised(weighted):
    """Rows as int8 and one float32 scale each."""
    scale = (np.abs(weighted).max(axis=1) / 127).astype(np.float32)
    rows = np.rint(weighted / np.where(scale > 0, scale, 1)[:, None]).clip(-127, 127).astype(np.int8)
    return scale, rows


def dequantised(scale, rows):
    """The rows as the rule uses them."""
    return scale[:, None] * rows.astype(np.float32)


def packed(tokens, weighted, unknown, name=NAME):
    """The bytes of the artefact."""
    scale, rows = quantised(weighted)
    raw = [t.encode() for t in tokens]
    label = name.encode()
    label += b"\0" * (-(48 + len(label)) % 8)
    body = struct.pack("<fI", unknown, 0) + label + scale.astype("<f4").tobytes() + rows.tobytes()
    body += np.array([len(t) for t in raw], "<u2").tobytes() + b"".join(raw)
    head = MAGIC + struct.pack("<IIIIQQ", FORMAT, rows.shape[1], len(tokens), len(name.encode()), 40 + len(body), xxhash.xxh3_64_intdigest(body))
    return head + body


def unpacked(data):
    """(tokens, scale, rows, unknown, name) of an artefact, its checksum checked."""
    form, dims, count, size, length, check = struct.unpack_from("<IIIIQQ", data, 8)
    assert data[:8] == MAGIC and form == FORMAT and length == len(data) and check == xxhash.xxh3_64_intdigest(data[40:])
    (unknown,) = struct.unpack_from("<f", data, 40)
    name = data[48:48 + size].decode()
    at = 48 + size + (-(48 + size) % 8)
    scale = np.frombuffer(data, "<f4", count, at)
    rows = np.frombuffer(data, np.int8, count * dims, at + 4 * count).reshape(count, dims)
    lengths = np.frombuffer(data, "<u2", count, at + 4 * count + count * dims)
    at += 6 * count + count * dims
    tokens = []
    for n in lengths.tolist():
        tokens.append(data[at:at + n].decode())
        at += n
    assert at == len(data)
    return tokens, scale, rows, np.float32(unknown), name


def vector(pieces, scale, rows, unknown):
    """One text's vector in float32, piece after piece, as the format's rule says."""
    total = np.zeros(rows.shape[1], np.float32)
    for p in pieces:
        total += unknown * direction(p, len(total)) if isinstance(p, str) else scale[p] * rows[p].astype(np.float32)
    if not np.any(total):
        total = direction("", len(total))
    return total / np.sqrt(np.sum(total * total, dtype=np.float32))


def reference(data, texts, with_vectors):
    """Texts with their pieces (row numbers, or the string of an unknown piece) and, for the first of them, vectors."""
    tokens, scale, rows, unknown, name = unpacked(data)
    p, out = Pieces(tokens), []
    for i, text in enumerate(texts):
        pieces = p.text(text)
        entry = {"text": text, "pieces": pieces}
        if i in with_vectors:
            entry["vector"] = [round(float(x), 6) for x in vector(pieces, scale, rows, unknown)]
        out.append(entry)
    return {"artefact": name, "xxh3": f"{xxhash.xxh3_64_intdigest(data[40:]):016x}", "dimensions": int(rows.shape[1]), "texts": out}


def sample():
    """Two hundred texts of many kinds; the first forty carry their vectors."""
    base = [
        "", " ", "\t\n", "a", "The quick brown fox jumps over the lazy dog.", "Priya: We finally moved the piano into the new flat last night, what a relief!",
        "Where did Priya put the piano?", "!!! ... ???", "—–·•", "naïve café Ångström ÀÉÎÕÜ Straße İstanbul ΑΣΠΡΟΣ", "東京は日本の首都です。", "我喜欢学习新的语言", "서울은 대한민국의 수도이다",
        "สวัสดีครับ ยินดีต้อนรับ", "مرحبا بالعالم، كيف حالك؟", "Привет, мир! Ёлка и Йод", "שלום עולם", "नमस्ते दुनिया", "😀 party 🎉🎉 time 👩‍👩‍👧", "fn main() { println!(\"{}\", x[0] + 1); }",
        "SELECT id, name FROM users WHERE age >= 21 ORDER BY name;", "https://example.org/a/b?c=d&e=%20f#g", "supercalifragilisticexpialidocious", "x" * 250, "pneumono" * 40,
        "buffalo buffalo buffalo buffalo", "the the the the the the", "zero\u0000width\u200bjoin\u00adsoft\ufeff\ufffd", "tab\there\r\nnew\u2028line\u00a0nbsp\u3000wide", "It's 3.14, isn't it? e-mail: bob_smith@example.com",
        "don’t “quote” me…", "①②③ ½ ² ™ ﬁ ﬀ Å", "e\u0301 o\u0308 n\u0303 a\u0328", "𝕳𝖊𝖑𝖑𝖔 𝟙𝟚𝟛", "\u0b95\u0bcd\u0b95 ക്ഷ ꙮ ᚠᛇᚻ", "$100 + 20% = £3 ^ ~ ` | < >", "２０２１年１月 ＡＢＣ", "Who directed the film starring Zbigniew Szczepański?",
        "Ngũgĩ wa Thiong'o wrote \"Petals of Blood\" in 1977.", "In 1893, Nikola Tesla lit the World's Columbian Exposition in Chicago with alternating current; visitors from 46 nations walked under more than 100,000 lamps. " * 3,
    ]
    words = ("memory agent Amelia Lisbon 2024 recipe tomato pull-request café compiler birthday piano Ōsaka Łódź 北京 data-set Müller's it’s quarterly O'Brien C++ "
             "kubectl get_pods() 7:45pm $5.99 marathon ukulele — grandmother résumé Thai ภาษา Кот ελιά ❤️ [x] #tag @user v1.2.3").split(" ")
    state = 7
    while len(base) < 200:
        line = []
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        for _ in range(1 + (state >> 33) % 24):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            line.append(words[(state >> 33) % len(words)])
        base.append(" ".join(line))
    return base


def write(path, data):
    """Write beside the place and move: a reader never sees half a file."""
    path = Path(path)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)


def publish(folder, data):
    """The artefact and its reference vectors in a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    table = reference(data, sample(), set(range(40)))
    write(Path(folder) / f"{NAME}.bin", data)
    write(Path(folder) / "vectors.json", json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode())
