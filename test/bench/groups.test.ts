import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openArithmetic } from '../../bench/groups/kernels.ts';
import { operationGroups } from '../../bench/groups/operations.ts';
import { Core } from '../../bench/inputs/cores.ts';
import { packed, signatures } from '../../bench/inputs/signatures.ts';
import { checkVerdicts, partsOf, Traffic } from '../../bench/inputs/traffic.ts';
import { OPERATIONS } from '../../bench/marks.ts';
import type { Context, Opened, Task } from '../../bench/measure.ts';
import { runProgram } from '../../bench/program.ts';
import { decodeOrThrow } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { createKernel } from '../../src/kernel/index.ts';
import { createVerifier, type Item, Verifier } from '../../src/verifier/index.ts';

const traffic = new Traffic();
const notices: string[] = [];
const CONTEXT: Context = { quick: true, notice: (text) => notices.push(text) };

afterEach(() => {
  vi.restoreAllMocks();
});

/** The certificate that an item is or brings, as text. */
function certificateOf({ kind, bytes }: Item): string | undefined {
  if (kind === 'certificate') return Buffer.from(bytes).toString('hex');
  const { content } = decodeOrThrow(Ieee1609Dot2Data, bytes);
  if (content.tag !== 'signedData' || content.value.signer.tag !== 'certificate') return undefined;
  return Buffer.from(content.value.signer.value[0]?.encoded as Uint8Array).toString('hex');
}

describe('inputs', () => {
  test('are the same in every run', () => {
    const again = new Traffic();
    expect(again.firstMessages('explicit', 3, 2).items).toEqual(traffic.firstMessages('explicit', 3, 2).items);
    expect(again.recurringMessages(20)).toEqual(new Traffic().recurringMessages(20));
    expect(signatures(2)).toEqual(signatures(3).slice(0, 2));
  });

  test('signatures are good and their keys distinct', () => {
    const batch = packed(signatures(64));
    expect([...createKernel('native').verify(batch)]).toEqual(new Array(64).fill(1));
    expect(new Set(signatures(64).map(({ key }) => key.join())).size).toBe(64);
  });

  test('16 senders recur; one message in five brings its certificate, the first of each does', () => {
    const { items } = new Traffic().recurringMessages(160);
    const certificates = items.map(certificateOf);
    expect(new Set(certificates.filter((one) => one !== undefined)).size).toBe(16);
    expect(certificates.filter((one) => one !== undefined)).toHaveLength(32);
    expect(certificates.slice(0, 16).every((one) => one !== undefined)).toBe(true);
  });

  test('one signature is bad where one was planted, and the verdicts that are expected say so', () => {
    const load = traffic.planted(traffic.firstMessages('explicit', 0, 8));
    expect(load.codes.filter((code) => code === 'badSignature')).toHaveLength(1);
    const verdicts = createVerifier(traffic.options).verify(load.items);
    expect(() => checkVerdicts(verdicts, load)).not.toThrow();
    expect(() => checkVerdicts(verdicts, traffic.firstMessages('explicit', 0, 8))).toThrow(/computed something wrong/);
    expect(() => checkVerdicts(verdicts.slice(1), load)).toThrow(/verdicts on 8 items/);
  });

  test('parts are whole', () => {
    expect(partsOf(traffic.certificates(0, 10), 4).map(({ items }) => items.length)).toEqual([4, 4]);
  });
});

describe('operations', () => {
  const open = (title: string): Opened => {
    const group = operationGroups(traffic).find((one) => one.title === title);
    return group?.open(CONTEXT) as Opened;
  };

  test.each([OPERATIONS.oneIssuer.title, OPERATIONS.newExplicit.title, OPERATIONS.newImplicit.title])(
    '%s: no timed call sees a certificate that its verifier saw before',
    async (title) => {
      const seen = new Map<Verifier, Set<string>>();
      let known = 0;
      const verify = Verifier.prototype.verify;
      vi.spyOn(Verifier.prototype, 'verify').mockImplementation(function (this: Verifier, items) {
        const before = seen.get(this) ?? new Set();
        seen.set(this, before);
        for (const item of items) {
          const certificate = certificateOf(item) as string;
          if (before.has(certificate)) known++;
          before.add(certificate);
        }
        return verify.call(this, items);
      });
      const task = open(title).tasks.find(({ kernel }) => kernel === 'simd') as Task;
      for (let i = 0; i < 10; i++) {
        await task.prepare?.();
        await task.run();
      }
      expect(known).toBe(0);
      expect(seen.size).toBeGreaterThan(1);
      // The issuers were at work before anything is timed.
      for (const certificates of seen.values()) expect(certificates.size).toBeGreaterThan(task.batch);
    },
  );

  test('an attacked operation stands beside the one that is not, with what is left of its rate', () => {
    const { tasks } = open(OPERATIONS.recurring.title);
    const attacked = tasks.filter(({ operation }) => operation.includes('one bad signature'));
    expect(attacked.length).toBeGreaterThan(1);
    for (const { kernel, batch, mark, relative } of attacked) {
      expect(relative?.unattacked).toMatchObject({ kernel, batch, operation: OPERATIONS.recurring.title });
      expect(mark).toBeUndefined();
    }
  });

  test('an operation under an option stands beside the one without, with what is left of its rate', async () => {
    const { tasks } = open(OPERATIONS.recurring.title);
    const optional = tasks.filter(({ operation }) => operation.includes('; --'));
    expect(new Set(optional.map(({ operation }) => operation.split('; ')[1]))).toEqual(
      new Set(['--replay-window 60', '--all-errors']),
    );
    for (const { kernel, batch, mark, relative } of optional) {
      expect(relative?.plain).toMatchObject({ kernel, batch, operation: OPERATIONS.recurring.title });
      expect(mark).toMatchObject({ of: 'plain', reach: 0.9 });
    }
    // No message is taken for a replay, however often the load comes round.
    const task = optional.find(({ kernel, operation }) => kernel === 'simd' && operation.includes('replay')) as Task;
    for (let i = 0; i < 6; i++) {
      await task.prepare?.();
      await task.run();
    }
  });

  test('every kernel and every peer takes part, with batches as large as the marks ask for', () => {
    const { tasks, peerRows } = open(OPERATIONS.distinct.title);
    const ours = tasks.filter(({ makes }) => makes === undefined);
    expect(new Set(ours.map(({ kernel }) => kernel))).toEqual(new Set(['simd', 'scalar', 'native', ...fma(ours)]));
    expect(new Set(ours.map(({ batch }) => batch))).toEqual(new Set([64, 256]));
    expect(new Set(tasks.map(({ makes }) => makes?.peer))).toEqual(new Set([undefined, 'nodeCrypto', 'noble']));
    expect(peerRows).toEqual([{ operation: OPERATIONS.distinct.title, work: OPERATIONS.distinct.work }]);
  });

  /** Where the engine has relaxed SIMD, there is one kernel more. */
  const fma = (tasks: readonly Task[]): string[] => (tasks.some(({ kernel }) => kernel === 'fma') ? ['fma'] : []);
});

describe('primitives', () => {
  const module = new WebAssembly.Module(readFileSync(new URL('../../build/testing-scalar.wasm', import.meta.url)));

  test('of every build that can run here are right, and counted by lanes', () => {
    const { tasks } = openArithmetic(CONTEXT);
    const ours = tasks.filter(({ isPeer }) => !isPeer);
    expect(new Set(ours.map(({ operation }) => operation)).size).toBe(5);
    for (const { kernel, batch, items = 0 } of ours) {
      expect(batch).toBe({ scalar: 1, simd: 2, fma: 4 }[kernel]);
      expect(items % batch).toBe(0);
    }
  });

  test('are left out with a notice where a build has no loop for them', () => {
    class Poor extends Core {
      override has(name: string): boolean {
        return name !== 'benchInvert' && super.has(name);
      }
    }
    notices.length = 0;
    const { tasks } = openArithmetic(CONTEXT, [new Poor('poor', module)]);
    expect(notices).toEqual(["test build 'poor' has no loop for: field inverse"]);
    expect(tasks.map(({ operation }) => operation)).not.toContain('field inverse');
    expect(tasks.map(({ operation }) => operation)).toContain('field square root');
  });

  test('that compute something wrong are not measured', () => {
    class Wrong extends Core {
      override run(name: string, ...operands: number[]): void {
        super.run(name === 'benchSqr' ? 'benchMul' : name, ...operands);
      }
    }
    expect(() => openArithmetic(CONTEXT, [new Wrong('wrong', module)])).toThrow(/wrong: field squaring of 'wrong'/);
  });
});

test('a hurried run of one group leaves JSON of the shape that is promised, and a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scms-verify-bench-test-'));
  try {
    const [json, html] = [join(folder, 'bench.json'), join(folder, 'bench.html')];
    let output = '';
    const status = await runProgram(['--quick', '--only', 'SHA-256', '--json', json, '--html', html], {
      write: (text) => {
        output += text;
      },
      progress: () => {},
    });
    expect(status).toBe(0);
    expect(output).toContain('simd');
    const { machine, quick, rows } = JSON.parse(readFileSync(json, 'utf8'));
    expect(machine).toMatchObject({ node: process.version, cores: expect.any(Number), cpu: expect.any(String) });
    expect(quick).toBe(true);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const row of rows) {
      expect(row).toMatchObject({
        operation: expect.any(String),
        kernel: expect.any(String),
        threads: 1,
        batch: expect.any(Number),
        perSecond: expect.any(Number),
        ratio: expect.any(Object),
      });
      expect(row.perSecond).toBeGreaterThan(0);
    }
    expect(rows.find((row: { kernel: string }) => row.kernel === 'simd').ratio.nodeCrypto).toBeGreaterThan(0);
    expect(readFileSync(html, 'utf8')).toContain('SHA-256');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
