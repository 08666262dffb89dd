import type { GeographicRegionValue } from '../dot2/index.ts';
import type { TrustMaterial } from '../verifier/types.ts';
import { type CertificateFields, type Credential, hashedId8, issueExplicit, named } from './certificates.ts';
import { type CurveName, generateKey } from './keys.ts';
import { createLinkageAuthority, type LinkageAuthority } from './linkage.ts';
import {
  crlPermission,
  ECA_ISSUE_PERMISSIONS,
  ICA_ISSUE_PERMISSIONS,
  PCA_ISSUE_PERMISSIONS,
  ROOT_ISSUE_PERMISSIONS,
  SERIES_APPLICATION,
  SERIES_COMPONENT,
  SERIES_ENROLMENT,
  SERIES_PSEUDONYM,
  SERIES_ROOT_MANAGED,
  scmsRole,
} from './permissions.ts';
import { Random } from './random.ts';

/** An i-period, in seconds. */
export const WEEK_SECONDS = 7 * 24 * 3600;

/** The seed and the size of an SCMS to make. */
export interface ScmsOptions {
  readonly seed: string | Uint8Array;
  /** Time32 at which the first week begins; default: 2024-01-01T00:00:00Z. */
  readonly start?: number;
  readonly rootCurve?: CurveName;
  /** Curve of every CA below the root. Implicit certificates need P-256. */
  readonly caCurve?: CurveName;
  readonly electorCurve?: CurveName;
  readonly electors?: number;
  /** Region of the CAs; null for none. */
  readonly region?: GeographicRegionValue | null;
}

/** An SCMS with everything that signs in it. */
export interface Scms {
  readonly random: Random;
  /** Time32 at which the first week begins, and its number: whole weeks since 2004. */
  readonly start: number;
  readonly firstPeriod: number;
  /** A day into the first week, in TAI microseconds: everything the testbed issues is valid then. */
  readonly at: bigint;
  /** Low-order 3 bytes of the root's HashedId8: the root is the CRACA. */
  readonly cracaId: Uint8Array;
  readonly root: Credential;
  readonly ica: Credential;
  readonly pca: Credential;
  readonly eca: Credential;
  readonly ra: Credential;
  readonly ma: Credential;
  readonly crlg: Credential;
  /** A second branch without region: certificates under it may have one of any kind. */
  readonly worldwideIca: Credential;
  readonly worldwidePca: Credential;
  readonly electors: readonly Credential[];
  readonly linkageAuthorities: readonly [LinkageAuthority, LinkageAuthority];
  /** The root as anchor, the CAs below it as help. */
  trust(): TrustMaterial;
}

/** 2024-01-01T00:00:00Z: twenty years of seconds, and five leap seconds. */
const DEFAULT_START = 631_152_000 + 5;

/** Korea and the USA (UN M.49), as the deployed CAs have it. */
const DEFAULT_REGION: GeographicRegionValue = {
  tag: 'identifiedRegion',
  value: [
    { tag: 'countryOnly', value: 410 },
    { tag: 'countryOnly', value: 840 },
  ],
};

const NO_CRACA = new Uint8Array(3);
const NO_SERIES = 0;

/** Fields of a certificate that lives for whole years. CAs start a week early, so that a batch may begin at `start`. */
export function yearsFrom(start: number, years: number): CertificateFields['validityPeriod'] {
  return { start: start - WEEK_SECONDS, duration: { tag: 'years', value: years } };
}

/** Makes an SCMS: root, CAs, authorities and electors, all from a seed. */
export function createScms(options: ScmsOptions): Scms {
  const random = new Random(options.seed);
  const start = options.start ?? DEFAULT_START;
  const caCurve = options.caCurve ?? 'ecdsaNistP256';
  const region = options.region === null ? undefined : (options.region ?? DEFAULT_REGION);

  const root = issueExplicit({
    key: generateKey(random.fork('root'), options.rootCurve),
    fields: {
      id: named('root.testbed'),
      cracaId: NO_CRACA,
      crlSeries: NO_SERIES,
      validityPeriod: yearsFrom(start, 40),
      appPermissions: [scmsRole('root'), crlPermission('isCraca', [SERIES_ROOT_MANAGED])],
      certIssuePermissions: ROOT_ISSUE_PERMISSIONS,
    },
  });
  const cracaId = hashedId8(root).subarray(-3);

  function issueComponent(name: string, issuer: Credential, own: Partial<CertificateFields>): Credential {
    const years = issuer === root ? 20 : 10;
    return issueExplicit({
      issuer,
      key: generateKey(random.fork(name), caCurve),
      fields: {
        id: named(`${name}.testbed`),
        cracaId,
        crlSeries: SERIES_COMPONENT,
        validityPeriod: yearsFrom(start, years),
        ...own,
      },
    });
  }

  const icaFields = {
    crlSeries: SERIES_ROOT_MANAGED,
    appPermissions: [scmsRole('ica')],
    certIssuePermissions: ICA_ISSUE_PERMISSIONS,
  };
  const pcaFields = { appPermissions: [scmsRole('aca')], certIssuePermissions: PCA_ISSUE_PERMISSIONS };
  const ica = issueComponent('ica', root, { ...icaFields, region });
  const pca = issueComponent('pca', ica, { ...pcaFields, region });
  const eca = issueComponent('eca', ica, {
    appPermissions: [scmsRole('eca')],
    certIssuePermissions: ECA_ISSUE_PERMISSIONS,
    region,
  });
  const ra = issueComponent('ra', ica, { appPermissions: [scmsRole('ra')], region });
  const ma = issueComponent('ma', ica, { appPermissions: [scmsRole('ma')], region });
  const crlSeries = [SERIES_ENROLMENT, SERIES_APPLICATION, SERIES_PSEUDONYM, SERIES_COMPONENT];
  const crlg = issueComponent('crlg', root, {
    crlSeries: SERIES_ROOT_MANAGED,
    appPermissions: [crlPermission('issuerIsCraca', crlSeries)],
  });
  const worldwideIca = issueComponent('worldwide-ica', root, icaFields);
  const worldwidePca = issueComponent('worldwide-pca', worldwideIca, pcaFields);

  const electors = Array.from({ length: options.electors ?? 3 }, (_, index) =>
    issueExplicit({
      key: generateKey(random.fork(`elector ${index}`), options.electorCurve ?? 'ecdsaNistP384'),
      fields: {
        id: named(`elector${index}.testbed`),
        cracaId: NO_CRACA,
        crlSeries: NO_SERIES,
        validityPeriod: yearsFrom(start, 60),
        appPermissions: [scmsRole('elector')],
      },
    }),
  );
  const firstPeriod = Math.floor(start / WEEK_SECONDS);
  const authority = (name: string, laId: number[]): LinkageAuthority =>
    createLinkageAuthority(random.fork(name), Uint8Array.from(laId), firstPeriod);

  return {
    random,
    start,
    firstPeriod,
    at: BigInt(start + 24 * 3600) * 1_000_000n,
    cracaId,
    root,
    ica,
    pca,
    eca,
    ra,
    ma,
    crlg,
    worldwideIca,
    worldwidePca,
    electors,
    linkageAuthorities: [authority('la1', [0x2a, 0xa0]), authority('la2', [0x0e, 0x7e])],
    trust: () => ({
      roots: [root.bytes],
      certificates: [ica, pca, eca, ra, ma, crlg, worldwideIca, worldwidePca].map(({ bytes }) => bytes),
    }),
  };
}
