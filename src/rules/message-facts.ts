import { isKnownLocation, regionContains } from '../certificates/index.ts';
import type { Infer } from '../coer/index.ts';
import type { PublicEncryptionKey } from '../dot2/crypto.ts';
import type { GeographicRegionValue, Ieee1609Dot2Data, SignedData } from '../dot2/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { type Micros, micros, type Period } from './micros.ts';

/** What the octets of a signed message say. Field values, never conclusions: a template tells by comparing them what is fixed. */
export interface SignedFacts {
  readonly protocolVersion: number;
  readonly hashId: string;
  /** Index of the signer's alternative, if it is none that this edition knows. */
  readonly signerAlternative: number | undefined;
  readonly signatureAlternative: number | undefined;
  readonly extDataHashAlternative: number | undefined;
  /** Form of rSig; the two compressed forms and x-only are one, because each of them gives x. */
  readonly rSigForm: 'x' | 'uncompressed' | 'fill' | undefined;
  /** Which of data, extDataHash and omitted are there. */
  readonly payloadKinds: string;
  readonly omitsPayload: boolean;
  readonly extDataHash: { readonly tag: string; readonly value: Uint8Array } | undefined;
  readonly encryptionKey: Infer<typeof PublicEncryptionKey> | undefined;
  readonly psid: number;
  readonly generationTime: Micros | undefined;
  readonly expiryTime: Micros | undefined;
  readonly generationLocation: Location | undefined;
}

/** In 1e-7 degrees. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** What came with the message. */
export interface ItemFacts {
  /** The PSID that the layer below carried. */
  readonly lowerLayerPsid: number | undefined;
  /** Hash of the external data by the algorithm of extDataHash (default: SHA-256); undefined if none was given. */
  readonly externalDataHash: Uint8Array | undefined;
}

/** What the signing certificate and its chain say. */
export interface SignerFacts {
  /** PSIDs of appPermissions. */
  readonly appPsids: readonly number[];
  readonly signerValidity: Period;
  /** Its own region, or the nearest one above it. */
  readonly signerRegion: GeographicRegionValue | undefined;
  readonly trust: Verdict['trust'];
}

/** Time and policy of the batch. A limit that is undefined is not asked for. */
export interface ReceiverFacts {
  /** The time of verification. */
  readonly at: Micros;
  /** The same, or the start of the signer's validity if the policy says `atOwnStart`. */
  readonly verifiedAt: Micros;
  readonly requireLocation: true | undefined;
  readonly earliestGeneration: Micros | undefined;
  readonly latestGeneration: Micros | undefined;
  readonly checkExpiry: true | undefined;
  readonly checkCertificateExpiry: true | undefined;
  readonly position: (Location & { readonly maxDistanceMetres: number }) | undefined;
}

/** What follows from the facts above alone. */
export interface DerivedFacts {
  /** Whether the generation location lies in the signer's region; undefined if the two cannot be compared. */
  readonly insideRegion: boolean | undefined;
}

/** Everything that a rule on messages may read. */
export interface MessageFacts extends SignedFacts, ItemFacts, SignerFacts, ReceiverFacts, DerivedFacts {}

/** What a derived fact is made from. */
export const DERIVED_FROM: { readonly [K in keyof DerivedFacts]: readonly (keyof MessageFacts)[] } = {
  insideRegion: ['signerRegion', 'generationLocation'],
};

/** IEEE 1609.2 §5.2.4.2.3, §6.4.17: identified regions cannot be drawn, and are not compared. */
export function insideRegion(
  region: GeographicRegionValue | undefined,
  location: Location | undefined,
): boolean | undefined {
  if (region === undefined || location === undefined || !isKnownLocation(location)) return undefined;
  return regionContains(region, location);
}

/** The facts of a decoded message. */
export class DecodedFacts implements SignedFacts {
  private readonly data: Ieee1609Dot2Data;
  private readonly signed: SignedData;

  constructor(data: Ieee1609Dot2Data, signed: SignedData) {
    this.data = data;
    this.signed = signed;
  }

  get protocolVersion(): number {
    return this.data.protocolVersion;
  }

  get hashId(): string {
    return this.signed.hashId;
  }

  get signerAlternative(): number | undefined {
    const { signer } = this.signed;
    return signer.tag === 'unknown' ? signer.index : undefined;
  }

  get signatureAlternative(): number | undefined {
    const { signature } = this.signed;
    return signature.tag === 'unknown' ? signature.index : undefined;
  }

  get extDataHashAlternative(): number | undefined {
    const { extDataHash } = this.signed.tbsData.payload;
    return extDataHash?.tag === 'unknown' ? extDataHash.index : undefined;
  }

  get rSigForm(): SignedFacts['rSigForm'] {
    return rSigFormOf(this.signed.signature);
  }

  get payloadKinds(): string {
    const { data, extDataHash, omitted } = this.signed.tbsData.payload;
    return [data && 'data', extDataHash && 'extDataHash', omitted !== undefined && 'omitted'].filter(Boolean).join();
  }

  get omitsPayload(): boolean {
    return this.signed.tbsData.payload.omitted !== undefined;
  }

  get extDataHash(): SignedFacts['extDataHash'] {
    return this.signed.tbsData.payload.extDataHash;
  }

  get encryptionKey(): SignedFacts['encryptionKey'] {
    const { encryptionKey } = this.signed.tbsData.headerInfo;
    return encryptionKey?.tag === 'public' ? encryptionKey.value : undefined;
  }

  get psid(): number {
    return this.signed.tbsData.headerInfo.psid;
  }

  get generationTime(): Micros | undefined {
    const { generationTime } = this.signed.tbsData.headerInfo;
    return generationTime === undefined ? undefined : micros(generationTime);
  }

  get expiryTime(): Micros | undefined {
    const { expiryTime } = this.signed.tbsData.headerInfo;
    return expiryTime === undefined ? undefined : micros(expiryTime);
  }

  get generationLocation(): Location | undefined {
    const { generationLocation: location } = this.signed.tbsData.headerInfo;
    return location && { latitude: location.latitude, longitude: location.longitude };
  }
}

/** The form of rSig in any signature. */
export function rSigFormOf(signature: SignedData['signature'] | undefined): SignedFacts['rSigForm'] {
  if (signature === undefined || signature.tag === 'unknown' || signature.tag === 'sm2Signature') return undefined;
  const { tag } = signature.value.rSig;
  return tag === 'fill' || tag === 'uncompressed' ? tag : 'x';
}

/** Time and policy that all messages of a batch share. */
export interface Receiver extends Omit<ReceiverFacts, 'verifiedAt'> {
  readonly atOwnStart: boolean;
}

/** All facts of a decoded message under one signer. */
export class DecodedMessageFacts extends DecodedFacts implements MessageFacts {
  private readonly item: ItemFacts;
  private readonly signer: SignerFacts;
  private readonly receiver: Receiver;

  constructor(data: Ieee1609Dot2Data, signed: SignedData, item: ItemFacts, signer: SignerFacts, receiver: Receiver) {
    super(data, signed);
    this.item = item;
    this.signer = signer;
    this.receiver = receiver;
  }

  get lowerLayerPsid(): number | undefined {
    return this.item.lowerLayerPsid;
  }

  get externalDataHash(): Uint8Array | undefined {
    return this.item.externalDataHash;
  }

  get appPsids(): readonly number[] {
    return this.signer.appPsids;
  }

  get signerValidity(): Period {
    return this.signer.signerValidity;
  }

  get signerRegion(): GeographicRegionValue | undefined {
    return this.signer.signerRegion;
  }

  get trust(): Verdict['trust'] {
    return this.signer.trust;
  }

  get at(): Micros {
    return this.receiver.at;
  }

  get verifiedAt(): Micros {
    return verifiedAt(this.receiver, this.signer.signerValidity);
  }

  get requireLocation(): true | undefined {
    return this.receiver.requireLocation;
  }

  get earliestGeneration(): Micros | undefined {
    return this.receiver.earliestGeneration;
  }

  get latestGeneration(): Micros | undefined {
    return this.receiver.latestGeneration;
  }

  get checkExpiry(): true | undefined {
    return this.receiver.checkExpiry;
  }

  get checkCertificateExpiry(): true | undefined {
    return this.receiver.checkCertificateExpiry;
  }

  get position(): ReceiverFacts['position'] {
    return this.receiver.position;
  }

  get insideRegion(): boolean | undefined {
    return insideRegion(this.signerRegion, this.generationLocation);
  }
}

/** The time at which a certificate of that validity is verified. */
export function verifiedAt({ at, atOwnStart }: Pick<Receiver, 'at' | 'atOwnStart'>, validity: Period): Micros {
  return atOwnStart ? validity.start : at;
}
