/** CRLs as large as fleets, of random seeds: what was judged before is not part of these measurements. */
import { createCipheriv } from 'node:crypto';
import { CHAIN_BYTES } from '../../src/kernel/linkage-kernel.ts';
import type { AcceptedCrl, LinkageEntries } from '../../src/revocation/types.ts';

export const I_REV = 425;
export const J_MAX = 20;

/** The same octets in every run. */
export function pseudorandom(octets: number, seed: number): Uint8Array {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed);
  return new Uint8Array(createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(octets)));
}

/** A CRL of so many vehicles, all of them revoked for years ahead. */
export function fleetCrl(vehicles: number): AcceptedCrl & { readonly individuals: LinkageEntries } {
  return {
    id: `${vehicles}`,
    source: `${vehicles} vehicles`,
    scope: { root: '', cracaId: '000000', crlSeries: 1 },
    craca: '',
    kind: 'fullLinkedCrl',
    issueDate: 0,
    nextCrl: 0,
    serial: 0,
    iRev: I_REV,
    individuals: {
      count: vehicles,
      chainsPerEntry: 2,
      chains: pseudorandom(2 * CHAIN_BYTES * vehicles, vehicles),
      iMax: new Uint16Array(vehicles).fill(I_REV + 155),
      jMax: new Uint8Array(vehicles).fill(J_MAX),
    },
    lenient: [],
  };
}
