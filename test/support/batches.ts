/** Building packed batches from items, for tests. */
import { type Kernel, RForm, type Status } from '../../src/kernel/kernel.ts';
import { concat, toOctets } from './octets.ts';

export interface Item {
  /** 64 octets to be hashed once more, or a digest of 32. */
  input: Uint8Array;
  rForm?: RForm;
  r: bigint;
  s: bigint;
  x: bigint;
  y: bigint;
}

/** The statuses of items that all have hashed or all unhashed inputs. */
export function verifyItems(kernel: Kernel, items: readonly Item[]): Status[] {
  const hashed = items[0]?.input.length === 32;
  return Array.from(
    kernel.verify({
      count: items.length,
      hashed,
      input: concat(...items.map((item) => item.input)),
      rForm: Uint8Array.from(items, (item) => item.rForm ?? RForm.xOnly),
      r: concat(...items.map((item) => toOctets(item.r))),
      s: concat(...items.map((item) => toOctets(item.s))),
      publicKey: concat(...items.map((item) => concat(toOctets(item.x), toOctets(item.y)))),
    }),
  ) as Status[];
}
