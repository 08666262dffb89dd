import { formatTai } from '../../dot2/time.ts';
import type { Verdict } from '../../verdict/index.ts';

/** Where an item came from, and how it was taken out of its container. */
export interface Origin {
  readonly index: number;
  readonly source: string;
  readonly offset: number;
  readonly line?: number | undefined;
  readonly unwrap?: string | undefined;
  /** Of a frame of a capture: when it was captured (TAI microseconds since 2004), from whom and to whom. */
  readonly captureTime?: bigint | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** One item of the output. The order of its fields is part of the contract: `jq` users and CSV makers see it. */
export interface Row extends Omit<Verdict, 'errorOffset'> {
  readonly index: number;
  readonly source: string;
  readonly offset: number;
  readonly unwrap?: string;
  readonly line?: number;
  /** RFC 3339. */
  readonly captureTime?: string;
  readonly from?: string;
  readonly to?: string;
  readonly errorOffset?: number;
}

/** The fields that every verdict begins with, in their order: items and CRLs alike. */
export function commonFields(verdict: Omit<Verdict, 'kind' | 'warnings'>) {
  const { hashedId8, code, depth, detail, signature, resultCode, resultName, trust, trustRevision } = verdict;
  const { revocation, crlRevision, regionChecked } = verdict;
  return {
    hashedId8,
    verdict: verdict.verdict,
    code,
    depth,
    detail,
    signature,
    resultCode,
    resultName,
    trust,
    trustRevision,
    revocation,
    crlRevision,
    regionChecked,
  };
}

/** The last fields of verdicts, if they have them. */
export function rareFields<W>(verdict: Omit<Verdict, 'kind' | 'warnings'> & { readonly warnings?: W }) {
  const { errorOffset, revokedBy, warnings, errors, lenient } = verdict;
  return {
    ...(errorOffset === null ? {} : { errorOffset }),
    ...(revokedBy === undefined ? {} : { revokedBy }),
    ...(warnings === undefined ? {} : { warnings }),
    ...(errors === undefined ? {} : { errors }),
    ...(lenient === undefined ? {} : { lenient }),
  };
}

/** The fields that every item has, then those of its kind, then those that are there only now and then. */
export function rowOf(origin: Origin, verdict: Verdict): Row {
  return {
    index: origin.index,
    source: origin.source,
    offset: origin.offset,
    kind: verdict.kind,
    ...commonFields(verdict),
    ...(verdict.kind === 'certificate' ? certificateFields(verdict) : messageFields(verdict)),
    ...(origin.unwrap === undefined ? {} : { unwrap: origin.unwrap }),
    ...(origin.line === undefined ? {} : { line: origin.line }),
    ...(origin.captureTime === undefined ? {} : { captureTime: formatTai(origin.captureTime) }),
    ...(origin.from === undefined ? {} : { from: origin.from }),
    ...(origin.to === undefined ? {} : { to: origin.to }),
    ...rareFields(verdict),
  };
}

function certificateFields({ publicKey }: Verdict): Pick<Row, 'publicKey'> {
  return { publicKey: publicKey ?? null };
}

function messageFields({ psid, generationTime, signer }: Verdict): Pick<Row, 'psid' | 'generationTime' | 'signer'> {
  return { psid: psid ?? null, generationTime: generationTime ?? null, signer: signer ?? null };
}
