import type { Item } from './types.ts';

/**
 * Refuses what is no item, before anything is judged or sent to a thread: a mistake of the caller must not become a verdict.
 *
 * @throws TypeError that names the index and the field.
 */
export function checkItem(item: Item, index: number): void {
  const refuse = (what: string): never => {
    throw new TypeError(`item ${index}: ${what}`);
  };
  if (typeof item !== 'object' || item === null) refuse('not an object');
  const { kind, bytes, lowerLayerPsid, externalData, unreadable } = item;
  if (kind !== 'certificate' && kind !== 'message')
    refuse(`kind is ${JSON.stringify(kind)}, not certificate or message`);
  if (!(bytes instanceof Uint8Array)) refuse('bytes is no Uint8Array');
  if (lowerLayerPsid !== undefined && !(Number.isSafeInteger(lowerLayerPsid) && lowerLayerPsid >= 0)) {
    refuse(`lowerLayerPsid is ${String(lowerLayerPsid)}, not an unsigned integer`);
  }
  if (externalData !== undefined && !(externalData instanceof Uint8Array)) refuse('externalData is no Uint8Array');
  if (unreadable !== undefined && typeof unreadable !== 'string') refuse('unreadable is no text');
}
