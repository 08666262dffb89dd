/**
 * Makes certificates and messages that nobody signed, cheaply: whoever attacks needs no credential, only points that are on their curves.
 * Every one is new; the same on every machine.
 */
import { decodeOrThrow, encode } from '../../../src/coer/index.ts';
import { Certificate, canonicalCertificate, type SignatureValue } from '../../../src/dot2/index.ts';
import { pseudonymFields } from '../../../src/testbed/devices.ts';
import {
  type CertificateFields,
  type Credential,
  CURVES,
  type CurveName,
  curvePoint,
  EE_BOTH,
  generateKey,
  groupForAll,
  hashedId8,
  hashWith,
  type MessageFlaws,
  type MessageRequest,
  named,
  type PointForm,
  PSID_BSM,
  publicPoint,
  type Random,
  type Scms,
  signMessage,
  yearsFrom,
} from '../../../src/testbed/index.ts';
import type { PointBytes } from '../../../src/testbed/keys.ts';
import type { Item } from '../../../src/verifier/index.ts';

/** Octets of a basic safety message. */
const PAYLOAD_BYTES = 38;
/** Points of each curve that keys and R are taken from: making one takes milliseconds on some. */
const POINTS = 64;
const LINKAGE_OCTETS = 9;

/** A certificate in somebody's name, and what its children call it by. */
export interface Forged {
  readonly bytes: Uint8Array;
  readonly curve: CurveName;
}

/** Who is named as the issuer: a certificate, itself, or eight octets that nobody has. */
export type Named = Forged | Credential | 'self' | 'nobody';

export interface ForgedFields {
  readonly fields: CertificateFields;
  readonly issuer: Named;
  /** Curve of its own key; P-256 where absent. */
  readonly curve?: CurveName;
  readonly type?: 'explicit' | 'implicit';
  readonly keyForm?: PointForm;
  /** The hash that the issuer field names, where it is not that of the issuer's curve. */
  readonly hash?: 'sha256' | 'sha384';
}

type Change = Partial<Omit<ForgedFields, 'fields'>> & { readonly fields?: Partial<CertificateFields> };

export class Forger {
  readonly scms: Scms;
  readonly random: Random;
  private readonly points = new Map<CurveName, PointBytes[]>();
  private sent = 0n;

  constructor(scms: Scms, label: string) {
    this.scms = scms;
    this.random = scms.random.fork(`forger ${label}`);
  }

  point(curve: CurveName = 'ecdsaNistP256'): PointBytes {
    const known = this.points.get(curve) ?? this.makePoints(curve);
    return known[this.random.below(known.length)] as PointBytes;
  }

  /** A signature of the right shape: R is a point, s anything. */
  signature(curve: CurveName = 'ecdsaNistP256', form: PointForm = 'x-only'): SignatureValue {
    const { name, octets } = CURVES[curve];
    const sSig = this.random.bytes(octets);
    // Below the order, so that it is not refused for its size.
    sSig[0] = (sSig[0] as number) & 0x3f;
    return { tag: `${name}Signature`, value: { rSig: curvePoint(this.point(curve), form), sSig } } as SignatureValue;
  }

  certificate({ fields, issuer, curve = 'ecdsaNistP256', type = 'explicit', keyForm, hash }: ForgedFields): Forged {
    const point = curvePoint(this.point(curve), keyForm ?? 'compressed');
    const signedOn = issuer === 'self' || issuer === 'nobody' ? curve : curveOf(issuer);
    const value = {
      version: 3,
      type,
      issuer: this.issuerField(issuer, hash ?? CURVES[signedOn].hash),
      toBeSigned: {
        ...fields,
        verifyKeyIndicator:
          type === 'explicit'
            ? { tag: 'verificationKey', value: { tag: curve, value: point } }
            : { tag: 'reconstructionValue', value: point },
      },
      signature: type === 'explicit' ? this.signature(signedOn) : undefined,
    } as Certificate;
    return { bytes: encode(Certificate, value), curve };
  }

  /** A pseudonym certificate in a PCA's name, like those that are deployed. */
  pseudonym(type: 'explicit' | 'implicit', change: Change = {}): Forged {
    const fields = { ...pseudonymFields(this.scms, 0, this.random.bytes(LINKAGE_OCTETS)), ...change.fields };
    return this.certificate({ issuer: this.scms.pca, type, ...change, fields });
  }

  /** A CA that may issue anything. */
  authority(issuer: Named, change: Change = {}): Forged {
    const { scms, random } = this;
    const fields: CertificateFields = {
      id: named(`ca ${random.below(2 ** 31)}`),
      cracaId: scms.cracaId,
      crlSeries: 256,
      validityPeriod: yearsFrom(scms.start, 10),
      certIssuePermissions: [groupForAll({ min: 1, range: -1 }, EE_BOTH)],
      ...change.fields,
    };
    return this.certificate({ issuer, ...change, fields });
  }

  /** `count` certificates, the leaf first, each of them issued by the next; all keys on one curve. */
  chain(count: number, end: Named, curve: CurveName = 'ecdsaNistP256', change: Change = {}): Forged[] {
    const chain: Forged[] = [];
    for (let i = 1; i < count; i++) chain.unshift(this.authority(chain[0] ?? end, { curve, ...change }));
    return [this.pseudonym('explicit', { issuer: chain[0] ?? end, curve, ...change }), ...chain];
  }

  /** A message with a signature that nobody made. */
  message(signer: readonly Forged[] | Uint8Array, change: Partial<MessageRequest> & MessageFlaws = {}): Item {
    const { scms, random } = this;
    const field = signer instanceof Uint8Array ? byDigest(signer) : attachedTo(signer);
    this.sent += 1000n;
    const curve = signer instanceof Uint8Array ? 'ecdsaNistP256' : (signer[0] as Forged).curve;
    const bytes = signMessage(scms.pca, {
      psid: PSID_BSM,
      payload: random.bytes(PAYLOAD_BYTES),
      generationTime: scms.at + this.sent,
      signer: field,
      hashId: CURVES[curve].hash,
      signature: this.signature(curve, 'compressed'),
      ...change,
    });
    return { kind: 'message', bytes };
  }

  private issuerField(issuer: Named, hash: 'sha256' | 'sha384'): Certificate['issuer'] {
    if (issuer === 'self') return { tag: 'self', value: hash };
    const value = issuer === 'nobody' ? this.random.bytes(8) : digestOf(issuer, hash);
    return { tag: `${hash}AndDigest`, value };
  }

  private makePoints(curve: CurveName): PointBytes[] {
    const random = this.scms.random.fork(`points of ${curve}`);
    const count = curve === 'ecdsaNistP256' ? POINTS : POINTS / 8;
    const points = Array.from({ length: count }, () => publicPoint(generateKey(random, curve)));
    this.points.set(curve, points);
    return points;
  }
}

function curveOf(issuer: Forged | Credential): CurveName {
  return 'curve' in issuer ? issuer.curve : issuer.key.curve.name;
}

/** The digest that a child names its issuer by. */
function digestOf(issuer: Forged | Credential, hash: 'sha256' | 'sha384'): Uint8Array {
  if ('canonical' in issuer && issuer.hash === hash) return hashedId8(issuer);
  const canonical =
    'canonical' in issuer ? issuer.canonical : canonicalCertificate(decodeOrThrow(Certificate, issuer.bytes));
  return hashWith(hash, canonical).subarray(-8);
}

function byDigest(value: Uint8Array): { tag: 'digest'; value: Uint8Array } {
  return { tag: 'digest', value };
}

function attachedTo(chain: readonly Pick<Forged, 'bytes'>[]): { tag: 'certificate'; value: Certificate[] } {
  return { tag: 'certificate', value: chain.map(({ bytes }) => decodeOrThrow(Certificate, bytes)) };
}
