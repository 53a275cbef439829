"""The codec of PRV/1, written from docs/protocol.md. Records are dicts, as in docs/prv1-vectors.json."""

import struct

FRAME = struct.Struct(">3sBIQ")
HEAD = struct.Struct(">BBBBI")
TYPES = {
    "HELLO": 0x01, "WELCOME": 0x02, "HEARTBEAT": 0x03, "ACKNOWLEDGE": 0x04, "GOODBYE": 0x05, "READY": 0x06,
    "CREDIT": 0x07, "DRAIN": 0x08, "REQUEST": 0x10, "REPLY": 0x11, "CANCEL": 0x12, "PROGRESS": 0x13,
}
NAMES = {code: name for name, code in TYPES.items()}
STATUSES = [
    "OK", "HANDLER_FAILED", "BUSY", "EXPIRED", "NO_WORKERS", "REDELIVERY_EXHAUSTED", "NOT_ACTIVE", "STALE_EPOCH",
    "TOO_LARGE", "UNAUTHORIZED", "WORKER_LOST", "UNKNOWN_PEER",
]
FIXED = {  # What follows the eight bytes that all records begin with.
    "HELLO": struct.Struct(">16sII"), "WELCOME": struct.Struct(">16sIIII"), "HEARTBEAT": struct.Struct(""),
    "ACKNOWLEDGE": struct.Struct(">Q"), "GOODBYE": struct.Struct(""), "READY": struct.Struct(">16sIIBBH"),
    "CREDIT": struct.Struct(">Q"), "DRAIN": struct.Struct(""), "REQUEST": struct.Struct(">QQBBH"),
    "REPLY": struct.Struct(">QIB3s"), "CANCEL": struct.Struct(">Q"), "PROGRESS": struct.Struct(">Q"),
}
DETACHED, ONCE, VOTE, STANDBY, ACKNOWLEDGES, TAKEOVER, ELSEWHERE = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40
WELCOME_FLAGS = {STANDBY: "standby", ACKNOWLEDGES: "acknowledges", TAKEOVER: "takeover"}
NO_TTL = 0xFFFFFFFFFFFFFFFF
PARTS_MAX = 254
MESSAGE_BYTES_MIN, BATCH_BYTES, DETACH_BYTES = 256, 128 * 1024, 8 * 1024
MESSAGE_BYTES_MAX = 1 << 20


class Malformed(Exception):
    """The rest of a message cannot be read."""


def is_prv(frames):
    return len(frames) > 0 and len(frames[0]) >= FRAME.size and frames[0][:3] == b"PRV"


def decode(frames):
    """Yields the records of a message as dicts; raises Malformed where they end too early."""
    if not is_prv(frames):
        raise Malformed("no PRV frame")
    frame = frames[0]
    _, version, _, _ = FRAME.unpack_from(frame)
    if version != 1:
        raise Malformed(f"version {version}")
    at, detached = FRAME.size, False
    while at < len(frame):
        if len(frame) - at < HEAD.size:
            raise Malformed("record cut off")
        code, flags, second, third, length = HEAD.unpack_from(frame, at)
        if not HEAD.size <= length <= len(frame) - at:
            raise Malformed(f"length {length}")
        name, rest, at = NAMES.get(code), frame[at + HEAD.size : at + length], at + length
        if name is None:
            if code < 0x80:
                raise Malformed(f"unknown mandatory type {code}")
            continue
        if len(rest) < FIXED[name].size:
            raise Malformed(f"{name} too short")
        parts = None
        if name in ("REQUEST", "REPLY") and flags & DETACHED:
            if at != len(frame):
                raise Malformed("a detached body before another record")
            detached, parts = True, frames[1:]
        yield decode_record(name, flags, second, third, rest, parts)
    if len(frames) > 1 and not detached:
        raise Malformed("frames that nobody announced")


def decode_record(name, flags, second, third, rest, parts):
    fields, tail = FIXED[name].unpack_from(rest), rest[FIXED[name].size :]
    record = {"type": name}
    if name == "HELLO":
        record.update(peer=fields[0].hex(), messageBytesMax=fields[1])
        if flags & VOTE:
            record.update(vote=True)
    elif name == "WELCOME":
        record.update(zip(("heartbeatMillis", "messageBytesMax", "inFlightMax"), fields[1:4]), peer=fields[0].hex())
        for flag, field in WELCOME_FLAGS.items():
            if flags & flag:
                record.update({field: True})
    elif name == "READY":
        peer, credit, longest, service_length, concurrency, held = fields
        if len(tail) < service_length + 8 * held:
            raise Malformed("READY too short for what it holds")
        ids = struct.unpack_from(f">{held}Q", tail, service_length)
        service = decode_service(tail[:service_length])
        record.update(peer=peer.hex(), credit=credit, messageBytesMax=longest, service=service, held=list(ids))
        if concurrency:
            record.update(concurrency=concurrency)
        if flags & TAKEOVER:
            record.update(takeover=True)
    elif name == "REQUEST":
        number, ttl, service_length, count, headers_length = fields
        body_at = service_length + headers_length
        if NO_TTL > ttl >= 1 << 63:
            raise Malformed("time to live")
        if len(tail) < body_at:
            raise Malformed("service and headers too long")
        record.update(
            id=number, attempt=second << 8 | third, once=bool(flags & ONCE), ttlMicros=-1 if ttl == NO_TTL else ttl,
            service=decode_service(tail[:service_length]),
            headers=decode_headers(tail[service_length:body_at]), body=decode_body(count, tail[body_at:], parts))
        if flags & ELSEWHERE:
            record.update(elsewhere=True)
    elif name == "REPLY":
        record.update(id=fields[0], status=status(second), attempts=third, retryAfterMillis=fields[1])
        record.update(body=decode_body(fields[2], tail, parts))
    elif name == "GOODBYE":
        record.update(status=status(second))
    elif fields:
        record.update(id=fields[0])
    return record


def decode_service(data):
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        raise Malformed("a service name that is no UTF-8") from problem


def status(code):
    if code >= len(STATUSES):
        raise Malformed(f"unknown status {code}")
    return STATUSES[code]


def decode_body(count, inline, parts):
    if not 1 <= count <= PARTS_MAX:
        raise Malformed(f"a body of {count} parts")
    if parts is not None:
        if inline or count != len(parts):
            raise Malformed("detached body does not fit its frames")
        return list(parts)
    if count == 1:
        return [inline]
    body, at = [], 0
    for _ in range(count):
        if len(inline) - at < 4:
            raise Malformed("part cut off")
        end = at + 4 + int.from_bytes(inline[at : at + 4], "big")
        if end > len(inline):
            raise Malformed("part cut off")
        body.append(inline[at + 4 : end])
        at = end
    if at != len(inline):
        raise Malformed("bytes behind the last part")
    return body


def decode_headers(data):
    headers, at = {}, 0
    while len(data) - at >= 3:
        name_end = at + 1 + data[at]
        value_end = name_end + 2 + int.from_bytes(data[name_end : name_end + 2], "big")
        if data[at] == 0 or name_end + 2 > len(data) or value_end > len(data):
            break
        headers[data[at + 1 : name_end].decode(errors="replace")] = data[name_end + 2 : value_end].decode(
            errors="replace")
        at = value_end
    return headers


def encode_headers(headers):
    data = b""
    for name, value in headers.items():
        data += struct.pack(">B", len(name.encode())) + name.encode()
        data += struct.pack(">H", len(value.encode())) + value.encode()
    return data


def encode_record(record, room):
    """Returns the record's bytes and its detached parts, none if the body fits in ``room`` bytes of record."""
    name, flags, two, body = record["type"], 0, 0, record.get("body")
    tail = b""
    if name == "HELLO":
        fields = (bytes.fromhex(record["peer"]), record["messageBytesMax"], 0)
        flags = VOTE if record.get("vote") else 0
    elif name == "WELCOME":
        fields = (bytes.fromhex(record["peer"]), record["heartbeatMillis"], record["messageBytesMax"])
        fields += (record["inFlightMax"], 0)
        flags = sum(flag for flag, field in WELCOME_FLAGS.items() if record.get(field))
    elif name == "READY":
        tail, held = record["service"].encode(), record["held"]
        flags = TAKEOVER if record.get("takeover") else 0
        fields = (bytes.fromhex(record["peer"]), record["credit"], record["messageBytesMax"], len(tail))
        fields += (record.get("concurrency", 0), len(held))
        tail += struct.pack(f">{len(held)}Q", *held)
    elif name == "REQUEST":
        service, headers = record["service"].encode(), encode_headers(record["headers"])
        ttl = NO_TTL if record["ttlMicros"] < 0 else record["ttlMicros"]
        fields, tail = (record["id"], ttl, len(service), len(body), len(headers)), service + headers
        flags, two = ONCE if record["once"] else 0, min(record["attempt"], 0xFFFF)
        flags |= ELSEWHERE if record.get("elsewhere") else 0
    elif name == "REPLY":
        fields = (record["id"], record["retryAfterMillis"], len(body), b"\0\0\0")
        two = STATUSES.index(record["status"]) << 8 | min(record["attempts"], 0xFF)
    else:
        fields = (record["id"],) if FIXED[name].size else ()
        two = STATUSES.index(record["status"]) << 8 if name == "GOODBYE" else 0
    data, detached = FIXED[name].pack(*fields) + tail, []
    if body is not None:
        inline = body[0] if len(body) == 1 else b"".join(struct.pack(">I", len(part)) + part for part in body)
        if len(inline) > DETACH_BYTES or HEAD.size + len(data) + len(inline) > room:
            flags, detached = flags | DETACHED, list(body)
        else:
            data += inline
    return HEAD.pack(TYPES[name], flags, two >> 8, two & 0xFF, HEAD.size + len(data)) + data, detached


def encode(records, epoch=0, limit=BATCH_BYTES):
    """Returns the messages, each a list of frames, that carry the records to a peer that takes ``limit`` bytes."""
    limit = max(MESSAGE_BYTES_MIN, min(BATCH_BYTES, limit))
    start = FRAME.pack(b"PRV", 1, 0, epoch)
    messages, frame = [], start
    for record in records:
        data, detached = encode_record(record, limit - len(start))
        if len(frame) + len(data) > limit and frame != start:
            messages.append([frame])
            frame = start
        frame += data
        if detached:
            messages.append([frame] + detached)
            frame = start
    return messages + ([[frame]] if frame != start else [])


def to_json(record):
    """Returns the record as the vectors write it: 64-bit numbers as decimal strings, bodies in hexadecimal."""
    record = dict(record)
    for name in ("id", "ttlMicros"):
        if name in record:
            record[name] = str(record[name])
    if "held" in record:
        record["held"] = [str(number) for number in record["held"]]
    if "body" in record:
        record["body"] = [part.hex() for part in record["body"]]
    return record


def from_json(record):
    record = dict(record)
    for name in ("id", "ttlMicros"):
        if name in record:
            record[name] = int(record[name])
    if "held" in record:
        record["held"] = [int(number) for number in record["held"]]
    if "body" in record:
        record["body"] = [bytes.fromhex(part) for part in record["body"]]
    return record


def check_vector(vector):
    """Returns what is wrong about a vector, or None."""
    frames = [bytes.fromhex(frame) for frame in vector["frames"]]
    records, problem = [], None
    try:
        for record in decode(frames):
            records.append(to_json(record))
    except Malformed as malformed:
        problem = str(malformed)
    if (problem is not None) != vector.get("malformed", False):
        return f"malformed: {problem}"
    if records != vector["records"]:
        return f"decoded {records}"
    if "epoch" in vector and FRAME.unpack_from(frames[0])[3] != int(vector["epoch"]):
        return "epoch"
    if vector.get("canonical"):
        encoded = encode(map(from_json, records), int(vector["epoch"]), vector.get("limit", BATCH_BYTES))
        if encoded != [frames]:
            return f"encoded {[[frame.hex() for frame in message] for message in encoded]}"
    return None
