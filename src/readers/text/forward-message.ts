import { MAX_KEPT_BYTES } from '../limits.ts';
import { pieceOf } from '../pieces.ts';
import type { Piece } from '../record.ts';
import { asciiString, EQUALS, hasAt, trimmed } from '../values/ascii.ts';
import { readValue } from '../values/value.ts';
import type { Line } from './line.ts';

const FIRST_KEY = 'Version';
const LAST_KEY = 'Payload';
/** Keys of the Immediate Forward and Store and Repeat messages of RSU specification 4.1. */
const KEYS = new Set([
  FIRST_KEY,
  'Type',
  'PSID',
  'Priority',
  'TxMode',
  'TxChannel',
  'TxInterval',
  'DeliveryStart',
  'DeliveryStop',
  'Signature',
  'Encryption',
]);
/** More lines than keys are no such message. */
const MOST_LINES = 2 * KEYS.size;

/** A message for the radio as RSU specification 4.1 forwards it: `Version=0.7` and other keys, then `Payload=<hex>`. */
export class ForwardMessage {
  private readonly first: Line;
  private lines = 1;
  private payload: Line | undefined;

  constructor(first: Line) {
    this.first = { ...first, text: first.text.slice(0, MAX_KEPT_BYTES) };
  }

  takes(line: Line): boolean {
    if (this.payload !== undefined || this.lines++ > MOST_LINES) return false;
    const text = trimmed(line.text);
    if (hasAt(text, 0, `${LAST_KEY}=`)) {
      this.payload = { ...line, text: text.slice(LAST_KEY.length + 1) };
      return true;
    }
    return KEYS.has(keyOf(text));
  }

  isComplete(): boolean {
    return this.payload !== undefined;
  }

  *pieces(): Generator<Piece> {
    const { offset, line, text } = this.payload ?? this.first;
    const read = this.payload ? readValue(text, 'hex') : { unreadable: `${FIRST_KEY}=… without ${LAST_KEY}=` };
    if ('bytes' in read) yield pieceOf({ offset, line }, read.bytes);
    else yield { offset, line, bytes: text.slice(), unreadable: `${LAST_KEY}: ${read.unreadable}` };
  }
}

/** Whether a line is the first of such a message, with the other keys on lines of their own. */
export function beginsForwardMessage(text: Uint8Array): boolean {
  const bare = trimmed(text);
  return bare.length < 40 && hasAt(bare, 0, `${FIRST_KEY}=`) && bare.lastIndexOf(EQUALS) === FIRST_KEY.length;
}

function keyOf(text: Uint8Array): string {
  const end = text.indexOf(EQUALS);
  return end < 0 ? '' : asciiString(text.subarray(0, end), 40).trim();
}
