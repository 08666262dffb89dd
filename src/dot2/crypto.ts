import {
  choice,
  extensibleChoice,
  extensibleEnum,
  fixedOctets,
  nothing,
  octets,
  type Schema,
  sequence,
} from '../coer/index.ts';

/** IEEE 1609.2 §6.3.23 ff.: points, keys, signatures, and the ciphertexts that a message may carry unread. */

const octets32 = fixedOctets(32);
const octets48 = fixedOctets(48);

/** §6.3.23 / §6.3.24. `fill` is never legal where this project looks; the rules refuse it by name. */
function curvePoint(coordinate: Schema<Uint8Array>) {
  return choice({
    'x-only': coordinate,
    fill: nothing,
    'compressed-y-0': coordinate,
    'compressed-y-1': coordinate,
    uncompressed: sequence({ x: coordinate, y: coordinate }),
  });
}

/** A point of a curve of 256 bits. */
export const EccP256CurvePoint = curvePoint(octets32);
/** A point of a curve of 384 bits. */
export const EccP384CurvePoint = curvePoint(octets48);

const EcdsaP256Signature = sequence(
  { rSig: EccP256CurvePoint, sSig: octets32 },
  { literal: (rSig, sSig) => ({ rSig, sSig }) },
);
const EcdsaP384Signature = sequence({ rSig: EccP384CurvePoint, sSig: octets48 });
const EcsigP256Signature = sequence({ rSig: octets32, sSig: octets32 });

const LATER_SIGNATURES = {
  ecdsaBrainpoolP384r1Signature: EcdsaP384Signature,
  ecdsaNistP384Signature: EcdsaP384Signature,
  sm2Signature: EcsigP256Signature,
};
/** §6.3.28: an ECDSA signature with its curve. */
export const Signature = extensibleChoice(
  { ecdsaNistP256Signature: EcdsaP256Signature, ecdsaBrainpoolP256r1Signature: EcdsaP256Signature },
  LATER_SIGNATURES,
);

const LATER_KEYS = {
  ecdsaBrainpoolP384r1: EccP384CurvePoint,
  ecdsaNistP384: EccP384CurvePoint,
  ecsigSm2: EccP256CurvePoint,
};
/** §6.4.38: a verification key with its algorithm. */
export const PublicVerificationKey = extensibleChoice(
  { ecdsaNistP256: EccP256CurvePoint, ecdsaBrainpoolP256r1: EccP256CurvePoint },
  LATER_KEYS,
);

/** §6.3.18. */
const SymmAlgorithm = extensibleEnum(['aes128Ccm', 'sm4Ccm']);
const LATER_ENCRYPTION_KEYS = { ecencSm2: EccP256CurvePoint };
const BasePublicEncryptionKey = extensibleChoice(
  { eciesNistP256: EccP256CurvePoint, eciesBrainpoolP256r1: EccP256CurvePoint },
  LATER_ENCRYPTION_KEYS,
);
/** Keys and signatures behind an extension marker: they travel as open types, with their length in front. */
export const OPEN_TYPES: ReadonlySet<string> = new Set(
  [LATER_SIGNATURES, LATER_KEYS, LATER_ENCRYPTION_KEYS].flatMap((alternatives) => Object.keys(alternatives)),
);

/** An encryption key with its algorithm. */
export const PublicEncryptionKey = sequence(
  { supportedSymmAlg: SymmAlgorithm, publicKey: BasePublicEncryptionKey },
  { literal: (supportedSymmAlg, publicKey) => ({ supportedSymmAlg, publicKey }) },
);
const SymmetricEncryptionKey = extensibleChoice({ aes128Ccm: fixedOctets(16) }, { sm4Ccm: fixedOctets(16) });
export const EncryptionKey = choice({ public: PublicEncryptionKey, symmetric: SymmetricEncryptionKey });

/** §6.3.30 ff. Encrypted content is decoded so that it can be shown; opening it is no verifier's business. */
const CcmCiphertext = sequence({ nonce: fixedOctets(12), ccmCiphertext: octets() });
export const SymmetricCiphertext = extensibleChoice({ aes128ccm: CcmCiphertext }, { sm4Ccm: CcmCiphertext });
const EciesP256EncryptedKey = sequence({ v: EccP256CurvePoint, c: fixedOctets(16), t: fixedOctets(16) });
const EcencP256EncryptedKey = sequence({ v: EccP256CurvePoint, c: fixedOctets(16), t: octets32 });
export const EncryptedDataEncryptionKey = extensibleChoice(
  { eciesNistP256: EciesP256EncryptedKey, eciesBrainpoolP256r1: EciesP256EncryptedKey },
  { ecencSm2256: EcencP256EncryptedKey },
);
