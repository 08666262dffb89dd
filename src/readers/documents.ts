import { fromBase64, fromHex } from './text-octets.ts';

/** Octets found in a document, or why there are none. */
export type Found = { readonly bytes: Uint8Array } | { readonly unreadable: string };

type Json = Readonly<Record<string, unknown>>;

/**
 * The octets that a JSON document carries: `hex`, `b64`, or where the JPO ODE puts them, which is `metadata.asn1` (the
 * signed message, kept by recent versions) or else `payload.data.bytes`. Other members do not matter.
 */
export function octetsOfDocument(text: string): Found {
  const document = parse(text);
  if (document === undefined) return { unreadable: 'not JSON' };
  if (!isObject(document)) return { unreadable: 'not a JSON object' };
  if (document.hex !== undefined) return fieldOctets('hex', document.hex, fromHex);
  if (document.b64 !== undefined) return fieldOctets('b64', document.b64, fromBase64);
  const asn1 = isObject(document.metadata) ? document.metadata.asn1 : undefined;
  if (asn1) return fieldOctets('metadata.asn1', asn1, fromHex);
  const data = isObject(document.payload) ? document.payload.data : undefined;
  const bytes = isObject(data) ? data.bytes : undefined;
  if (bytes) return fieldOctets('payload.data.bytes', bytes, fromHex);
  return { unreadable: 'none of hex, b64, metadata.asn1 and payload.data.bytes in the JSON object' };
}

function fieldOctets(name: string, value: unknown, decode: (text: string) => Uint8Array | undefined): Found {
  const bytes = typeof value === 'string' ? decode(value) : undefined;
  return bytes ? { bytes } : { unreadable: `${name} is not ${decode === fromHex ? 'hex' : 'base64'}` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
