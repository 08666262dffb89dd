import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { createKernel, type Kernel, type KernelName, type VerifyBatch } from '../src/kernel/index.ts';
import { compareWithPeers, measure, type Row, type Task } from './rows.ts';

const KERNELS: readonly KernelName[] = ['scalar', 'simd'];

/** Distinct keys, each with one signature over 64 octets: the least favourable case there is. */
function signatures(count: number): { batch: VerifyBatch; keys: KeyObject[]; signed: Uint8Array[] } {
  const batch = {
    count,
    input: new Uint8Array(64 * count),
    hashed: false,
    rForm: new Uint8Array(count),
    r: new Uint8Array(32 * count),
    s: new Uint8Array(32 * count),
    publicKey: new Uint8Array(64 * count),
  };
  const keys: KeyObject[] = [];
  const signed: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const message = createHash('sha512').update(`message ${i}`).digest();
    const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    batch.input.set(message, 64 * i);
    batch.r.set(signature.subarray(0, 32), 32 * i);
    batch.s.set(signature.subarray(32), 32 * i);
    batch.publicKey.set(Buffer.from(x as string, 'base64url'), 64 * i);
    batch.publicKey.set(Buffer.from(y as string, 'base64url'), 64 * i + 32);
    keys.push(publicKey);
    signed.push(signature);
  }
  return { batch, keys, signed };
}

function mustBe(condition: boolean): void {
  if (!condition) throw new Error('a benchmark computed a wrong result');
}

/** Operations of the kernels beside the peers that do the same. */
export async function measureOperations(quick: boolean): Promise<Row[]> {
  const count = 256;
  const { batch, keys, signed } = signatures(count);
  const messages = Array.from({ length: 1024 }, (_, i) => new Uint8Array(200 + (i % 64)).fill(i));
  const points = new Uint8Array(33 * count);
  const sec1: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const key = batch.publicKey.subarray(64 * i, 64 * i + 64);
    points[33 * i] = 2 | ((key[63] as number) & 1);
    points.set(key.subarray(0, 32), 33 * i + 1);
    sec1.push(points.slice(33 * i, 33 * i + 33));
  }
  const ours = KERNELS.map((name) => createKernel(name));
  const each = (operation: string, size: number, run: (kernel: Kernel) => void): Task[] =>
    ours.map((kernel) => ({ operation, kernel: kernel.name, batch: size, run: () => run(kernel) }));
  const verifyOne = (i: number): boolean =>
    verify(
      'sha256',
      batch.input.subarray(64 * i, 64 * i + 64),
      { key: keys[i] as KeyObject, dsaEncoding: 'ieee-p1363' },
      signed[i] as Uint8Array,
    );
  const one = { ...batch, count: 1 };
  const rows = await measure(
    [
      ...each('ECDSA verify, distinct keys', count, (kernel) => mustBe(kernel.verify(batch)[count - 1] === 1)),
      {
        operation: 'ECDSA verify, distinct keys',
        kernel: 'node:crypto, keys prepared',
        batch: count,
        run: () => {
          for (let i = 0; i < count; i++) mustBe(verifyOne(i));
        },
      },
      {
        operation: 'ECDSA verify, distinct keys',
        kernel: '@noble/curves',
        batch: 8,
        run: () => {
          for (let i = 0; i < 8; i++) {
            const message = batch.input.subarray(64 * i, 64 * i + 64);
            mustBe(p256.verify(signed[i] as Uint8Array, message, sec1[i] as Uint8Array, { lowS: false }));
          }
        },
      },
      ...each('ECDSA verify, one at a time', 1, (kernel) => mustBe(kernel.verify(one)[0] === 1)),
      {
        operation: 'ECDSA verify, one at a time',
        kernel: 'node:crypto, keys prepared',
        batch: 1,
        run: () => mustBe(verifyOne(0)),
      },
      ...each('point decompression', count, (kernel) => mustBe(kernel.decompress(count, points).status[0] === 1)),
      ...each('SHA-256, 200–263 octets', messages.length, (kernel) => mustBe(kernel.sha256(messages).length > 0)),
      {
        operation: 'SHA-256, 200–263 octets',
        kernel: 'node:crypto, keys prepared',
        batch: messages.length,
        run: () => {
          for (const message of messages) createHash('sha256').update(message).digest();
        },
      },
    ],
    quick,
  );
  compareWithPeers(rows, { nodeCrypto: 'node:crypto, keys prepared', noble: '@noble/curves' });
  return rows;
}
