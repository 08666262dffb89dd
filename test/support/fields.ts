/** Plain certificate and header values for rules, which need no keys. */
import type { Certificate, PsidGroupPermissions, PsidSsp, PsidSspRange, SspRange } from '../../src/dot2/index.ts';

export type Tbs = Certificate['toBeSigned'];

const POINT = { tag: 'compressed-y-0', value: new Uint8Array(32).fill(1) } as const;
export const SIGNATURE: NonNullable<Certificate['signature']> = {
  tag: 'ecdsaNistP256Signature',
  value: { rSig: { tag: 'x-only', value: new Uint8Array(32).fill(2) }, sSig: new Uint8Array(32).fill(3) },
};
export const KEY: Tbs['verifyKeyIndicator'] = { tag: 'verificationKey', value: { tag: 'ecdsaNistP256', value: POINT } };
export const RECONSTRUCTION: Tbs['verifyKeyIndicator'] = { tag: 'reconstructionValue', value: POINT };

export function tbsWith(fields: Partial<Tbs> = {}): Tbs {
  return {
    id: { tag: 'none', value: null },
    cracaId: new Uint8Array(3),
    crlSeries: 1,
    validityPeriod: { start: 0, duration: { tag: 'hours', value: 1 } },
    appPermissions: [{ psid: 32 }],
    verifyKeyIndicator: KEY,
    ...fields,
  };
}

export function explicit(fields: Partial<Tbs> = {}, outer: Partial<Certificate> = {}): Certificate {
  return {
    version: 3,
    type: 'explicit',
    issuer: { tag: 'sha256AndDigest', value: new Uint8Array(8) },
    toBeSigned: tbsWith(fields),
    signature: SIGNATURE,
    ...outer,
  };
}

export function implicit(fields: Partial<Tbs> = {}, outer: Partial<Certificate> = {}): Certificate {
  const { signature: _, ...rest } = explicit({ verifyKeyIndicator: RECONSTRUCTION, ...fields }, { type: 'implicit' });
  return { ...rest, ...outer };
}

export const APP = 0x80;
export const ENROL = 0x40;

interface Limits {
  readonly min?: number;
  readonly range?: number;
  readonly eeType?: number;
}

export function all({ min = 1, range = 0, eeType = APP }: Limits = {}): PsidGroupPermissions {
  return { subjectPermissions: { tag: 'all', value: null }, minChainLength: min, chainLengthRange: range, eeType };
}

export function group(
  entries: readonly PsidSspRange[],
  { min = 1, range = 0, eeType = APP }: Limits = {},
): PsidGroupPermissions {
  return {
    subjectPermissions: { tag: 'explicit', value: [...entries] },
    minChainLength: min,
    chainLengthRange: range,
    eeType,
  };
}

const octets = (values: readonly number[]): Uint8Array => Uint8Array.from(values);
export const opaque = (...values: number[]): NonNullable<PsidSsp['ssp']> => ({ tag: 'opaque', value: octets(values) });
export const bitmap = (...values: number[]): NonNullable<PsidSsp['ssp']> => ({
  tag: 'bitmapSsp',
  value: octets(values),
});
export const opaqueRange = (...ssps: readonly (readonly number[])[]): SspRange => ({
  tag: 'opaque',
  value: ssps.map(octets),
});
export const bitmapRange = (sspValue: readonly number[], sspBitmask: readonly number[]): SspRange => ({
  tag: 'bitmapSspRange',
  value: { sspValue: octets(sspValue), sspBitmask: octets(sspBitmask) },
});
export const ANY: SspRange = { tag: 'all', value: null };
