/** The run behind `explain`: each item in its place, as `certs` and `messages` verify it, and why. */
import { sniffStructure } from '../../dot2/index.ts';
import { type InputRecord, unwrapOf } from '../../readers/index.ts';
import type { ItemKind } from '../../verdict/index.ts';
import { createVerifier, type Verifier } from '../../verifier/index.ts';
import { type CrlsInForce, loadCrlsInForce } from '../shared/crls-in-force.ts';
import { Exit, explain as explainError, usageError } from '../shared/exit.ts';
import { Input, itemOf } from '../shared/input.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { inputNames, type VerifyFlags, type VerifySettings, verifySettings } from '../shared/options.ts';
import { isReadableAgain } from '../shared/periods.ts';
import { Stdout } from '../shared/stdout.ts';
import { tell } from '../shared/terminal.ts';
import { checkTrust, loadTrust, storedOf } from '../shared/trust-files.ts';
import { explanationText } from './text.ts';

export const EXPLAIN_FORMATS = ['text', 'json', 'ndjson'] as const;
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

export interface ExplainFlags extends Omit<VerifyFlags, 'format'> {
  format?: ExplainFormat;
}

/** Explains every item of the input and returns the exit status. */
export function explainItems(files: readonly string[], flags: ExplainFlags): Promise<number> {
  return interruptible((stop) => explainUntil(stop, files, flags));
}

async function explainUntil(stop: Interruption, files: readonly string[], flags: ExplainFlags): Promise<number> {
  if (flags.resolveLate) throw usageError('--resolve-late: items are explained in their order');
  if (flags.summary) throw usageError('--summary: explain has no summary; certs and messages have one');
  const { format = 'text', ...others } = flags;
  const settings = verifySettings(others);
  const names = inputNames(files, others);
  const trust = await loadTrust(settings.trust);
  const crls = await loadCrlsInForce(settings, trust);
  const { trustRevision } = storedOf(trust);
  const verifier = createVerifier({
    ...settings.policy,
    trust: trust.material,
    ...(trustRevision !== undefined && { trustRevision }),
    kernel: settings.kernel,
  });
  for (const warning of [...checkTrust(trust, verifier.warnings), ...(crls?.warnings ?? [])])
    tell(`warning: ${warning}\n`);
  if (crls !== undefined) verifier.setRevocation(await expanded(crls, names, settings, stop));
  return new Run(stop, new Input(names, settings.inputFormat, stop.signal), settings, verifier, format).finish();
}

/** CRLs for the periods that the input has most of. What is read once only is explained by the CRLs as they are. */
async function expanded(crls: CrlsInForce, names: readonly string[], settings: VerifySettings, stop: Interruption) {
  if (!crls.areExpanded || !(await isReadableAgain(names))) return crls.expand([], stop.signal);
  const counts = new Map<number, number>();
  for await (const record of new Input(names, settings.inputFormat, stop.signal).records()) {
    const period = record.unreadable === undefined ? crls.periodOf(asItem(record, settings)) : undefined;
    if (period !== undefined) counts.set(period, (counts.get(period) ?? 0) + 1);
  }
  return crls.expand(crls.choose(counts), stop.signal);
}

function asItem(record: InputRecord, { atCapture }: VerifySettings) {
  return itemOf(kindOf(record.bytes), record, atCapture);
}

/** The content decides. What is neither is a certificate if it begins with the preamble of one, and else a message. */
function kindOf(bytes: Uint8Array): ItemKind {
  const sniffed = sniffStructure(bytes);
  if (sniffed !== 'certificate' && sniffed !== 'data')
    return ((bytes[0] ?? 3) & 0x7f) === 0 ? 'certificate' : 'message';
  return sniffed === 'certificate' ? 'certificate' : 'message';
}

class Run {
  private readonly stop: Interruption;
  private readonly input: Input;
  private readonly settings: VerifySettings;
  private readonly verifier: Verifier;
  private readonly format: ExplainFormat;
  private readonly out: Stdout;
  private index = 0;
  private notValid = 0;
  private unreadable = 0;

  constructor(stop: Interruption, input: Input, settings: VerifySettings, verifier: Verifier, format: ExplainFormat) {
    this.stop = stop;
    this.input = input;
    this.settings = settings;
    this.verifier = verifier;
    this.format = format;
    this.out = new Stdout(() => stop.stop());
  }

  async finish(): Promise<number> {
    for await (const record of this.input.records()) await this.explain(record);
    if (this.format === 'json') await this.out.write(this.index === 0 ? '[]\n' : '\n]\n');
    await this.out.end();
    const { failure, report } = this.input;
    for (const warning of report?.warnings ?? []) tell(`warning: ${warning}\n`);
    if (failure !== undefined) {
      const { status, message } = explainError(failure);
      tell(`error: ${message}\n`);
      return status;
    }
    if (this.stop.status !== undefined) return this.stop.status;
    if (this.unreadable > 0 || (report?.warnings.length ?? 0) > 0) return Exit.inputUnreadable;
    return this.notValid > 0 ? Exit.notAllValid : Exit.allValid;
  }

  private async explain(record: InputRecord): Promise<void> {
    const item = asItem(record, this.settings);
    const explanation = this.verifier.explain(item);
    // What comes later is explained as it would be verified: with the signers that this item teaches, if it is valid.
    this.verifier.verify([item]);
    const { code, verdict } = explanation.verdict;
    if (code === 'unreadableRecord') this.unreadable++;
    const isAccepted = this.settings.acceptReconstructed && code === 'implicitReconstructed';
    if (verdict !== 'valid' && !isAccepted) this.notValid++;
    const { source, offset, line } = record;
    if (this.format === 'text') {
      const where = line === undefined ? `${source}@${offset}` : `${source}:${line}`;
      await this.out.write(`${explanationText(where, explanation)}\n`);
    } else {
      const unwrap = unwrapOf(record);
      const place = {
        index: this.index,
        source,
        offset,
        ...(line !== undefined && { line }),
        ...(unwrap && { unwrap }),
      };
      const text = JSON.stringify({ ...place, ...explanation });
      const isFirst = this.index === 0;
      await this.out.write(this.format === 'ndjson' ? `${text}\n` : `${isFirst ? '[\n' : ',\n'}${text}`);
    }
    this.index++;
  }
}
