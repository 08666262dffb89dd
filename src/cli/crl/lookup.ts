/** The run behind `crl lookup`. */
import { decode, toHex } from '../../coer/index.ts';
import { Certificate } from '../../dot2/index.ts';
import { createKernel, type Kernel } from '../../kernel/index.ts';
import type { InputRecord } from '../../readers/index.ts';
import { type RevocationAnswer, RevocationIndex } from '../../revocation/index.ts';

import type { RevocationHit } from '../../verdict/index.ts';
import { type CertificateInfo, examineAll, STRICTLY } from '../../verifier/certificate-info.ts';
import { queryOf } from '../../verifier/revocation.ts';
import { Exit, explain, usageError } from '../shared/exit.ts';
import { Input } from '../shared/input.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { Stdout } from '../shared/stdout.ts';
import { tell } from '../shared/terminal.ts';
import { type IndexFlags, loadIndex } from './indexes.ts';

export interface LookupFlags extends IndexFlags {
  value?: string[];
  certificates?: string[];
}

/**
 * - `hit`: revoked; `miss`: not;
 * - `notCovered`: no CRL is for it; `notEvaluated`: one is, but its period is not expanded;
 * - `unreadable`: no certificate.
 */
type LookupResult = 'hit' | 'miss' | 'notCovered' | 'notEvaluated' | 'unreadable';

interface LookupRow extends Partial<RevocationHit> {
  readonly result: LookupResult;
  readonly [detail: string]: unknown;
}

/** Looks up what was asked for and returns the exit status. */
export async function lookUp(files: readonly string[], flags: LookupFlags): Promise<number> {
  const { value: values = [], certificates = [], index } = flags;
  if (values.length + certificates.length === 0) throw usageError('nothing to look up: name --value or --certificates');
  if (values.length > 0 && index === undefined && flags.period === undefined) {
    throw usageError('--value needs --period: a linkage value does not say which period it is of');
  }
  return interruptible(async (stop) => {
    const loaded = await loadIndex(files, flags, stop);
    const lookup = new Lookup(new RevocationIndex(loaded.data), flags.period ?? loaded.data.periods, stop);
    const status = await lookup.run(values, certificates);
    return Math.max(status, loaded.status);
  });
}

class Lookup {
  private readonly index: RevocationIndex;
  private readonly periods: readonly number[];
  private readonly roots: readonly string[];
  private readonly stop: Interruption;
  private readonly out: Stdout;
  private kernel: Kernel | undefined;
  private status: number = Exit.allValid;

  constructor(index: RevocationIndex, periods: readonly number[], stop: Interruption) {
    this.stop = stop;
    this.out = new Stdout(() => stop.stop());
    this.index = index;
    this.periods = periods;
    this.roots = [...new Set(index.data.crls.map(({ about }) => about.scope.root))];
  }

  async run(values: readonly string[], certificates: readonly string[]): Promise<number> {
    for (const value of values) await this.print(this.ofValue(value));
    if (certificates.length > 0) {
      const input = new Input(certificates, undefined, this.stop.signal);
      let index = 0;
      for await (const record of input.records()) await this.print(this.ofRecord(record, index++));
      if (input.failure !== undefined) {
        const { status, message } = explain(input.failure);
        tell(`error: ${message}\n`);
        this.status = Math.max(this.status, status);
      }
    }
    await this.out.end();
    this.stop.tell();
    return this.stop.status ?? this.status;
  }

  private async print(row: LookupRow): Promise<void> {
    if (row.result !== 'miss') this.status = Math.max(this.status, Exit.notAllValid);
    await this.out.write(`${JSON.stringify(row)}\n`);
  }

  /** The first CRL and period that has it, of all scopes: a value alone says nothing of where it belongs. */
  private ofValue(value: string): LookupRow {
    const linkageValue = new Uint8Array(Buffer.from(value, 'hex'));
    const answers: RevocationAnswer[] = [];
    for (const i of this.periods) {
      for (const scope of this.scopes()) {
        const answer = this.index.check({ scope, linkage: { iCert: i, linkageValue }, hashedId10s: [] });
        if (answer.state === 'revoked') return { result: 'hit', value, i, ...answer.hit };
        answers.push(answer);
      }
    }
    return { ...summary(answers), value };
  }

  private scopes() {
    const scopes = this.index.data.crls.map(({ about }) => about.scope);
    return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()];
  }

  private ofRecord({ source, offset, line, bytes, unreadable }: InputRecord, index: number): LookupRow {
    const where = { index, source, offset, ...(line === undefined ? {} : { line }) };
    if (unreadable !== undefined) return { result: 'unreadable', ...where, detail: unreadable };
    const decoded = decode(Certificate, bytes);
    if (!decoded.ok)
      return { result: 'unreadable', ...where, detail: `${decoded.error.detail} (byte ${decoded.error.offset})` };
    this.kernel ??= createKernel('native');
    const [info] = examineAll(this.kernel, [decoded.value], STRICTLY) as [CertificateInfo];
    const about = { ...where, hashedId8: toHex(info.hashedId8) };
    const answers = this.roots.map((root) => this.index.check(queryOf(info, root)));
    const hit = answers.find((answer) => answer.state === 'revoked');
    return hit?.state === 'revoked' ? { result: 'hit', ...about, ...hit.hit } : { ...summary(answers), ...about };
  }
}

/** The answer that several make if none is a hit. */
function summary(answers: readonly RevocationAnswer[]): LookupRow {
  const open = answers.find((answer) => answer.state === 'notEvaluated');
  if (open?.state === 'notEvaluated') return { result: 'notEvaluated', detail: open.detail };
  return { result: answers.some(({ state }) => state === 'notRevoked') ? 'miss' : 'notCovered' };
}
