/** Everything that is measured under attack. */
import type { Attack, Scene } from './attack.ts';
import { issuerAttacks } from './issuers.ts';
import { listAttacks } from './lists.ts';
import { signatureAttacks } from './signatures.ts';
import { structureAttacks } from './structures.ts';

export { type Attack, Scene } from './attack.ts';

/** Attacks of one kind. */
export interface Family {
  readonly title: string;
  attacks(scene: Scene): Attack[] | Promise<Attack[]>;
}

export const FAMILIES: readonly Family[] = [
  { title: 'signatures and minted certificates', attacks: signatureAttacks },
  { title: 'attached lists', attacks: listAttacks },
  { title: 'issuers, lists of one signer, revocation', attacks: issuerAttacks },
  { title: 'structures at their bounds', attacks: structureAttacks },
];
