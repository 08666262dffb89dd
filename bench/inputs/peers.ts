/** The peers' single operations, as tasks that make the ratios of whatever group they are added to. */
import { createECDH, type KeyObject, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { type Compared, must, type Task } from '../measure.ts';
import type { Work } from '../work.ts';
import { keyObject, type Signed, signatures } from './signatures.ts';

/** Operations of one run: enough for the clock, few enough for noble, which takes about a millisecond each. */
const NATIVE_BATCH = 32;
const NOBLE_BATCH = 4;

/** Tasks of the peers for all that is to be compared with them. */
export function peerTasks(compared: readonly Compared[]): Task[] {
  if (compared.length === 0) return [];
  const needs = (operation: keyof Work): boolean => compared.some(({ work }) => work[operation] > 0);
  const signed = signatures(NATIVE_BATCH);
  return [...(needs('verify') ? verifications(signed) : []), ...(needs('multiply') ? multiplications(signed) : [])];
}

function verifications(signed: readonly Signed[]): Task[] {
  const keys = signed.map(({ key }) => keyObject(key));
  const few = signed.slice(0, NOBLE_BATCH).map((one) => ({ ...one, sec1: uncompressed(one.key) }));
  return [
    peer('nodeCrypto', 'verify', NATIVE_BATCH, () => {
      for (const [i, { input, signature }] of signed.entries()) {
        must(nodeVerify(keys[i] as KeyObject, input, signature), 'node:crypto refuses a signature');
      }
    }),
    peer('noble', 'verify', NOBLE_BATCH, () => {
      for (const { signature, input, sec1 } of few) {
        must(p256.verify(signature, input, sec1, { lowS: false }), 'noble refuses a signature');
      }
    }),
  ];
}

/**
 * A point times a scalar. node:crypto has no such thing: what comes nearest is ECDH, which also reads the point and checks it,
 * and takes the same time for every scalar, since it is meant for secrets.
 */
function multiplications(signed: readonly Signed[]): Task[] {
  const scalars = signed.map(({ signature }) => signature.subarray(32));
  const points = signed.map(({ key }) => uncompressed(key));
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalars[0] as Uint8Array);
  const few = points.slice(0, NOBLE_BATCH).map((point) => p256.Point.fromBytes(point));
  const numbers = scalars.map((scalar) => BigInt(`0x${Buffer.from(scalar).toString('hex')}`));
  return [
    peer('nodeCrypto', 'multiply', NATIVE_BATCH, () => {
      for (const point of points) must(ecdh.computeSecret(point).length === 32, 'ECDH');
    }),
    peer('noble', 'multiply', NOBLE_BATCH, () => {
      for (const [i, point] of few.entries())
        must(!point.multiplyUnsafe(numbers[i] as bigint).is0(), 'noble multiplies');
    }),
  ];
}

function peer(name: 'nodeCrypto' | 'noble', operation: keyof Work, batch: number, run: () => void): Task {
  return {
    operation: `${name} ${operation}`,
    kernel: name,
    batch,
    run,
    isPeer: true,
    makes: { peer: name, operation },
  };
}

export function nodeVerify(key: KeyObject, input: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function uncompressed(key: Uint8Array): Uint8Array {
  return Uint8Array.of(4, ...key);
}
