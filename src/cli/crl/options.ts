/** Options of the commands that verify CRLs before they use them. */
import { type Command, Option } from 'commander';
import { formatTai, taiFromUnixMs } from '../../dot2/time.ts';
import { type LenientRule, OVERDUE_POLICIES, type OverduePolicy } from '../../verifier/types.ts';
import type { CrlFilePolicy } from '../shared/crl-files.ts';
import { usageError } from '../shared/exit.ts';
import {
  addStrictnessOptions,
  addTimeOption,
  addTrustOptions,
  formatOption,
  type KernelChoice,
  kernelOption,
} from '../shared/options.ts';
import type { Format } from '../shared/output.ts';
import type { TrustFiles } from '../shared/trust-files.ts';

/** What commander hands over. */
export interface CrlFlags {
  root?: string[];
  ca?: string[];
  pins?: string;
  store?: string;
  at?: bigint;
  allErrors?: boolean;
  lenient?: LenientRule[];
  previous?: string[];
  overdue?: OverduePolicy;
  kernel: KernelChoice;
  format?: Format;
}

/** The same, checked as a whole. */
export interface CrlSettings {
  readonly trust: TrustFiles;
  readonly policy: CrlFilePolicy;
  /** RFC 3339. */
  readonly at: string;
}

/** Trust, time and strictness as in `certs`, and what is special to CRLs. */
export function addCrlOptions(command: Command, format: Option = formatOption()): Command {
  addTimeOption(addTrustOptions(command))
    .optionsGroup('Verifying CRLs:')
    .option('--previous <FILE...>', 'CRLs that were in force before: for deltas, and against rollback')
    .addOption(
      new Option(
        '--overdue <WHAT>',
        'CRLs that are more than two weeks past their nextCrl: undecided, reject or ignore (default: undecided)',
      ).choices(OVERDUE_POLICIES),
    );
  return addStrictnessOptions(command)
    .optionsGroup('Running and printing:')
    .addOption(kernelOption())
    .addOption(format);
}

/** The clock is read once, here. */
export function crlSettings(flags: CrlFlags): CrlSettings {
  const at = flags.at ?? taiFromUnixMs(Date.now());
  return {
    trust: { root: flags.root ?? [], ca: flags.ca ?? [], pins: flags.pins, store: flags.store, at: flags.at },
    policy: {
      at,
      kernel: flags.kernel,
      ...(flags.allErrors ? { allErrors: true } : {}),
      ...(flags.lenient?.length ? { lenient: flags.lenient } : {}),
      ...(flags.overdue ? { overdue: flags.overdue } : {}),
      ...(flags.previous?.length ? { previous: flags.previous } : {}),
    },
    at: formatTai(at),
  };
}

/** Names of the CRL files; an error that names the likely cause if there are none. */
export function crlNames(files: readonly string[], flags: CrlFlags): readonly string[] {
  if (files.length > 0) return files;
  const takesMany = flags.root ?? flags.ca ?? flags.previous;
  const hint = takesMany
    ? ' (--root, --ca and --previous take every value up to the next option: put -- before the CRLs)'
    : '';
  throw usageError(`no CRL: name files, directories, or - for standard input${hint}`);
}
