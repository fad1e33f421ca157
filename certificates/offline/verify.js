// The checks of verify.py in a browser, without a network. Words are in page.html.
"use strict";
const encoder = new TextEncoder();
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const latin = (bytes) => { let text = ""; for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192)); return text; };
const raw = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const base64 = (text) => raw(atob(text.replace(/-/g, "+").replace(/_/g, "/")));
const joined = (...parts) => { const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0)); let at = 0; for (const part of parts) { all.set(part, at); at += part.length; } return all; };
const digest = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));

// RFC 8785 for objects of texts, whole numbers and lists: all that a certificate has.
function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value && typeof value === "object") return "{" + Object.keys(value).sort().map((name) => JSON.stringify(name) + ":" + canonical(value[name])).join(",") + "}";
  return JSON.stringify(value);
}

// Ed25519 (RFC 8032, section 6), verification alone.
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a) => { const r = a % P; return r < 0n ? r + P : r; };
function power(base, exponent) { let result = 1n; base = mod(base); while (exponent) { if (exponent & 1n) result = mod(result * base); base = mod(base * base); exponent >>= 1n; } return result; }
const D = mod(-121665n * power(121666n, P - 2n)), ROOT = power(2n, (P - 1n) / 4n);
function add(a, b) {
  const e = mod((a[1] - a[0]) * (b[1] - b[0])), f = mod((a[1] + a[0]) * (b[1] + b[0]));
  const g = mod(2n * a[3] * b[3] * D), h = mod(2n * a[2] * b[2]);
  const i = f - e, j = h - g, k = h + g, m = f + e;
  return [mod(i * j), mod(k * m), mod(j * k), mod(i * m)];
}
function times(scalar, point) { let result = [0n, 1n, 1n, 0n]; while (scalar) { if (scalar & 1n) result = add(result, point); point = add(point, point); scalar >>= 1n; } return result; }
const little = (bytes) => BigInt("0x" + hexOf(Uint8Array.from(bytes).reverse()));
function pointOf(bytes) {
  let y = little(bytes); const sign = y >> 255n; y &= (1n << 255n) - 1n;
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x - square)) x = mod(x * ROOT);
  if (mod(x * x - square) || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}
const BASE = pointOf(bytesOf("58" + "66".repeat(31)));
async function accepts(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const a = pointOf(key), r = pointOf(signature.subarray(0, 32)), s = little(signature.subarray(32));
  if (!a || !r || s >= L) return false;
  const h = little(await digest("SHA-512", joined(signature.subarray(0, 32), key, message))) % L;
  const left = times(s, BASE), right = add(r, times(h, a));
  return mod(left[0] * right[2] - right[0] * left[2]) === 0n && mod(left[1] * right[2] - right[1] * left[2]) === 0n;
}

function read(bytes) {
  if (bytes.length > 10000000) return {};
  try {
    const text = latin(bytes);
    if (text.trimStart().startsWith("{")) return { document: parsed(bytes) };
    const end = text.indexOf("%%EOF");
    if (!text.startsWith("%PDF-") || end < 0) return {};
    const sealed = text.slice(0, end + 5);
    const found = new Set(Array.from(sealed.matchAll(/vung1\.([A-Za-z0-9_-]{40,200000})/g), (match) => match[1]));
    if (found.size !== 1) return {};
    return { document: parsed(base64([...found][0])), sealed, rest: text.slice(end + 5).trim() };
  } catch (error) { return {}; }
}
function parsed(bytes) {
  const document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const texts = [document.key_id, document.signature, ...Object.values(document.payload)];
  if (!texts.every((text) => typeof text === "string") || !("number" in document.payload)) throw new Error("not a certificate");
  return document;
}

async function sealHolds(sealed, keys, stolen) {
  const seals = new Set(Array.from(sealed.matchAll(/seal\.([0-9a-f]{16}\.[A-Za-z0-9_-]{86})/g), (match) => match[1]));
  if (seals.size !== 1) return false;
  const [id, seal] = [...seals][0].split(".");
  if (!Object.hasOwn(keys, id)) return false;
  const blanked = await digest("SHA-256", raw(sealed.replaceAll(seal, "0".repeat(86))));
  const holds = await accepts(bytesOf(keys[id]), joined(encoder.encode("vung certificate file v1\n"), blanked), base64(seal));
  return holds && stolen.includes(id) ? null : holds;
}

async function inLedger(document, ledgerKeys) {
  const ledger = document.ledger;
  if (!ledger || !ledger.checkpoint) return null;
  try {
    const fact = { payload: document.payload, key: document.key_id, signature: document.signature };
    const committed = joined(encoder.encode("vung/fact/1\n"), bytesOf(ledger.salt), encoder.encode(canonical({ fact })));
    if (hexOf(await digest("SHA-256", committed)) !== ledger.entry.commitment || ledger.entry.type !== "certificate.issued") return false;
    const { size, root } = await opened(ledger.checkpoint, ledgerKeys);
    let at = ledger.entry.number - 1, last = size - 1;
    if (at < 0 || at >= size) return false;
    let result = await digest("SHA-256", joined(Uint8Array.of(0), encoder.encode(canonical(ledger.entry))));
    for (const step of ledger.path.map(bytesOf)) {
      if (last === 0) return false;
      if (at % 2 || at === last) {
        result = await digest("SHA-256", joined(Uint8Array.of(1), step, result));
        while (at % 2 === 0 && at) { at = Math.floor(at / 2); last = Math.floor(last / 2); }
      } else result = await digest("SHA-256", joined(Uint8Array.of(1), result, step));
      at = Math.floor(at / 2); last = Math.floor(last / 2);
    }
    return last === 0 && hexOf(result) === root;
  } catch (error) { return false; }
}
async function opened(note, ledgerKeys) {
  const cut = note.lastIndexOf("\n\n"), text = note.slice(0, cut) + "\n";
  for (const known of ledgerKeys) {
    const [name, id, ...encoded] = known.split("+"), key = base64(encoded.join("+")).subarray(1);
    for (const line of note.slice(cut + 2).split("\n").filter(Boolean)) {
      const [dash, signer, signature] = line.split(" "), blob = base64(signature);
      if (dash === "—" && signer === name && hexOf(blob.subarray(0, 4)) === id && await accepts(key, encoder.encode(text), blob.subarray(4))) {
        const [, size, root] = text.split("\n");
        return { size: Number(size), root: hexOf(base64(root)) };
      }
    }
  }
  throw new Error("signed by nobody whom we know");
}

async function check(bytes, keys, ledgerKeys, today, stolen = []) {
  const { document, sealed, rest } = read(bytes);
  if (!document) return { state: "unreadable", paper: {}, findings: [["form", false]] };
  const paper = document.payload, findings = [["form", true]];
  if (!Object.hasOwn(keys, document.key_id)) return { state: "unknown_key", paper, findings: [...findings, ["key", false]] };
  findings.push(["key", true]);
  const message = encoder.encode("vung certificate v1\n" + canonical(paper));
  findings.push(["signature", await accepts(bytesOf(keys[document.key_id]), message, base64(document.signature))]);
  if (sealed !== undefined) {
    findings.push(["file", await sealHolds(sealed, keys, stolen)]);
    if (rest) findings.push(["additions", null]);
  }
  let ledger = await inLedger(document, ledgerKeys);
  if (ledger === null && stolen.includes(document.key_id)) ledger = false;
  findings.push(["ledger", ledger], ["revocation", null]);
  const failed = new Set(findings.filter(([, good]) => good === false).map(([code]) => code));
  let state = "valid";
  if (failed.has("signature") || failed.has("file")) state = "altered";
  else if (failed.has("ledger")) state = "not_in_ledger";
  else if (rest) state = "added_to";
  else if (paper.valid_until && paper.valid_until <= today) state = "expired";
  return { state, paper, findings };
}
