/** Rules on a certificate under its issuer (IEEE 1609.2 §5.1.2, §6.4), and on certificate items. */
import { checkPermissions, checkRegionNesting } from '../certificates/index.ts';
import type { CertificateItemFacts, ChainFacts } from './certificate-facts.ts';
import { text } from './micros.ts';
import { type Rule, rulesOver } from './rule.ts';

/** Certificates from the leaf to the anchor, both included. Deployed chains have four. */
export const MAX_CHAIN = 8;

/**
 * Implicit certificates of an attached list that nothing but its message proves. Each makes verifying a third dearer, and anybody can mint
 * them.
 */
export const MAX_UNPROVEN = 2;

const rule = rulesOver<ChainFacts>();

/** Checked for every chain, whatever else is wrong with it. */
export const CHAIN_LENGTH_RULES: readonly Rule<ChainFacts>[] = [
  rule({
    id: 'chainLength',
    code: 'chainTooLong',
    clause: 'IEEE 1609.2 §5.1.2.2',
    reads: ['certificatesAbove'],
    holds: ({ certificatesAbove }) => certificatesAbove < MAX_CHAIN,
    detail: () => `more than ${MAX_CHAIN} certificates`,
  }),
  rule({
    id: 'unprovenImplicit',
    code: 'chainTooLong',
    clause: 'DECISIONS D18',
    reads: ['certificatesAbove', 'unprovenImplicit'],
    holds: ({ certificatesAbove, unprovenImplicit }) =>
      certificatesAbove >= MAX_CHAIN || unprovenImplicit <= MAX_UNPROVEN,
    detail: () => `more than ${MAX_UNPROVEN} attached implicit certificates, which nothing has proven`,
  }),
];

/** Checked below what is genuine (DECISIONS D44). */
export const CHAIN_RULES: readonly Rule<ChainFacts>[] = [
  rule({
    // Without certIssuePermissions it is no CA, and nothing that it issued can be consistent.
    id: 'issuerIsAuthority',
    code: 'inconsistentChainPermissions',
    stage: 'issuer',
    clause: 'IEEE 1609.2 §6.4.8',
    reads: ['issuerGroups'],
    holds: ({ issuerGroups }) => (issuerGroups?.length ?? 0) > 0,
    detail: () => 'the issuer has no certIssuePermissions',
  }),
  rule({
    id: 'startsInsideIssuer',
    code: 'inconsistentStartTimes',
    clause: 'IEEE 1609.2 §5.1.2',
    reads: ['validity', 'issuerValidity'],
    holds: ({ validity, issuerValidity }) => validity.start >= issuerValidity.start,
    detail: ({ validity, issuerValidity }) =>
      `starts ${text(validity.start)}, its issuer ${text(issuerValidity.start)}`,
  }),
  rule({
    id: 'endsInsideIssuer',
    code: 'inconsistentExpiryTimes',
    clause: 'IEEE 1609.2 §5.1.2',
    reads: ['validity', 'issuerValidity'],
    holds: ({ validity, issuerValidity }) => validity.end <= issuerValidity.end,
    detail: ({ validity, issuerValidity }) => `ends ${text(validity.end)}, its issuer ${text(issuerValidity.end)}`,
  }),
  rule({
    id: 'regionInsideIssuer',
    codes: ['inconsistentValidityRegion'],
    clause: 'IEEE 1609.2 §6.4.17',
    reads: ['region', 'issuerRegion'],
    given: ['region', 'issuerRegion'],
    failures: ({ region, issuerRegion }) => checkRegionNesting(region, issuerRegion),
  }),
  rule({
    id: 'permissionsInsideIssuers',
    codes: ['inconsistentChainPermissions'],
    clause: 'IEEE 1609.2 §5.1.2.4, §6.4.28 – §6.4.31',
    reads: ['appPermissions', 'certIssuePermissions', 'certRequestPermissions', 'issuers', 'requestReading'],
    failures: (facts) => checkPermissions(facts, facts.issuers, facts.requestReading),
  }),
];

const itemRule = rulesOver<CertificateItemFacts>();

/** Checked of a certificate that is an item of its own. */
export const CERTIFICATE_ITEM_RULES: readonly Rule<CertificateItemFacts>[] = [
  itemRule({
    id: 'implicitUnproven',
    code: 'implicitReconstructed',
    clause: 'DECISIONS D2',
    reads: ['type', 'trust'],
    holds: ({ type, trust }) => type !== 'implicit' || trust === 'pinned',
    detail: () => 'a message signed with its key decides',
  }),
  itemRule({
    id: 'certificateStarted',
    code: 'notYetValid',
    clause: 'IEEE 1609.2 §5.1.2, DECISIONS D5',
    reads: ['validity', 'verifiedAt'],
    holds: ({ validity, verifiedAt }) => verifiedAt >= validity.start,
    detail: ({ validity, verifiedAt }) => `valid from ${text(validity.start)}, verified at ${text(verifiedAt)}`,
  }),
  itemRule({
    id: 'certificateNotExpired',
    code: 'certificateExpired',
    clause: 'IEEE 1609.2 §5.1.2',
    reads: ['validity', 'verifiedAt'],
    holds: ({ validity, verifiedAt }) => verifiedAt <= validity.end,
    detail: ({ validity, verifiedAt }) => `valid to ${text(validity.end)}, verified at ${text(verifiedAt)}`,
  }),
];
