/**
 * Known answers that a kernel must give before it is trusted on a machine. They reach every lane, both hash paths, accepts
 * and refusals; they do not replace the tests. All can be recomputed:
 *
 * - hashes: FIPS 180-4 examples ("abc", the 448-bit message, the empty one) and the octets 0, 1, 2 … at other lengths;
 * - the key and the signature of "sample" are RFC 6979 §A.2.5 (P-256, SHA-256); the other signature is the same key's,
 *   by the same deterministic rule, of the octets 0…63;
 * - the reconstruction is e·P + G for that key as P and e = SHA-256(octets 0…63).
 */
import { type Kernel, RForm, Status } from './kernel.ts';

function octets(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function hex(array: Uint8Array): string {
  return Array.from(array, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const HASHES: readonly (readonly [Uint8Array, string])[] = [
  [ascii('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    ascii('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [counting(0), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [counting(200), '1901da1c9f699b48f6b2636e65cbf73abf99d0441ef67f5c540a42f7051dec6f'],
  [counting(119), 'da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6'],
  [counting(120), 'f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c'],
];

const KEY =
  '60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299';
const GENERATOR =
  '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';
const SAMPLE_DIGEST = 'af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf';
const SAMPLE = {
  r: 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
  s: 'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
};
const COUNTED = {
  r: '23c60e562e76bbd2f65c29074c5329f50614e40a1f89ec81d2f67bb415548251',
  s: 'a6d9d7381d419170a3115ea3147399389f44e5e9ea0390a969c24052ed799caf',
};
const RECONSTRUCTED =
  '0ba01c73d444317501c951d674b5019e83918cba66dd188efe9c08cb564c00704d3b0d77ba897f18034fcaf01acbc2dc666b63afe5818dda3109b03004d3d3d3';

/** The first wrong answer of a kernel, or undefined if it gives every known answer. Takes some milliseconds beside starting. */
export function selfTest(kernel: Kernel): string | undefined {
  return hashFault(kernel) ?? verifyFault(kernel) ?? pointFault(kernel);
}

function hashFault(kernel: Kernel): string | undefined {
  const expected = HASHES.map(([, digest]) => digest).join('');
  if (hex(kernel.sha256(HASHES.map(([message]) => message))) !== expected)
    return 'SHA-256 of several messages is wrong';
  for (const [message, digest] of HASHES) {
    if (hex(kernel.sha256([message])) !== digest) return `SHA-256 of ${message.length} octets is wrong`;
  }
  return undefined;
}

function verifyFault(kernel: Kernel): string | undefined {
  /** Items at five places, so that four-lane and single hashing and every lane of the field are used. */
  const verify = (hashed: boolean, input: string, items: { r: string; s: string; key: string }[]): Uint8Array =>
    kernel.verify({
      count: items.length,
      input: octets(input.repeat(items.length)),
      hashed,
      rForm: new Uint8Array(items.length).fill(RForm.xOnly),
      r: octets(items.map((item) => item.r).join('')),
      s: octets(items.map((item) => item.s).join('')),
      publicKey: octets(items.map((item) => item.key).join('')),
    });
  const variations = (good: { r: string; s: string }) => [
    { ...good, key: KEY },
    { ...good, key: GENERATOR },
    { r: good.r, s: good.s.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), key: KEY },
    { ...good, key: KEY },
    { ...good, key: `${'0'.repeat(127)}1` },
    { r: '0'.repeat(64), s: good.s, key: KEY },
  ];
  const expected = [
    Status.ok,
    Status.badSignature,
    Status.badSignature,
    Status.ok,
    Status.notOnCurve,
    Status.scalarOutOfRange,
  ].join();
  if (verify(true, SAMPLE_DIGEST, variations(SAMPLE)).join() !== expected) return 'ECDSA of a digest is judged wrongly';
  if (verify(false, hex(counting(64)), variations(COUNTED)).join() !== expected) {
    return 'ECDSA of a hash input is judged wrongly';
  }
  return undefined;
}

function pointFault(kernel: Kernel): string | undefined {
  const compressed = `03${KEY.slice(0, 64)}`;
  const noPoint = `02${'f'.repeat(64)}`;
  const { status, points } = kernel.decompress(3, octets(compressed + noPoint + compressed));
  if (status.join() !== [Status.ok, Status.notOnCurve, Status.ok].join()) return 'decompression is judged wrongly';
  if (hex(points) !== KEY + '0'.repeat(128) + KEY) return 'decompression gives the wrong point';

  const result = kernel.reconstruct({
    count: 3,
    input: octets(hex(counting(64)).repeat(3)),
    reconstructionValue: octets(compressed + noPoint + compressed),
    issuerKey: octets(GENERATOR.repeat(3)),
  });
  if (result.status.join() !== status.join()) return 'ECQV reconstruction is judged wrongly';
  if (hex(result.points) !== RECONSTRUCTED + '0'.repeat(128) + RECONSTRUCTED) return 'ECQV gives the wrong key';
  return undefined;
}
