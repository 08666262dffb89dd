/**
 * What must come of one item of a batch, said once more: the rules of IEEE 1609.2 §6.3.23 and FIPS 186-5 §6.4.2 in their
 * order, plainly, with the equation left to others (node:crypto, or @noble/curves for a digest without an input).
 */
import { createPublicKey, type KeyObject, verify as nodeVerify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { RForm, Status } from '../../src/kernel/kernel.ts';
import type { Item } from '../support/batches.ts';
import { concat, fromHex, toHex, toOctets } from '../support/octets.ts';
import { isOnCurve, N } from './p256.ts';

/** SubjectPublicKeyInfo of an uncompressed P-256 key up to its coordinates (RFC 5480 §2). */
const SPKI = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');

/** node:crypto's keys, as importing one costs half a verification; undefined is one that it refused. */
const keys = new Map<string, KeyObject | undefined>();

function importKey(coordinates: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(concat(SPKI, coordinates)), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function keyOf(coordinates: Uint8Array): KeyObject | undefined {
  const name = toHex(coordinates);
  if (!keys.has(name)) {
    if (keys.size > 5000) keys.clear();
    keys.set(name, importKey(coordinates));
  }
  return keys.get(name);
}

/** r: sent as such, or as the x-coordinate of R that is reduced. */
export function rOf(item: Item): bigint {
  return (item.rForm ?? RForm.xOnly) === RForm.xOnly ? item.r : item.r % N;
}

/**
 * The exact status of an item.
 * @throws Error when node:crypto and the rules disagree about a key or a range, which would be a fault of the tests.
 */
export function judge(item: Item): Status {
  const r = rOf(item);
  const inRange = r > 0n && r < N && item.s > 0n && item.s < N;
  const coordinates = concat(toOctets(item.x), toOctets(item.y));
  const key = keyOf(coordinates);
  if (isOnCurve(item) !== (key !== undefined)) throw new Error(`node:crypto judges ${toHex(coordinates)} otherwise`);
  const holds = key !== undefined && equationHolds(item, r, key, coordinates);
  if (!inRange) {
    if (holds) throw new Error(`node:crypto accepts r = ${r.toString(16)}, s = ${item.s.toString(16)}`);
    return Status.scalarOutOfRange;
  }
  if (!key) return Status.notOnCurve;
  return holds ? Status.ok : Status.badSignature;
}

function equationHolds(item: Item, r: bigint, key: KeyObject, coordinates: Uint8Array): boolean {
  const signature = concat(toOctets(r), toOctets(item.s));
  if (item.input.length === 64) return nodeVerify('sha256', item.input, { key, dsaEncoding: 'ieee-p1363' }, signature);
  return p256.verify(signature, item.input, concat(Uint8Array.of(4), coordinates), { prehash: false, lowS: false });
}
