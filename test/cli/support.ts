/** Runs the built command line as its users do: another process, its streams, its exit status. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createScms, type PseudonymCredential, pseudonyms, type Scms, signMessage } from '../../src/testbed/index.ts';

export const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Outcome {
  /** As a shell reports it: 128 and the number of the signal, if one ended the process. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Called with the process once it runs. */
  readonly during?: (child: ChildProcess) => void;
}

export function run(args: readonly string[], { input, during }: RunOptions = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: '1' } });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  if (input !== undefined) child.stdin.end(input);
  else if (!during) child.stdin.end();
  during?.(child);
  return new Promise((resolve) => child.on('close', (...how) => resolve({ status: shellStatus(...how), ...output })));
}

export function shellStatus(status: number | null, signal: NodeJS.Signals | null): number {
  return status ?? 128 + constants.signals[signal as NodeJS.Signals];
}

/** As {@link run}, in the main thread: starting workers is tested where it matters, and not paid for elsewhere. */
export function verify(command: 'certs' | 'messages', args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return run([command, '--threads', '0', ...args], options);
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A small SCMS on disk. */
export interface Fixture {
  readonly folder: string;
  readonly scms: Scms;
  /** RFC 3339 or tai:SECONDS at which everything is valid. */
  readonly at: string;
  /** `--root`, `--ca` and `--at`, ready to be appended. */
  readonly trust: readonly string[];
  path(name: string): string;
  write(name: string, content: Uint8Array | string): string;
  remove(): void;
}

export function createFixture(): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'scms-verify-'));
  const scms = createScms({ seed: 'command line' });
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: Uint8Array | string): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const root = write('root.oer', scms.root.bytes);
  const cas = ['ica', 'pca', 'eca', 'crlg'].map((name) =>
    write(`${name}.oer`, scms[name as 'ica' | 'pca' | 'eca' | 'crlg'].bytes),
  );
  const at = `tai:${scms.at / 1_000_000n}`;
  const trust = ['--root', root, '--ca', ...cas, '--at', at];
  return { folder, scms, at, trust, path, write, remove: () => rmSync(folder, { recursive: true }) };
}

export function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** Explicit pseudonym certificates of one device. */
export function explicitPseudonyms(scms: Scms, count: number): PseudonymCredential[] {
  return [...pseudonyms(scms, { devices: 1, perWeek: count, explicit: true })];
}

/** One vehicle's messages: the first brings the certificate, the others name it by digest. */
export function messagesOf(scms: Scms, count: number): Uint8Array[] {
  const [sender] = pseudonyms(scms, { devices: 1, perWeek: 1 });
  return Array.from({ length: count }, (_, i) =>
    signMessage(sender as PseudonymCredential, {
      psid: 32,
      payload: Uint8Array.of(i >> 8, i & 0xff),
      generationTime: scms.at + BigInt(i),
      signer: i === 0 ? 'certificate' : 'digest',
    }),
  );
}

/** Flips a bit of the last octet: the end of a signature, wherever there is one. */
export function spoiled(octets: Uint8Array): Uint8Array {
  const copy = octets.slice();
  copy[copy.length - 1] = (copy[copy.length - 1] as number) ^ 1;
  return copy;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
