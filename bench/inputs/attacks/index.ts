/** Everything that is measured under attack. */
import type { Traffic } from '../traffic.ts';
import type { Attack, Scene } from './attack.ts';
import { Forger } from './forger.ts';
import { issuerAttacks } from './issuers.ts';
import { listAttacks } from './lists.ts';
import { signatureAttacks } from './signatures.ts';
import { structureAttacks } from './structures.ts';

export type { Attack } from './attack.ts';

export async function attacksOn(traffic: Traffic): Promise<Attack[]> {
  const scene: Scene = { traffic, forger: new Forger(traffic.scms, 'attacks') };
  return [
    ...signatureAttacks(scene),
    ...listAttacks(scene),
    ...(await issuerAttacks(scene)),
    ...structureAttacks(scene),
  ];
}
