import { annotate, type TraceNode } from '../../coer/index.ts';
import { STRUCTURES } from '../../dot2/index.ts';
import { CODES, type Code, type FailureCode, type ItemKind, type SignatureState } from '../../verdict/index.ts';
import type { Item, Policy, TrustMaterial } from '../../verifier/types.ts';
import {
  type CertificateFields,
  type CertificateFlaws,
  type Credential,
  type ExplicitRequest,
  type ImplicitFlaws,
  issueExplicit,
  issueImplicit,
  named,
} from '../certificates.ts';
import { applicationFields } from '../devices.ts';
import { generateKey, type PrivateKey } from '../keys.ts';
import { attached, type MessageFlaws, type MessageRequest, signMessage } from '../messages.ts';
import {
  ICA_ISSUE_PERMISSIONS,
  PCA_ISSUE_PERMISSIONS,
  PSID_BSM,
  SERIES_COMPONENT,
  SERIES_ROOT_MANAGED,
} from '../permissions.ts';
import type { Random } from '../random.ts';
import { type Scms, yearsFrom } from '../scms.ts';

/** The verdict that the standards require. Fields that they leave open are left out. */
export interface Expected {
  readonly verdict: 'valid' | 'invalid' | 'undecided';
  readonly code: Code;
  readonly depth?: number;
  readonly signature?: SignatureState;
}

/** Bytes to verify, and the set-up that they need. */
export interface Case {
  readonly bytes: Uint8Array;
  /** Beside the time of verification, which is `scms.at` unless this says otherwise. */
  readonly options?: Partial<Policy>;
  readonly item?: Partial<Item>;
  /** Instead of `scms.trust()`. */
  readonly trust?: TrustMaterial;
  /** Items of the same kind that the verifier has seen before this one. */
  readonly before?: readonly Uint8Array[];
}

/** One way to be wrong, or one rare way to be right. */
export interface Specimen {
  /** The code to expect, and `/variant` if there are several. */
  readonly name: string;
  readonly kind: ItemKind;
  readonly description: string;
  readonly expected: Expected;
  build(scms: Scms, random: Random): Case;
}
/** A specimen that breaks one rule, and the verdict that it must get. */
export type Fault = Specimen;

type Build = (scms: Scms, random: Random) => Uint8Array | Case;
type Where = Pick<Expected, 'depth' | 'signature'>;

function specimen(kind: ItemKind, name: string, description: string, expected: Expected, build: Build): Specimen {
  return {
    name,
    kind,
    description,
    expected,
    build(scms, random) {
      const built = build(scms, random);
      return built instanceof Uint8Array ? { bytes: built } : built;
    },
  };
}

export function fault(kind: ItemKind, name: string, description: string, where: Where, build: Build): Fault {
  const code = name.split('/')[0] as FailureCode;
  return specimen(kind, name, description, { verdict: CODES[code].verdict, code, ...where }, build);
}

/** A specimen that has to be accepted. */
export function special(kind: ItemKind, name: string, description: string, build: Build): Specimen {
  return specimen(kind, name, description, { verdict: 'valid', code: 'ok', depth: 0, signature: 'ok' }, build);
}

export type LeafRequest = CertificateFlaws & {
  readonly issuer?: Credential;
  readonly key?: PrivateKey;
  readonly fields?: Partial<CertificateFields>;
  readonly keyForm?: ExplicitRequest['keyForm'];
  readonly rForm?: ExplicitRequest['rForm'];
};

/** An explicit application certificate, under the PCA unless told otherwise. */
export function leaf(scms: Scms, random: Random, request: LeafRequest = {}): Credential {
  const { issuer = scms.pca, key = generateKey(random), fields, ...flaws } = request;
  return issueExplicit({ issuer, key, fields: { ...applicationFields(scms, 'leaf'), ...fields }, ...flaws });
}

export type ImplicitLeafRequest = ImplicitFlaws & {
  readonly issuer?: Credential;
  readonly fields?: Partial<CertificateFields>;
  readonly pointForm?: 'compressed' | 'uncompressed' | 'x-only';
  readonly signature?: NonNullable<CertificateFlaws['signature']>;
};

/** The same as an implicit certificate. */
export function implicitLeaf(scms: Scms, random: Random, request: ImplicitLeafRequest = {}): Credential {
  const { issuer = scms.pca, fields, ...flaws } = request;
  const secret = generateKey(random).d;
  return issueImplicit({ issuer, secret, fields: { ...applicationFields(scms, 'leaf'), ...fields }, ...flaws });
}

export type CaRequest = Omit<LeafRequest, 'issuer'>;

/** A CA like the PCA, under an issuer that may have one. */
export function pcaUnder(scms: Scms, random: Random, issuer: Credential, request: CaRequest = {}): Credential {
  const { key = generateKey(random), fields, ...flaws } = request;
  const own = {
    id: named('ca'),
    cracaId: scms.cracaId,
    crlSeries: SERIES_COMPONENT,
    validityPeriod: yearsFrom(scms.start, 10),
    certIssuePermissions: PCA_ISSUE_PERMISSIONS,
  };
  return issueExplicit({ issuer, key, fields: { ...own, ...fields }, ...flaws });
}

/** A CA like the ICA, under the root. */
export function icaUnderRoot(scms: Scms, random: Random, request: CaRequest = {}): Credential {
  const fields = {
    crlSeries: SERIES_ROOT_MANAGED,
    validityPeriod: yearsFrom(scms.start, 20),
    certIssuePermissions: ICA_ISSUE_PERMISSIONS,
    ...request.fields,
  };
  return pcaUnder(scms, random, scms.root, { ...request, fields });
}

/** The trust of an SCMS and further CAs. */
export function trustWith(scms: Scms, ...cas: readonly Credential[]): TrustMaterial {
  const { roots, certificates = [] } = scms.trust();
  return { roots, certificates: [...certificates, ...cas.map(({ bytes }) => bytes)] };
}

/** A good message with its certificate attached, but for what `change` says. */
export function message(
  scms: Scms,
  signer: Credential,
  change: Partial<MessageRequest> & MessageFlaws = {},
): Uint8Array {
  return signMessage(signer, {
    psid: PSID_BSM,
    payload: PAYLOAD,
    generationTime: scms.at,
    signer: 'certificate',
    ...change,
  });
}

/** As long as the payload of a deployed basic safety message. */
export const PAYLOAD = Uint8Array.from({ length: 38 }, (_, at) => at);

/** A good message by the first of the credentials, all of them attached. */
export function messageWithChain(
  scms: Scms,
  chain: readonly Credential[],
  change: Partial<MessageRequest> & MessageFlaws = {},
): Uint8Array {
  return message(scms, chain[0] as Credential, { signer: attached(chain), ...change });
}

/**
 * Changes the bytes of one field. `path` names it as the decoder's trace does, list positions as `[0]`, stretches that
 * are no field in brackets: `toBeSigned.id.name`, `content.signedData.tbsData.headerInfo.(preamble)`.
 */
export function edit(
  kind: ItemKind,
  bytes: Uint8Array,
  path: string,
  change: (octets: Uint8Array) => Uint8Array | readonly number[],
): Uint8Array {
  const { tree } = annotate(kind === 'certificate' ? STRUCTURES.certificate : STRUCTURES.data, bytes);
  let node: TraceNode = tree;
  for (const name of path.split('.')) {
    const child = node.children.find((candidate) => candidate.name === name);
    if (child === undefined) throw new RangeError(`no ${name} in ${node.name}: ${node.children.map((c) => c.name)}`);
    node = child;
  }
  const changed = change(bytes.slice(node.offset, node.end));
  return Uint8Array.of(...bytes.subarray(0, node.offset), ...changed, ...bytes.subarray(node.end));
}

/** The bytes with the lowest bit of the last one flipped. */
export function flipLast(octets: Uint8Array): Uint8Array {
  const flipped = octets.slice();
  flipped[flipped.length - 1] = (flipped[flipped.length - 1] as number) ^ 1;
  return flipped;
}

export const HEADER = 'content.signedData.tbsData.headerInfo';
export const PAYLOAD_FIELD = 'content.signedData.tbsData.payload';

/** Bytes 0xff. */
export const ones = (count: number): Uint8Array => new Uint8Array(count).fill(0xff);
