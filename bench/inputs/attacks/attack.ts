/** What an attack is: endlessly many items, none of them twice, from somebody who holds no credential. */
import type { Verdict } from '../../../src/verdict/index.ts';
import type { Item, VerifierOptions } from '../../../src/verifier/index.ts';
import type { Load, Traffic } from '../traffic.ts';
import { Forger } from './forger.ts';

export interface Attack {
  readonly title: string;
  /** One hostile item in so many; in ten if absent. */
  readonly shares?: readonly number[];
  /** How much of the rate of good items it has to leave: more if all it takes is a known sender's name. */
  readonly leaves?: 'knownSender' | 'worst';
  /** False: the trust material names CAs on another curve than P-256, where one verification alone costs more than the bound. */
  readonly isBounded?: boolean;
  /** What the receiver is set to beside what it is for normal traffic. */
  readonly options?: Partial<VerifierOptions>;
  /** Items that the receiver has seen before. */
  readonly before?: Load;
  /** The next items. */
  take(count: number): Load;
}

/** What attacks are made from: the traffic that they come in, and a forger of their own. */
export class Scene {
  readonly traffic: Traffic;
  readonly forger: Forger;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
    this.forger = new Forger(traffic.scms, 'attacks');
  }
}

/** An attack whose items are all alike but for what makes them new. */
export function attack(
  title: string,
  code: Verdict['code'],
  make: (index: number) => Item,
  more: Omit<Attack, 'title' | 'take'> = {},
): Attack {
  let next = 0;
  const take = (count: number): Load => {
    const items = Array.from({ length: count }, () => make(next++));
    return { items, codes: new Array(count).fill(code) };
  };
  return { title, take, ...more };
}

/** A load of items that are all judged the same. */
export function loadOf(items: readonly Item[], code: Verdict['code']): Load {
  return { items, codes: items.map(() => code) };
}
