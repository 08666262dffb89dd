import type { Verdict } from '../verdict/index.ts';

/** Where an item came from, and how it was taken out of its container. */
export interface Origin {
  readonly index: number;
  readonly source: string;
  readonly offset: number;
  readonly line?: number | undefined;
  readonly unwrap?: string | undefined;
}

/** One item of the output. The order of its fields is part of the contract: `jq` users and CSV makers see it. */
export interface Row extends Omit<Verdict, 'errorOffset'> {
  readonly index: number;
  readonly source: string;
  readonly offset: number;
  readonly unwrap?: string;
  readonly line?: number;
  readonly errorOffset?: number;
}

/** The fields that every item has, then those of its kind, then those that are there only now and then. */
export function rowOf(origin: Origin, verdict: Verdict): Row {
  return {
    index: origin.index,
    source: origin.source,
    offset: origin.offset,
    kind: verdict.kind,
    hashedId8: verdict.hashedId8,
    verdict: verdict.verdict,
    code: verdict.code,
    depth: verdict.depth,
    detail: verdict.detail,
    signature: verdict.signature,
    resultCode: verdict.resultCode,
    resultName: verdict.resultName,
    trust: verdict.trust,
    trustRevision: verdict.trustRevision,
    revocation: verdict.revocation,
    crlRevision: verdict.crlRevision,
    regionChecked: verdict.regionChecked,
    ...(verdict.kind === 'certificate' ? certificateFields(verdict) : messageFields(verdict)),
    ...(origin.unwrap === undefined ? {} : { unwrap: origin.unwrap }),
    ...(origin.line === undefined ? {} : { line: origin.line }),
    ...(verdict.errorOffset === null ? {} : { errorOffset: verdict.errorOffset }),
    ...(verdict.revokedBy === undefined ? {} : { revokedBy: verdict.revokedBy }),
    ...(verdict.warnings === undefined ? {} : { warnings: verdict.warnings }),
    ...(verdict.errors === undefined ? {} : { errors: verdict.errors }),
    ...(verdict.lenient === undefined ? {} : { lenient: verdict.lenient }),
  };
}

function certificateFields({ publicKey }: Verdict): Pick<Row, 'publicKey'> {
  return { publicKey: publicKey ?? null };
}

function messageFields({ psid, generationTime, signer }: Verdict): Pick<Row, 'psid' | 'generationTime' | 'signer'> {
  return { psid: psid ?? null, generationTime: generationTime ?? null, signer: signer ?? null };
}
