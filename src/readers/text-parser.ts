import { FIRST_VISIBLE, HASH } from './values/ascii.ts';

/** Whether a line is blank or a comment. */
export function isSkipped(line: Uint8Array): boolean {
  const first = line.find((octet) => octet >= FIRST_VISIBLE);
  return first === undefined || first === HASH;
}

/** One character an octet: whatever is not ASCII fails as hex and base64 without being mistaken for anything. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
