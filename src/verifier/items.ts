import type { Item } from './types.ts';

/**
 * Refuses what is no item, before anything is verified or sent to a thread: a mistake of the caller must not become a verdict.
 *
 * @throws TypeError that names the index and the field.
 */
export function checkItem(item: Item, index: number): void {
  if (typeof item !== 'object' || item === null) refuse(index, 'not an object');
  const { kind, bytes, lowerLayerPsid, externalData, at, unreadable } = item;
  if (kind !== 'certificate' && kind !== 'message')
    refuse(index, `kind is ${JSON.stringify(kind)}, not certificate or message`);
  if (!(bytes instanceof Uint8Array)) refuse(index, 'bytes is no Uint8Array');
  if (lowerLayerPsid !== undefined && !(Number.isSafeInteger(lowerLayerPsid) && lowerLayerPsid >= 0)) {
    refuse(index, `lowerLayerPsid is ${String(lowerLayerPsid)}, not an unsigned integer`);
  }
  if (externalData !== undefined && !(externalData instanceof Uint8Array))
    refuse(index, 'externalData is no Uint8Array');
  if (at !== undefined && !(typeof at === 'bigint' && BigInt.asIntN(54, at) === at)) {
    refuse(index, 'at is no bigint of TAI microseconds since 2004');
  }
  if (unreadable !== undefined && typeof unreadable !== 'string') refuse(index, 'unreadable is no text');
}

function refuse(index: number, what: string): never {
  throw new TypeError(`item ${index}: ${what}`);
}
