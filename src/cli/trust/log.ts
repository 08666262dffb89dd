import { formatTai } from '../../dot2/time.ts';
import type { JournalArtefact, JournalRecord } from '../../trust/store/index.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { CliError, Exit, usageError } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { withStore } from '../shared/trust-store.ts';
import { decisionLine, decisionText, type TrustFormat, trustFormat } from './output.ts';

export interface TrustLogFlags {
  verify?: boolean;
  head?: string;
  format?: TrustFormat;
}

/** `scms-verify trust log` */
export async function logTrust(folder: string, { verify, head, format }: TrustLogFlags): Promise<number> {
  if (head !== undefined && !verify) throw usageError('--head goes with --verify');
  const textOf = trustFormat(format) === 'table' ? tableText : jsonText;
  return withStore(folder, async (store) => {
    const out = new Stdout();
    let newest = '';
    let length = 0;
    for (const record of store.records()) {
      newest = record.hash;
      length++;
      await out.write(textOf(record));
    }
    await out.end();
    if (!verify) return Exit.allValid;
    const count = store.verify(createTrustContext());
    if (head !== undefined && head !== newest) {
      throw new CliError(Exit.trustUnusable, `${folder}: the head is ${newest}, and not the one that you know`);
    }
    const older = length - count;
    const others = older === 0 ? '' : `; ${older} of an earlier release, whose hashes alone are checked`;
    process.stderr.write(`${count} entries follow from their artefacts${others}; head ${newest}\n`);
    return Exit.allValid;
  });
}

function jsonText({ hash, entry }: JournalRecord): string {
  const decisions = entry.decisions.map(decisionLine);
  return `${JSON.stringify({ hash, ...entry, at: formatTai(BigInt(entry.at)), decisions })}\n`;
}

function tableText({ hash, entry }: JournalRecord): string {
  const names = entry.init ? 'init' : entry.artefacts.map(nameOf).join(', ') || 'time passed';
  const head = `${entry.number}  ${formatTai(BigInt(entry.at))}  revision ${entry.revision}  ${hash.slice(0, 16)}…  ${names}`;
  return `${[head, ...entry.decisions.map((decision) => `   ${decisionText(decision).replaceAll('\n', '\n   ')}`)].join('\n')}\n`;
}

function nameOf(artefact: JournalArtefact): string {
  return artefact.name;
}
