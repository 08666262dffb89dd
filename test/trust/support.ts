import { toHex } from '../../src/coer/index.ts';
import { type Credential, createScms, hashedId8, issueExplicit, Random, scmsRole } from '../../src/testbed/index.ts';
import {
  ballot,
  type ChainFileParts,
  type CompositeCrlParts,
  type CtlRequest,
  compositeCrlOf,
  createElector,
  createRoot,
  ctlFile,
  globalChainFile,
  policyGenerator,
  type VoteRequest,
} from '../../src/testbed/trust/index.ts';
import { applyUnder } from '../../src/trust/apply.ts';
import {
  type Applied,
  type Artefact,
  createTrustState,
  type Decision,
  type TrustContext,
  type TrustInit,
  type TrustState,
} from '../../src/trust/index.ts';
import { RULES, type Rules } from '../../src/trust/rules.ts';
import { createTrustContext } from '../../src/verifier/trust-context.ts';
import { KERNEL } from '../support/kernels.ts';

/** The PKI of the old root, and of the new one. */
export const scms = createScms({ seed: 'trust' });
export const scms2 = createScms({ seed: 'trust, after the old root' });
export const pg = policyGenerator(scms);
export const pg2 = policyGenerator(scms2);
export const R1 = scms.root;
export const R2 = scms2.root;
/** A day into the first week; DAY in TAI microseconds. */
export const T0 = scms.at;
export const DAY = 24n * 3600n * 1_000_000n;
export const START = scms.start - 7 * 24 * 3600;

const random = new Random('electors');
export const elector = (name: string, more: Partial<Parameters<typeof createElector>[1]> = {}): Credential =>
  createElector(random, { name, start: START, years: 20, ...more });
export const otherRoot = (name: string, more: Partial<Parameters<typeof createRoot>[1]> = {}): Credential =>
  createRoot(random, { name, start: START, years: 40, ...more });
export const [A, B, C, D, F] = ['A', 'B', 'C', 'D', 'F'].map((name) => elector(name)) as [
  Credential,
  Credential,
  Credential,
  Credential,
  Credential,
];
/** Two certificates of one key, of which the other is a renewal. */
export const renewed = (of: Credential, name = 'renewed'): Credential => elector(name, { key: of.key });

export const CONTEXT = createTrustContext({ kernelInstance: KERNEL });
export const GROUP = 'ffffffffffffff00';
export const GROUP_OCTETS = Uint8Array.from(Buffer.from(GROUP, 'hex'));

export const id = (credential: Credential): string => toHex(hashedId8(credential));
export const ids = (credentials: readonly Credential[]): string[] => credentials.map(id).sort();

type Init = Partial<Omit<TrustInit, 'electors' | 'roots'>> & {
  readonly electors?: readonly Credential[];
  readonly roots?: readonly Credential[];
};

/** A device with three electors, two of which decide, and the old root. */
export function device({ electors = [A, B, C], roots = [R1], ...init }: Init = {}, context = CONTEXT): TrustState {
  const octets = (list: readonly Credential[]): Uint8Array[] => list.map(({ bytes }) => bytes);
  return createTrustState({ quorum: 2, at: T0, ...init, electors: octets(electors), roots: octets(roots) }, context)
    .state;
}

/** What a test has done to a device so far. */
export class Play {
  state: TrustState;
  decisions: readonly Decision[] = [];
  now: bigint;
  private readonly rules: Rules;
  private readonly context: TrustContext;

  constructor(state: TrustState = device(), rules: Rules = RULES, context: TrustContext = CONTEXT) {
    this.state = state;
    this.now = BigInt(state.clock);
    this.rules = rules;
    this.context = context;
  }

  /** Applies artefacts that have come together. */
  apply(...bundle: Artefact[]): this {
    const { state, decisions }: Applied = applyUnder(this.rules, this.state, bundle, this.now, this.context);
    this.state = state;
    this.decisions = decisions;
    return this;
  }

  later(by: bigint): this {
    this.now += by;
    return this;
  }

  get electors(): string[] {
    return this.state.electors.map(({ hashedId8: one }) => one).sort();
  }

  get roots(): string[] {
    return this.state.roots.map(({ hashedId8: one }) => one).sort();
  }

  /** Decisions on ballots and CTLs of the last bundle, as `decision code` by part. */
  get verdicts(): Record<string, string> {
    const entries = this.decisions
      .filter(({ proposition }) => proposition === null || PROPOSITIONS.has(proposition))
      .map(({ artefact, part, decision, code }) => [
        [artefact, part].filter((one) => one !== '').join(' '),
        code === 'OK' ? decision : `${decision} ${code}`,
      ]);
    return Object.fromEntries(entries);
  }
}

const PROPOSITIONS: ReadonlySet<string> = new Set(['addRoot', 'addElector', 'removeRoot', 'removeElector', 'ctl']);

export const file = (name: string, octets: Uint8Array, authenticated?: boolean): Artefact => ({
  name,
  octets,
  ...(authenticated === undefined ? {} : { authenticated }),
});

/** A composite CRL that carries nothing but removals. */
export const crl = (parts: CompositeCrlParts, name = 'crl'): Artefact => file(name, compositeCrlOf(parts));

/** A global chain file with the components of the old root. */
export function gccf(
  version: number,
  parts: Partial<ChainFileParts> = {},
  { name = 'gccf', authenticated }: { name?: string; authenticated?: boolean } = {},
): Artefact {
  const store = { ma: scms.ma, certs: [scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg], ...parts };
  return file(name, globalChainFile(version, store), authenticated);
}

type Vote = Omit<VoteRequest, 'type' | 'subject'>;
const by =
  (type: VoteRequest['type']) =>
  (subject: Credential, voters: readonly Credential[], more: Vote = {}): Uint8Array =>
    ballot(voters, { type, subject, ...more });
export const addElector = by('addElector');
export const addRoot = by('addRoot');
export const removeElector = by('removeElector');
export const removeRoot = by('removeRoot');

/** Elector and root ballots of chain files and composite CRLs by short names. */
export const adds = (electors: readonly Uint8Array[], roots: readonly Uint8Array[] = []): Partial<ChainFileParts> => ({
  electorEndorsements: electors,
  rootCAEndorsements: roots,
});
export const removes = (electors: readonly Uint8Array[], roots: readonly Uint8Array[] = []): Artefact =>
  crl({ revokedElectors: electors, revokedRootCAs: roots });

/** A CTL by some of the electors. */
export function ctl(
  sequenceNumber: number,
  request: Partial<CtlRequest> & Pick<CtlRequest, 'electors' | 'signers'>,
  name = 'ctl',
): Artefact {
  const effectiveDate = Number(T0 / 1_000_000n);
  return file(name, ctlFile({ electorGroupId: GROUP_OCTETS, sequenceNumber, effectiveDate, roots: [R1], ...request }));
}
export const ctlDevice = (init: Init = {}): TrustState => device({ electorGroupId: GROUP, ...init });

export { issueExplicit, scmsRole };
