/**
 * The kernel on what the platform brings: node:crypto hashes and verifies 64-octet inputs, @noble/curves verifies digests,
 * decompresses and reconstructs. Slower in bulk than the WASM kernels, and independent of them: it is the one to compare with.
 *
 * node:crypto is asked for at creation, not imported, so that a browser can load this file.
 */
import { p256 } from '@noble/curves/nist.js';
import { checkCompressed, checkReconstructBatch, checkVerifyBatch } from './checks.ts';
import { type Kernel, type PointResult, type ReconstructBatch, RForm, Status, type VerifyBatch } from './kernel.ts';
import type { KernelBatch } from './kernel-batch.ts';
import { type KernelMetrics, noMetrics } from './metrics.ts';
import { type NodeCrypto, nodeCrypto } from './node-crypto.ts';
import { createPortableBatch } from './portable-batch.ts';

type KeyObject = import('node:crypto').KeyObject;

const { Point } = p256;
const CURVE = Point.CURVE();
const P = CURVE.p;
const N = CURVE.n;

/** SubjectPublicKeyInfo of an uncompressed P-256 key up to its coordinates (RFC 5480 §2). */
const SPKI_PREFIX = [
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/** @throws Error where there is no node:crypto. */
export function createNativeKernel(): Kernel {
  const crypto = nodeCrypto();
  if (!crypto) throw new Error("kernel 'native' needs node:crypto, which this platform does not have");
  return new NativeKernel(crypto);
}

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

function toHex(octets: Uint8Array): string {
  let hex = '';
  for (const octet of octets) hex += HEX[octet];
  return hex;
}

function toInteger(octets: Uint8Array): bigint {
  return BigInt(`0x${toHex(octets)}`);
}

function writeInteger(out: Uint8Array, value: bigint): void {
  const hex = value.toString(16).padStart(2 * out.length, '0');
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
}

type PointOfCurve = InstanceType<typeof Point>;

/** The affine octets x ‖ y as a point, or undefined off the curve. */
function affinePoint(octets: Uint8Array): PointOfCurve | undefined {
  const x = toInteger(octets.subarray(0, 32));
  const y = toInteger(octets.subarray(32));
  if (x >= P || y >= P) return undefined;
  if ((y * y - (x * x * x + CURVE.a * x + CURVE.b)) % P !== 0n) return undefined;
  return Point.fromAffine({ x, y });
}

/** A SEC 1 compressed point, or undefined where it is none of the curve. */
function compressedPoint(octets: Uint8Array): PointOfCurve | undefined {
  if (octets[0] !== 2 && octets[0] !== 3) return undefined;
  try {
    return Point.fromBytes(octets);
  } catch {
    return undefined;
  }
}

class NativeKernel implements Kernel {
  readonly name = 'native';
  readonly memoryBytes = 0;
  readonly kernelBatch: KernelBatch = createPortableBatch(this);
  readonly #crypto: NodeCrypto;
  #verified = 0;

  constructor(crypto: NodeCrypto) {
    this.#crypto = crypto;
  }

  /** It has one way, and verifies singly. */
  get metrics(): KernelMetrics {
    return { ...noMetrics(), single: this.#verified };
  }

  sha256(messages: readonly Uint8Array[]): Uint8Array {
    const out = new Uint8Array(32 * messages.length);
    messages.forEach((message, i) => {
      out.set(this.#crypto.createHash('sha256').update(message).digest(), 32 * i);
    });
    return out;
  }

  verify(batch: VerifyBatch): Uint8Array {
    checkVerifyBatch(batch);
    this.#verified += batch.count;
    const out = new Uint8Array(batch.count);
    /** Keys of this call, so that a repeated one is checked and imported once; null is off the curve. */
    const keys = new Map<string, KeyObject | null>();
    const signature = new Uint8Array(64);
    for (let i = 0; i < batch.count; i++) {
      out[i] = this.#verifyOne(batch, i, keys, signature);
      if (out[i] !== Status.badSignature || batch.alternative === undefined) continue;
      const isOther = this.#verifyOne({ ...batch, input: batch.alternative }, i, keys, signature) === Status.ok;
      if (isOther) out[i] = Status.okAlternative;
    }
    return out;
  }

  #verifyOne(batch: VerifyBatch, i: number, keys: Map<string, KeyObject | null>, signature: Uint8Array): Status {
    let r = toInteger(batch.r.subarray(32 * i, 32 * i + 32));
    const s = toInteger(batch.s.subarray(32 * i, 32 * i + 32));
    if (batch.rForm[i] !== RForm.xOnly && r >= N) r -= N;
    if (r === 0n || r >= N || s === 0n || s >= N) return Status.scalarOutOfRange;

    const coordinates = batch.publicKey.subarray(64 * i, 64 * i + 64);
    const name = toHex(coordinates);
    let key = keys.get(name);
    if (key === undefined) {
      key = affinePoint(coordinates) ? this.#import(coordinates) : null;
      keys.set(name, key);
    }
    if (key === null) return Status.notOnCurve;

    writeInteger(signature.subarray(0, 32), r);
    signature.set(batch.s.subarray(32 * i, 32 * i + 32), 32);
    const holds = batch.hashed
      ? p256.verify(signature, batch.input.subarray(32 * i, 32 * i + 32), Uint8Array.of(4, ...coordinates), {
          prehash: false,
          lowS: false,
        })
      : this.#crypto.verify(
          'sha256',
          batch.input.subarray(64 * i, 64 * i + 64),
          { key, dsaEncoding: 'ieee-p1363' },
          signature,
        );
    return holds ? Status.ok : Status.badSignature;
  }

  #import(coordinates: Uint8Array): KeyObject {
    const der = Buffer.from([...SPKI_PREFIX, ...coordinates]);
    return this.#crypto.createPublicKey({ key: der, format: 'der', type: 'spki' });
  }

  reconstruct(batch: ReconstructBatch): PointResult {
    checkReconstructBatch(batch);
    return points(batch.count, (i) => {
      const value = compressedPoint(batch.reconstructionValue.subarray(33 * i, 33 * i + 33));
      const issuer = affinePoint(batch.issuerKey.subarray(64 * i, 64 * i + 64));
      if (!value || !issuer) return undefined;
      const digest = this.#crypto
        .createHash('sha256')
        .update(batch.input.subarray(64 * i, 64 * i + 64))
        .digest();
      return value.multiplyUnsafe(toInteger(digest) % N).add(issuer);
    });
  }

  decompress(count: number, compressed: Uint8Array): PointResult {
    checkCompressed(count, compressed);
    return points(count, (i) => compressedPoint(compressed.subarray(33 * i, 33 * i + 33)));
  }
}

/** The points that `make` gives, item by item; undefined is one that is not on the curve. */
function points(count: number, make: (i: number) => PointOfCurve | undefined): PointResult {
  const result = { status: new Uint8Array(count), points: new Uint8Array(64 * count) };
  for (let i = 0; i < count; i++) {
    const point = make(i);
    if (!point) {
      result.status[i] = Status.notOnCurve;
    } else if (point.is0()) {
      result.status[i] = Status.infinity;
    } else {
      const { x, y } = point.toAffine();
      writeInteger(result.points.subarray(64 * i, 64 * i + 32), x);
      writeInteger(result.points.subarray(64 * i + 32, 64 * i + 64), y);
      result.status[i] = Status.ok;
    }
  }
  return result;
}
