import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { applyBundle, type FileArtefact, type TrustState } from '../../src/trust/index.ts';
import { StoredTrust } from '../../src/trust/store/index.ts';
import { MAIN } from '../cli/support.ts';
import { A, B, C, CONTEXT, gccf, R1, T0 } from './support.ts';

/** How often `trust apply` is killed; each takes as long as starting the program does. */
const KILLS = Number(process.env.SCMS_KILLS ?? 12);
const SECOND = 1_000_000n;
const folder = mkdtempSync(join(tmpdir(), 'scms-verify-kill-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Applies a file from the command line; killed after so many milliseconds, where given. Says how long it ran. */
async function apply(store: string, path: string, at: bigint, killAfter?: number): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, 'trust', 'apply', store, path, '--at', `tai:${at / SECOND}`], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  if (killAfter !== undefined) {
    await Promise.race([ended, sleep(killAfter)]);
    child.kill('SIGKILL');
  }
  await ended;
  return performance.now() - started;
}

test(
  `killed ${KILLS} times while it applies, the store has the old revision or the new one`,
  async () => {
    const store = join(folder, 'store');
    const init = { electors: [A.bytes, B.bytes, C.bytes], roots: [R1.bytes], quorum: 2, at: T0 };
    StoredTrust.create(store, init, CONTEXT);
    const read = (): TrustState => {
      const opened = StoredTrust.open(store);
      const { state } = opened;
      expect([...opened.records()].length).toBeGreaterThan(0);
      return state;
    };
    const path = join(folder, 'gccf.oer');
    let took = 1000;
    const seen = { old: 0, new: 0 };
    for (let i = 0; i < KILLS; i++) {
      const artefact = gccf(i + 1) as FileArtefact;
      writeFileSync(path, artefact.octets);
      const before = read();
      const at = T0 + BigInt(i + 1) * SECOND;
      const after = applyBundle(before, [{ ...artefact, name: path, authenticated: false }], at, CONTEXT).state;
      expect(after.revision).toBe(before.revision + 1);
      // Every tenth runs to its end, which says how long that takes now; the moment of the others is anywhere in it.
      if (i % 10 === 0) took = await apply(store, path, at);
      else await apply(store, path, at, took * (0.5 + ((i * 0.618034) % 1) * 0.6));
      const found = read();
      expect([before, after]).toContainEqual(found);
      seen[found.revision === after.revision ? 'new' : 'old']++;
    }
    expect(seen.new).toBeGreaterThan(0);
    const opened = StoredTrust.open(store);
    expect(opened.verify(CONTEXT)).toBe(seen.new + 1);
  },
  60_000 + KILLS * 5_000,
);
