/** Options that verifying commands share: their declaration, and the strict reading of their values. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatTai, parseTime, taiFromUnixMs } from '../../dot2/time.ts';
import {
  LENIENT_RULES,
  type LenientRule,
  OVERDUE_POLICIES,
  type OverduePolicy,
  type Policy,
} from '../../verifier/types.ts';
import { amountOption, MILLISECONDS } from './amounts.ts';
import { usageError } from './exit.ts';
import { INPUT_FORMATS, type InputFormat } from './help.ts';
import { defaultFormat, FORMATS, type Format } from './output.ts';
import { addRelevanceOptions, type RelevanceFlags, relevanceOf } from './relevance-options.ts';
import type { TrustFiles } from './trust-files.ts';

export const KERNELS = ['auto', 'fma', 'simd', 'scalar', 'native'] as const;
export type KernelChoice = (typeof KERNELS)[number];

/** What commander hands over. */
export interface VerifyFlags extends RelevanceFlags {
  root?: string[];
  ca?: string[];
  pins?: string;
  store?: string;
  crl?: string[];
  crlIndex?: string;
  requireCrl?: boolean;
  overdue?: OverduePolicy;
  periods?: number;
  inclusiveJmax?: boolean;
  at?: bigint | typeof AT_CAPTURE;
  atOwnStart?: boolean;
  resolveLate?: boolean;
  requireLocation?: boolean;
  acceptReconstructed?: boolean;
  allErrors?: boolean;
  lenient?: LenientRule[];
  threads: number;
  maxBatch?: number;
  maxWait?: number;
  kernel: KernelChoice;
  format?: Format;
  summary?: boolean;
  inputFormat?: InputFormat;
}

/** CRLs as the command line names them. */
export interface RevocationSettings {
  readonly crl: readonly string[];
  /** A saved index: of exactly these CRLs, or in their place. */
  readonly index: string | undefined;
  /** Periods that are expanded at most. */
  readonly periods: number;
  readonly inclusiveJMax: boolean;
}

/** The same, checked as a whole. */
export interface VerifySettings {
  readonly trust: TrustFiles;
  readonly policy: Policy;
  readonly revocation: RevocationSettings;
  /**
   * RFC 3339; `clock` if each batch is verified at the time it comes, `capture` if each item at its capture time, null if each
   * item at its own start.
   */
  readonly at: string | null;
  /** Each record is verified at the time it was captured. */
  readonly atCapture: boolean;
  readonly resolveLate: boolean;
  readonly acceptReconstructed: boolean;
  readonly threads: number;
  /** What batching may add to the time until a verdict; default: those of the pool. */
  readonly limits: { readonly maxBatch?: number; readonly maxWaitMs?: number };
  readonly kernel: KernelChoice;
  readonly format: Format;
  readonly summaryOnly: boolean;
  readonly inputFormat: InputFormat | undefined;
}

/** What is trusted: shared with the commands about CRLs. */
export function addTrustOptions(command: Command): Command {
  return command
    .optionsGroup('Trust:')
    .option('--root <FILE...>', 'trust anchors: explicit certificates, usually self-signed roots')
    .option('--ca <FILE...>', 'further CA certificates and chain files; never trusted by themselves')
    .option(
      '--pins <FILE>',
      'JSON list of {certificate, publicKey}: keys vouched for, in place of a chain; messages may outlive them',
    )
    .option('--store <DIR>', 'a trust store (trust init): its roots, certificates and CRLs; followed while it changes');
}

/** The time of verification: shared with the commands about CRLs. */
export function addTimeOption(command: Command): Command {
  return command
    .optionsGroup('Time:')
    .option(
      '--at <TIME>',
      'time of verification: RFC 3339, a date, or tai:SECONDS since 2004 (default: now, fixed at the start)',
      timeOption,
    );
}

/** Value of `--at` for records of captures: each at its own time. */
const AT_CAPTURE = 'capture';

/** How strict to be, and how talkative. */
export function addStrictnessOptions(command: Command): Command {
  return command
    .option('--all-errors', 'add "errors": every rule that failed, not only the first')
    .addOption(
      new Option('--lenient <RULE,…>', `relax rules, of this closed list: ${LENIENT_RULES.join(', ')}`).argParser(
        lenientOption,
      ),
    );
}

/** CRLs, and what is made of those that are missing or late. */
function addRevocationOptions(command: Command): Command {
  return command
    .optionsGroup('Revocation:')
    .option('--crl <FILE...>', 'CRLs, signed; each is verified first, and ignored if that fails')
    .option(
      '--crl-index <FILE>',
      'a saved index of CRLs (crl expand): with --crl of exactly those, which are verified again; without, it is taken as it is',
    )
    .option('--require-crl', 'whatever no CRL covers, issuers included, is undecided')
    .addOption(
      new Option(
        '--overdue <WHAT>',
        'what becomes of certificates whose CRL is two weeks overdue (default: undecided)',
      ).choices(OVERDUE_POLICIES),
    )
    .option(
      '--periods <N>',
      'periods (iCert) of the input to expand CRLs for, the most frequent (default: 4)',
      periodsOption,
    )
    .option('--inclusive-jmax', 'expand j = jmax too');
}

/** Adds every option of `certs`, `messages` and `explain`. All take all of them, so that one set of trust options fits all. */
export function addVerifyOptions(command: Command, format?: Option): Command {
  addRevocationOptions(addTrustOptions(command));
  command
    .optionsGroup('Time:')
    .option(
      '--at <TIME>',
      'time of verification: RFC 3339, tai:SECONDS since 2004 (default: now, fixed at the start), or capture: each record of a capture at its captureTime',
      verifyTimeOption,
    )
    .option('--at-own-start', 'verify each certificate at the start of its own validity')
    .optionsGroup('Verifying:')
    .option(
      '--accept-reconstructed',
      'the exit status ignores implicitReconstructed (implicit certificates on their own)',
    );
  addStrictnessOptions(command)
    .optionsGroup('Messages only:')
    .option('--resolve-late', 'a second pass for digests whose certificate comes later in the input')
    .option('--require-location', 'a certificate with a region needs a location in the message');
  addRelevanceOptions(command);
  addRunOptions(command, format)
    .option('--max-batch <N>', 'items verified together at most (default: 1024); fewer answer sooner', sizeOption)
    .option(
      '--max-wait <MS>',
      'longest that an item of a live stream waits for others (default: 10)',
      amountOption(MILLISECONDS),
    )
    .option('--summary', 'no items, only the summary, in the chosen format on standard output')
    .optionsGroup('Input:')
    .addOption(new Option('--input-format <F>', 'what the input is').choices(INPUT_FORMATS));
  return command;
}

/** A new one for each command: commander keeps state in it. */
export const formatOption = (): Option =>
  new Option('--format <F>', 'output (default: table on a terminal, ndjson otherwise)').choices(FORMATS);

export const kernelOption = (): Option =>
  new Option('--kernel <K>', 'arithmetic: auto takes the fastest that proves itself').choices(KERNELS).default('auto');

/** How to run and what to print: shared with `demo`. */
export function addRunOptions(command: Command, format: Option = formatOption()): Command {
  return command
    .optionsGroup('Running and printing:')
    .option('--threads <N>', 'threads that verify; 0 verifies in the main thread', countOption, availableParallelism())
    .addOption(kernelOption())
    .addOption(format);
}

/** Checks what commander cannot: options that only make sense together. The clock is read once, here, except for --receiver. */
export function verifySettings(flags: VerifyFlags): VerifySettings {
  if (flags.atOwnStart && (flags.receiver || flags.at === AT_CAPTURE)) {
    const other = flags.receiver ? '--receiver verifies at the clock or at --at' : '--at capture has another time';
    throw usageError(`${other}: leave out --at-own-start`);
  }
  const atCapture = flags.at === AT_CAPTURE;
  const named = flags.at === AT_CAPTURE ? undefined : flags.at;
  const at = named ?? (flags.receiver ? undefined : taiFromUnixMs(Date.now()));
  const relevance = relevanceOf(flags);
  return {
    trust: { root: flags.root ?? [], ca: flags.ca ?? [], pins: flags.pins, store: flags.store, at: named },
    policy: {
      ...(at === undefined ? {} : { at }),
      ...(flags.atOwnStart ? { atOwnStart: true } : {}),
      ...(flags.requireLocation ? { requireLocation: true } : {}),
      ...(flags.allErrors ? { allErrors: true } : {}),
      ...(flags.lenient?.length ? { lenient: flags.lenient } : {}),
      ...(flags.requireCrl ? { requireCrl: true } : {}),
      ...(flags.overdue ? { overdue: flags.overdue } : {}),
      ...(relevance ? { relevance } : {}),
    },
    revocation: {
      crl: flags.crl ?? [],
      index: flags.crlIndex,
      periods: flags.periods ?? DEFAULT_PERIODS,
      inclusiveJMax: flags.inclusiveJmax ?? false,
    },
    at: atText(flags, at),
    atCapture,
    resolveLate: flags.resolveLate ?? false,
    acceptReconstructed: flags.acceptReconstructed ?? false,
    threads: flags.threads,
    limits: {
      ...(flags.maxBatch === undefined ? {} : { maxBatch: flags.maxBatch }),
      ...(flags.maxWait === undefined ? {} : { maxWaitMs: flags.maxWait }),
    },
    kernel: flags.kernel,
    format: flags.format ?? defaultFormat(),
    summaryOnly: flags.summary ?? false,
    inputFormat: flags.inputFormat,
  };
}

/** Names of the input; an error that names the likely cause if there are none. */
export function inputNames(files: readonly string[], flags: VerifyFlags): readonly string[] {
  const swallowed = [...(flags.root ?? []), ...(flags.ca ?? []), ...(flags.crl ?? [])];
  if (swallowed.includes('-'))
    throw usageError('- was taken as a value of --root, --ca or --crl: put -- in front of it');
  if (files.length > 0) return files;
  const hint =
    swallowed.length > 0
      ? ' (--root, --ca and --crl take every value up to the next option: put -- before the input)'
      : '';
  throw usageError(`no input: name files, directories, or - for standard input${hint}`);
}

/** What the summary says about the time. */
function atText(flags: VerifyFlags, at: bigint | undefined): string | null {
  if (flags.atOwnStart) return null;
  if (flags.at === AT_CAPTURE) return AT_CAPTURE;
  return at === undefined ? 'clock' : formatTai(at);
}

function verifyTimeOption(text: string): bigint | typeof AT_CAPTURE {
  return text === AT_CAPTURE ? text : timeOption(text);
}

export function timeOption(text: string): bigint {
  try {
    return parseTime(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function lenientOption(text: string, before: LenientRule[] = []): LenientRule[] {
  const rules = text.split(',').map((rule) => rule.trim());
  for (const rule of rules) {
    if (!LENIENT_RULES.includes(rule as LenientRule)) {
      throw new InvalidArgumentError(`there is no rule '${rule}' to relax (known: ${LENIENT_RULES.join(', ')}).`);
    }
  }
  return [...new Set([...before, ...(rules as LenientRule[])])];
}

/** More threads than this can only be a slip of the hand. */
const MOST_THREADS = 256;

function sizeOption(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a number from 1 to 999999.');
  return Number(text);
}

/** A period's table takes memory in proportion to the CRL; more of them than this can only be a slip of the hand. */
const MOST_PERIODS = 256;
const DEFAULT_PERIODS = 4;

function periodsOption(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > MOST_PERIODS)
    throw new InvalidArgumentError(`a number from 0 to ${MOST_PERIODS}.`);
  return value;
}

export function countOption(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > MOST_THREADS)
    throw new InvalidArgumentError(`a number from 0 to ${MOST_THREADS}.`);
  return value;
}
