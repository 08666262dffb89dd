/** Every kernel against published vectors. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Kernel, Status } from '../../src/kernel/kernel.ts';
import { type Item, verifyItems } from '../support/batches.ts';
import { EVERY_KERNEL_AND_PATH, kernelOf } from '../support/every-kernel.ts';
import { concat, fromHex, toHex } from '../support/octets.ts';
import { describeWithVectors, readResponseFile, readVector } from '../support/vectors.ts';

const KERNELS = EVERY_KERNEL_AND_PATH.map((name) => ({ name, kernel: kernelOf(name) }));

const sha256 = (message: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(message).digest());

interface Case {
  name: string;
  item: Item;
  valid: boolean;
}

function expectVerdicts(kernel: Kernel, cases: readonly Case[]): void {
  const statuses = verifyItems(
    kernel,
    cases.map(({ item }) => item),
  );
  const wrong = cases.filter(({ valid }, i) => (statuses[i] === Status.ok) !== valid);
  expect(wrong.map(({ name }) => name)).toEqual([]);
  expect(statuses).not.toContain(Status.notJudged);
}

const big = (hex: string): bigint => BigInt(`0x${hex}`);

describeWithVectors('Wycheproof ECDSA P-256 SHA-256, P1363', () => {
  interface Group {
    publicKey: { wx: string; wy: string };
    tests: { tcId: number; msg: string; sig: string; result: 'valid' | 'invalid' | 'acceptable' }[];
  }
  const { testGroups, numberOfTests } = JSON.parse(readVector('wycheproof/ecdsa_secp256r1_sha256_p1363_test.json')) as {
    testGroups: Group[];
    numberOfTests: number;
  };
  const tests = testGroups.flatMap(({ publicKey, tests: list }) => list.map((test) => ({ ...test, publicKey })));
  // A signature that is not two times 32 octets cannot be expressed in the packed form; a decoder refuses it before.
  const expressible = tests.filter(({ sig }) => sig.length === 128);
  const cases = expressible.map(({ tcId, msg, sig, result, publicKey }) => ({
    name: `tcId ${tcId}`,
    valid: result === 'valid',
    item: {
      input: sha256(fromHex(msg)),
      r: big(sig.slice(0, 64)),
      s: big(sig.slice(64)),
      x: big(publicKey.wx),
      y: big(publicKey.wy),
    },
  }));

  it('has the tests we think it has, and those left out are invalid', () => {
    expect(tests.length).toBe(numberOfTests);
    expect(tests.filter((test) => test.sig.length !== 128 && test.result !== 'invalid')).toEqual([]);
    expect(cases.length).toBeGreaterThan(200);
  });

  it.each(KERNELS)('$name', ({ kernel }) => expectVerdicts(kernel, cases));
});

describeWithVectors('NIST CAVP SigVer, P-256 SHA-256', () => {
  const cases = readResponseFile('nist/SigVer_P256_SHA256.rsp')
    .filter((record) => record.Msg)
    .map((record, i) => ({
      name: `record ${i}: ${record.Result}`,
      valid: record.Result!.startsWith('P'),
      item: {
        input: sha256(fromHex(record.Msg!)),
        r: big(record.R!),
        s: big(record.S!),
        x: big(record.Qx!),
        y: big(record.Qy!),
      },
    }));

  it('has both verdicts', () => {
    expect(cases.length).toBe(15);
    expect(new Set(cases.map(({ valid }) => valid)).size).toBe(2);
  });

  it.each(KERNELS)('$name', ({ kernel }) => expectVerdicts(kernel, cases));
});

describeWithVectors('NIST ACVP SigVer FIPS 186-5, P-256 SHA-256', () => {
  interface Test {
    tcId: number;
    testPassed: boolean;
    reason: string;
    message: string;
    qx: string;
    qy: string;
    r: string;
    s: string;
  }
  const { testGroups } = JSON.parse(readVector('nist/ECDSA-SigVer-FIPS186-5-P256-SHA256.json')) as {
    testGroups: { tests: Test[] }[];
  };
  const cases = testGroups
    .flatMap(({ tests }) => tests)
    .map((test) => ({
      name: `tcId ${test.tcId}: ${test.reason}`,
      valid: test.testPassed,
      item: {
        input: sha256(fromHex(test.message)),
        r: big(test.r),
        s: big(test.s),
        x: big(test.qx),
        y: big(test.qy),
      },
    }));

  it('has both verdicts', () => {
    expect(new Set(cases.map(({ valid }) => valid)).size).toBe(2);
  });

  it.each(KERNELS)('$name', ({ kernel }) => expectVerdicts(kernel, cases));
});

describeWithVectors('NIST CAVP public key validation, P-256', () => {
  const records = readResponseFile('nist/PKV_P256.rsp').filter((record) => record.Qx);
  // Coordinates of more than 32 octets are out of range by their length and cannot be expressed in the packed form.
  const expressible = records.filter(({ Qx, Qy }) => Qx!.length === 64 && Qy!.length === 64);

  it('leaves out nothing but coordinates that are too long, all of them invalid', () => {
    expect(records.length).toBe(12);
    const rest = records.filter((record) => !expressible.includes(record));
    expect(rest.every(({ Result }) => Result!.startsWith('F (1'))).toBe(true);
  });

  it.each(KERNELS)('$name', ({ kernel }) => {
    const statuses = verifyItems(
      kernel,
      expressible.map(({ Qx, Qy }) => ({ input: new Uint8Array(32), r: 1n, s: 1n, x: big(Qx!), y: big(Qy!) })),
    );
    expect(statuses.map((status) => status === Status.notOnCurve)).toEqual(
      expressible.map(({ Result }) => Result!.startsWith('F')),
    );
  });
});

describeWithVectors('NIST CAVP SHA-256', () => {
  const records = ['SHA256ShortMsg', 'SHA256LongMsg'].flatMap((file) =>
    readResponseFile(`nist/${file}.rsp`)
      .filter((record) => record.Msg)
      .map((record) => ({ message: fromHex(record.Msg!.slice(0, Number(record.Len) / 4)), digest: record.MD! })),
  );

  it('has both files', () => expect(records.length).toBe(65 + 64));

  it.each(KERNELS)('$name, one by one and all together', ({ kernel }) => {
    for (const { message, digest } of records) expect(toHex(kernel.sha256([message]))).toBe(digest);
    const all = kernel.sha256(records.map(({ message }) => message));
    expect(toHex(all)).toBe(records.map(({ digest }) => digest).join(''));
  });

  it.each(KERNELS)('$name, Monte Carlo', ({ kernel }) => {
    const [first, ...counts] = readResponseFile('nist/SHA256Monte.rsp').filter((record) => record.Seed ?? record.MD);
    let seed = fromHex(first!.Seed!);
    expect(counts.length).toBe(100);
    for (const { MD } of counts) {
      let [a, b, c] = [seed, seed, seed];
      for (let i = 0; i < 1000; i++) [a, b, c] = [b, c, kernel.sha256([concat(a, b, c)])];
      seed = c;
      expect(toHex(seed)).toBe(MD);
    }
  });
});
