import type { Verdict } from '../verdict/index.ts';
import type { Item } from './types.ts';

/** Gives each verdict the tag of its item, if that has one; there may be fewer verdicts than items. */
export function withTags(items: readonly Pick<Item, 'tag'>[], verdicts: Verdict[]): Verdict[] {
  for (let i = 0; i < verdicts.length; i++) {
    const { tag } = items[i] as Pick<Item, 'tag'>;
    if (tag !== undefined) verdicts[i] = { ...(verdicts[i] as Verdict), tag };
  }
  return verdicts;
}
