import { toHex } from '../../coer/index.ts';
import type { TrustMaterial } from '../../verifier/types.ts';
import { type CertificateFields, type Credential, hashedId8 } from '../certificates.ts';
import { enrolmentCertificate } from '../devices.ts';
import { attached } from '../messages.ts';
import { EE_BOTH, groupForAll } from '../permissions.ts';
import type { Random } from '../random.ts';
import { createScms, type Scms, WEEK_SECONDS, yearsFrom } from '../scms.ts';
import {
  type Fault,
  fault,
  icaUnderRoot,
  implicitLeaf,
  leaf,
  message,
  messageWithChain,
  pcaUnder,
  type Specimen,
  special,
  trustWith,
} from './support.ts';

/**
 * Chains that end nowhere, in the wrong place or too late, and validity periods that reach outside the issuer's.
 *
 * Without a fault: a loop (A issued by B issued by A). Each would have to contain a hash of the other.
 */

/** Another SCMS, with an untrusted root. */
function foreignScms(random: Random): Scms {
  return createScms({ seed: random.bytes(32), electors: 0 });
}

const SECONDS_OF_YEAR = 31_556_952;

/** A validity period of whole years that begins this long before the CAs do. */
function earlier(scms: Scms, seconds: number, years: number): CertificateFields['validityPeriod'] {
  return yearsFrom(scms.start - seconds, years);
}

const UNKNOWN: readonly Fault[] = [
  fault(
    'message',
    'certificateNotFound',
    'the digest of a certificate never seen',
    { signature: 'notChecked' },
    (scms, random) => message(scms, implicitLeaf(scms, random), { signer: 'digest' }),
  ),
  fault(
    'message',
    'certificateNotFound/octets',
    'the digest of no certificate',
    { signature: 'notChecked' },
    (scms, random) => message(scms, leaf(scms, random), { signer: { tag: 'digest', value: random.bytes(8) } }),
  ),
  fault(
    'certificate',
    'issuerNotFound',
    'issued by a CA that is not at hand',
    { signature: 'notChecked' },
    (scms, random) => leaf(scms, random, { issuer: pcaUnder(scms, random, scms.ica) }).bytes,
  ),
  fault(
    'certificate',
    'issuerNotFound/implicit',
    'implicit, by a CA that is not at hand',
    { signature: 'notChecked' },
    (scms, random) => implicitLeaf(scms, random, { issuer: pcaUnder(scms, random, scms.ica) }).bytes,
  ),
  fault(
    'message',
    'issuerNotFound/signer',
    'the issuer of the attached certificate is not at hand',
    {},
    (scms, random) => message(scms, leaf(scms, random, { issuer: pcaUnder(scms, random, scms.ica) })),
  ),
  fault(
    'message',
    'issuerNotFound/above the list',
    'the issuer above the attached chain is not at hand',
    {},
    (scms, random) => {
      const foreign = foreignScms(random);
      return messageWithChain(scms, [leaf(foreign, random), foreign.pca, foreign.ica]);
    },
  ),
];

/** The trust of an SCMS after a foreign root was removed from it. */
function afterRemovalOf(scms: Scms, ...removed: readonly Credential[]): TrustMaterial {
  const hashedId8s = removed.map((credential) => toHex(hashedId8(credential)));
  return { ...scms.trust(), removedRoots: [{ hashedId8s, detail: 'removed in revision 7' }] };
}

const REMOVED: readonly Fault[] = [
  fault(
    'certificate',
    'rootRemoved',
    'issued by a root that the trust store has removed',
    { depth: 0, signature: 'notChecked' },
    (scms, random) => {
      const foreign = foreignScms(random);
      return { bytes: foreign.ica.bytes, trust: afterRemovalOf(scms, foreign.root) };
    },
  ),
  fault(
    'certificate',
    'rootRemoved/implicit, below a CA that went with its root',
    'issued by a PCA that is not kept any more',
    { depth: 0, signature: 'notChecked' },
    (scms, random) => {
      const foreign = foreignScms(random);
      const bytes = implicitLeaf(foreign, random).bytes;
      return { bytes, trust: afterRemovalOf(scms, foreign.root, foreign.ica, foreign.pca) };
    },
  ),
  fault(
    'message',
    'rootRemoved/above the list',
    'the attached chain ends at a removed root',
    { depth: 3, signature: 'notChecked' },
    (scms, random) => {
      const foreign = foreignScms(random);
      const bytes = messageWithChain(scms, [leaf(foreign, random), foreign.pca, foreign.ica]);
      return { bytes, trust: afterRemovalOf(scms, foreign.root) };
    },
  ),
];

const UNTRUSTED: readonly Fault[] = [
  fault(
    'certificate',
    'chainEndedAtUntrustedRoot/root',
    'a self-signed root that is not trusted',
    { depth: 0, signature: 'notChecked' },
    (_, random) => foreignScms(random).root.bytes,
  ),
  fault(
    'certificate',
    'chainEndedAtUntrustedRoot/elector',
    'an elector is no root',
    { depth: 0, signature: 'notChecked' },
    (scms) => (scms.electors[0] as Credential).bytes,
  ),
  fault('message', 'chainEndedAtUntrustedRoot/attached', 'a chain attached up to its own root', {}, (scms, random) => {
    const foreign = foreignScms(random);
    return messageWithChain(scms, [leaf(foreign, random), foreign.pca, foreign.ica, foreign.root]);
  }),
  fault(
    'certificate',
    'chainEndedAtUntrustedRoot/certificates',
    'a root among the certificates is no anchor',
    {},
    (scms, random) => {
      const foreign = foreignScms(random);
      const trust = trustWith(scms, foreign.root, foreign.ica, foreign.pca);
      return { bytes: leaf(foreign, random).bytes, trust };
    },
  ),
  fault(
    'message',
    'chainEndedAtUntrustedRoot/self-signed signer',
    'a message by a self-signed certificate',
    { depth: 1 },
    (scms, random) => message(scms, foreignScms(random).root, { psid: 0x23 }),
  ),
];

/** Root, then `cas` CAs one below the other, then a leaf; the leaf first. */
function longChain(scms: Scms, random: Random, cas: number): Credential[] {
  const chain: Credential[] = [];
  let issuer = scms.root;
  for (let depth = 0; depth < cas; depth++) {
    const certIssuePermissions = [groupForAll({ min: 1, range: -1 }, EE_BOTH)];
    issuer = pcaUnder(scms, random, issuer, { fields: { certIssuePermissions } });
    chain.unshift(issuer);
  }
  return [leaf(scms, random, { issuer }), ...chain];
}

const TOO_LONG: readonly Fault[] = [
  fault(
    'message',
    'chainTooLong/attached',
    'nine certificates, root included, all but the root attached',
    {},
    (scms, random) => messageWithChain(scms, longChain(scms, random, 7)),
  ),
  fault(
    'message',
    'chainTooLong/partly attached',
    'ten certificates, two of them known beforehand',
    {},
    (scms, random) => {
      const chain = longChain(scms, random, 8);
      const bytes = messageWithChain(scms, chain.slice(0, 8));
      return { bytes, trust: trustWith(scms, ...chain.slice(8)) };
    },
  ),
  fault(
    'certificate',
    'chainTooLong/certificates',
    'ten certificates, the CAs known beforehand',
    {},
    (scms, random) => {
      const [last, ...cas] = longChain(scms, random, 8) as [Credential, ...Credential[]];
      return { bytes: last.bytes, trust: trustWith(scms, ...cas) };
    },
  ),
];

const itself = { depth: 0, signature: 'ok' } as const;
const signerCa = { depth: 2, signature: 'ok' } as const;

const VALIDITY: readonly Fault[] = [
  fault(
    'certificate',
    'inconsistentStartTimes',
    'starts a second before its issuer',
    itself,
    (scms, random) => leaf(scms, random, { fields: { validityPeriod: earlier(scms, 1, 1) } }).bytes,
  ),
  fault(
    'certificate',
    'inconsistentStartTimes/implicit',
    'implicit, starts a second before its issuer',
    { depth: 0, signature: 'notChecked' },
    (scms, random) => implicitLeaf(scms, random, { fields: { validityPeriod: earlier(scms, 1, 1) } }).bytes,
  ),
  fault(
    'certificate',
    'inconsistentStartTimes/CA',
    'a CA starts before its issuer',
    itself,
    (scms, random) =>
      pcaUnder(scms, random, scms.ica, { fields: { validityPeriod: earlier(scms, WEEK_SECONDS, 5) } }).bytes,
  ),
  fault(
    'message',
    'inconsistentStartTimes/signer',
    'the signing certificate starts before its issuer',
    { depth: 1, signature: 'ok' },
    (scms, random) => message(scms, leaf(scms, random, { fields: { validityPeriod: earlier(scms, 1, 1) } })),
  ),
  fault(
    'message',
    'inconsistentStartTimes/CA of signer',
    'the CA above the signer starts before its issuer',
    signerCa,
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.ica, { fields: { validityPeriod: earlier(scms, WEEK_SECONDS, 5) } });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
    },
  ),
  fault(
    'certificate',
    'inconsistentExpiryTimes',
    'ends after its issuer',
    itself,
    (scms, random) => leaf(scms, random, { fields: { validityPeriod: yearsFrom(scms.start, 11) } }).bytes,
  ),
  fault(
    'certificate',
    'inconsistentExpiryTimes/second',
    'ends a second after its issuer',
    itself,
    (scms, random) => leaf(scms, random, { fields: { validityPeriod: endingAround(scms, 1) } }).bytes,
  ),
  fault(
    'certificate',
    'inconsistentExpiryTimes/enrolment',
    'an enrolment certificate ends after its issuer',
    { depth: 0, signature: 'notChecked' },
    (scms, random) =>
      enrolmentCertificate(scms, {
        label: `late enrolment ${random.below(2 ** 32)}`,
        fields: { validityPeriod: yearsFrom(scms.start, 30) },
      }).bytes,
  ),
  fault(
    'message',
    'inconsistentExpiryTimes/signer',
    'the signing certificate ends after its issuer',
    { depth: 1, signature: 'ok' },
    (scms, random) => message(scms, leaf(scms, random, { fields: { validityPeriod: yearsFrom(scms.start, 11) } })),
  ),
  fault(
    'message',
    'inconsistentExpiryTimes/CA of signer',
    'the CA above the signer ends after its issuer',
    signerCa,
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.ica, { fields: { validityPeriod: yearsFrom(scms.start, 21) } });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
    },
  ),
  fault(
    'message',
    'inconsistentExpiryTimes/ICA of signer',
    'the ICA ends after the root',
    { depth: 3, signature: 'ok' },
    (scms, random) => {
      const ica = icaUnderRoot(scms, random, { fields: { validityPeriod: yearsFrom(scms.start, 41) } });
      const pca = pcaUnder(scms, random, ica);
      return messageWithChain(scms, [leaf(scms, random, { issuer: pca }), pca, ica]);
    },
  ),
];

/** An hour that ends `seconds` after the PCA does. */
function endingAround(scms: Scms, seconds: number): CertificateFields['validityPeriod'] {
  const { start } = yearsFrom(scms.start, 10);
  return { start: start + 10 * SECONDS_OF_YEAR + seconds - 3600, duration: { tag: 'hours', value: 1 } };
}

const notValidNow: readonly Fault[] = [
  fault(
    'certificate',
    'notYetValid',
    'next week’s certificate',
    itself,
    (scms, random) => leaf(scms, random, { fields: { validityPeriod: hour(scms.start + WEEK_SECONDS) } }).bytes,
  ),
  fault(
    'certificate',
    'notYetValid/microsecond',
    'verified a microsecond before its start',
    itself,
    (scms, random) => ({
      bytes: leaf(scms, random, { fields: { validityPeriod: hour(scms.start) } }).bytes,
      options: { at: BigInt(scms.start) * 1_000_000n - 1n },
    }),
  ),
  fault(
    'certificate',
    'certificateExpired',
    'last week’s certificate',
    itself,
    (scms, random) => leaf(scms, random, { fields: { validityPeriod: hour(scms.start - WEEK_SECONDS) } }).bytes,
  ),
  fault(
    'certificate',
    'certificateExpired/microsecond',
    'verified a microsecond after its end',
    itself,
    (scms, random) => ({
      bytes: leaf(scms, random, { fields: { validityPeriod: hour(scms.start) } }).bytes,
      options: { at: BigInt(scms.start + 3600) * 1_000_000n + 1n },
    }),
  ),
];

function hour(start: number): CertificateFields['validityPeriod'] {
  return { start, duration: { tag: 'hours', value: 1 } };
}

export const CHAIN_FAULTS: readonly Fault[] = [
  ...UNKNOWN,
  ...REMOVED,
  ...UNTRUSTED,
  ...TOO_LONG,
  ...VALIDITY,
  ...notValidNow,
];

export const CHAIN_SPECIALS: readonly Specimen[] = [
  special('message', 'chain/eight', 'eight certificates, root included', (scms, random) =>
    messageWithChain(scms, longChain(scms, random, 6)),
  ),
  special('message', 'chain/root attached', 'the trusted root attached with the rest', (scms, random) =>
    messageWithChain(scms, [leaf(scms, random), scms.pca, scms.ica, scms.root]),
  ),
  special('message', 'chain/attached', 'every CA below the root attached', (scms, random) =>
    message(scms, leaf(scms, random), { signer: 'chain' }),
  ),
  special('message', 'chain/implicit', 'an implicit certificate with its CAs attached', (scms, random) =>
    message(scms, implicitLeaf(scms, random), { signer: 'chain' }),
  ),
  special('message', 'chain/new CA', 'a CA that only the message brings', (scms, random) => {
    const ca = pcaUnder(scms, random, scms.ica);
    return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
  }),
  special('message', 'signer/digest', 'a digest after the certificate was seen', (scms, random) => {
    const signer = implicitLeaf(scms, random);
    const first = message(scms, signer, { generationTime: scms.at - 100_000n });
    return { bytes: message(scms, signer, { signer: 'digest' }), before: [first] };
  }),
  special('message', 'signer/digest at hand', 'a digest of a certificate handed in beforehand', (scms, random) => {
    const signer = leaf(scms, random);
    return { bytes: message(scms, signer, { signer: 'digest' }), trust: trustWith(scms, signer) };
  }),
  special('message', 'signer/CA', 'a message by the RA', (scms) =>
    message(scms, scms.ra, { psid: 0x23, signer: attached([scms.ra]) }),
  ),
  special('certificate', 'certificate/root', 'the trusted root itself', (scms) => scms.root.bytes),
  special('certificate', 'certificate/PCA', 'a CA certificate', (scms) => scms.pca.bytes),
  special('certificate', 'certificate/CRL generator', 'a certificate right below the root', (scms) => scms.crlg.bytes),
  special('certificate', 'validity/start', 'verified at its very start', (scms, random) => ({
    bytes: leaf(scms, random, { fields: { validityPeriod: hour(scms.start) } }).bytes,
    options: { at: BigInt(scms.start) * 1_000_000n },
  })),
  special('certificate', 'validity/end', 'verified at its very end', (scms, random) => ({
    bytes: leaf(scms, random, { fields: { validityPeriod: hour(scms.start) } }).bytes,
    options: { at: BigInt(scms.start + 3600) * 1_000_000n },
  })),
  special(
    'certificate',
    'validity/as its issuer',
    'starts and ends with its issuer',
    (scms, random) => leaf(scms, random, { fields: { validityPeriod: yearsFrom(scms.start, 10) } }).bytes,
  ),
  special(
    'certificate',
    'validity/at own start',
    'next year’s certificate, verified at its own start',
    (scms, random) => ({
      bytes: leaf(scms, random, { fields: { validityPeriod: hour(scms.start + 52 * WEEK_SECONDS) } }).bytes,
      options: { atOwnStart: true },
    }),
  ),
];
