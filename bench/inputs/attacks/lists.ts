/** Certificates attached to a message that nobody with a name has issued, on every curve. */
import {
  type CertificateFields,
  type Credential,
  type CurveName,
  createScms,
  groupFor,
  PSID_SCMS,
  type Scms,
  scmsRole,
} from '../../../src/testbed/index.ts';
import { type Attack, attack, type Scene } from './attack.ts';
import { type Forged, Forger } from './forger.ts';

const CURVE_NAMES: Readonly<Record<CurveName, string>> = {
  ecdsaNistP256: 'P-256',
  ecdsaNistP384: 'P-384',
  ecdsaBrainpoolP256r1: 'brainpoolP256r1',
  ecdsaBrainpoolP384r1: 'brainpoolP384r1',
};
const RARE = ['ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const;
/** As many as a message may attach; and one less, so that the root above makes a chain of the longest length. */
const MOST = 8;
const BELOW_ROOT = 7;

export function listAttacks(scene: Scene): Attack[] {
  const { forger } = scene;
  const { scms } = forger;
  const curves = Object.entries(CURVE_NAMES) as [CurveName, string][];
  return [
    ...curves.map(([curve, name]) =>
      attack(`list of ${MOST} self-made certificates, ${name}`, 'chainEndedAtUntrustedRoot', () =>
        forger.message(forger.chain(MOST, 'self', curve)),
      ),
    ),
    attack(`list of ${MOST} self-made certificates, issuer unknown, P-384`, 'issuerNotFound', () =>
      forger.message(forger.chain(MOST, 'nobody', 'ecdsaNistP384')),
    ),
    ...curves.map(([curve, name]) =>
      attack(`list of ${BELOW_ROOT} certificates in the name of the root, ${name}`, 'badChainSignature', () =>
        forger.message(forger.chain(BELOW_ROOT, scms.root, curve)),
      ),
    ),
    attack(`list of ${MOST} self-made certificates, P-256, hashed with SHA-384`, 'chainEndedAtUntrustedRoot', () =>
      forger.message(forger.chain(MOST, 'self', 'ecdsaNistP256', { hash: 'sha384' })),
    ),
    attack(`list of ${MOST} self-made certificates, P-256, not canonical`, 'chainEndedAtUntrustedRoot', () =>
      forger.message(forger.chain(MOST, 'self', 'ecdsaNistP256', { keyForm: 'uncompressed' })),
    ),
    attack('a forged certificate under genuine ones that were attached before', 'badChainSignature', () =>
      forger.message([forger.pseudonym('explicit'), forgedOf(scms.pca), forgedOf(scms.ica)]),
    ),
    attack('seven implicit certificates in a row, in the name of the root', 'chainTooLong', () =>
      forger.message(implicitChain(forger, BELOW_ROOT)),
    ),
    attack('an implicit CA in the name of the root, and an explicit certificate of it', 'badChainSignature', () => {
      const [ca] = implicitChain(forger, 1) as [Forged];
      return forger.message([forger.pseudonym('explicit', { issuer: ca, fields: SCMS_SERVICE }), ca], {
        psid: PSID_SCMS,
      });
    }),
    attack('two implicit certificates in a row, in the name of the root', 'badSignature', () => {
      const [ca] = implicitChain(forger, 1) as [Forged];
      return forger.message([forger.pseudonym('implicit', { issuer: ca, fields: SCMS_SERVICE }), ca], {
        psid: PSID_SCMS,
      });
    }),
    ...RARE.flatMap((curve) => underRareCurve(scene, curve)),
  ];
}

/** What a CA under the root's permissions may give to an end entity at any distance. */
const SCMS_SERVICE: Partial<CertificateFields> = { appPermissions: [scmsRole('dcm')], region: undefined };

/** A genuine certificate, as anybody can attach it. */
function forgedOf({ bytes, key }: Credential): Forged {
  return { bytes, curve: key.curve.name };
}

/** The root lets certificates for this PSID be issued at any distance below it. */
function implicitChain(forger: Forger, count: number): Forged[] {
  const certIssuePermissions = [groupFor([{ psid: PSID_SCMS }], { min: 1, range: -1 })];
  const chain: Forged[] = [];
  for (let i = 0; i < count; i++) {
    const { toBeSigned: fields } = forger.scms.ica;
    const { region: _region, ...rest } = fields;
    chain.unshift(
      forger.certificate({
        fields: { ...rest, certIssuePermissions },
        issuer: chain[0] ?? forger.scms.root,
        type: 'implicit',
      }),
    );
  }
  return chain;
}

/** A PKI whose CAs sign on another curve: one verification is what a certificate or message in their name may cost. */
function underRareCurve({ traffic }: Scene, curve: CurveName): Attack[] {
  const name = CURVE_NAMES[curve];
  const scms: Scms = createScms({ seed: `bench ${curve}`, rootCurve: curve, caCurve: curve });
  const forger = new Forger(scms, `rare ${curve}`);
  const { roots, certificates = [] } = scms.trust();
  const own = traffic.options.trust;
  const options = {
    trust: { roots: [...own.roots, ...roots], certificates: [...(own.certificates ?? []), ...certificates] },
  };
  return [
    attack(
      `a forged certificate in the name of a CA on ${name}`,
      'badChainSignature',
      () => forger.message([forger.pseudonym('explicit')]),
      { options, isBounded: false },
    ),
  ];
}
