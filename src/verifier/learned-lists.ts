/** Signer lists as they are learned, and back. */
import { decode, decodePrefix } from '../coer/index.ts';
import { Certificate } from '../dot2/index.ts';
import { SignerList } from './learned.ts';
import { octetKey, octetsOfKey, wordAt } from './octets.ts';
import { ListWork } from './signer-lists.ts';

/** What is learned of a list. */
export function learnedList({ identity, certificates }: ListWork, signerId8: Uint8Array): SignerList {
  const octets = certificates.map(({ encoded }) => octetKey(encoded as Uint8Array));
  return new SignerList(wordAt(signerId8, 0), wordAt(signerId8, 4), identity, octets);
}

export function learnedWork({ identity, certificates }: SignerList): ListWork {
  const decoded = certificates.map((octets) => {
    const result = decode(Certificate, octetsOfKey(octets));
    if (!result.ok) throw new Error('a learned certificate does not decode');
    return result.value;
  });
  return new ListWork(decoded, identity);
}

/** The certificates of a learned list, which stand back to back; undefined where they do not decode. */
export function certificatesBackToBack(octets: Uint8Array): Certificate[] | undefined {
  const certificates: Certificate[] = [];
  for (let at = 0; at < octets.length; ) {
    const decoded = decodePrefix(Certificate, octets, at);
    if (!decoded.ok) return undefined;
    certificates.push(decoded.value);
    at = decoded.end;
  }
  return certificates.length > 0 ? certificates : undefined;
}
