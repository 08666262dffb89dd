import { isWholeStructure } from '../../dot2/index.ts';
import { Frame } from '../layers/frame.ts';
import { isMessage } from '../layers/message.ts';
import { pieceOf } from '../pieces.ts';
import { recognise } from '../recognise.ts';
import type { Piece } from '../record.ts';
import type { Tally } from '../tally.ts';
import { holdsStructure } from '../unwrap.ts';
import { headersOf, linkTypeProblem, type TakeHeaders } from './link-types.ts';

/** A frame as a capture holds it. */
export interface Packet {
  /** Where its record in the capture begins, and how many bytes that takes with everything around the frame. */
  readonly offset: number;
  readonly length: number;
  /** A view of the capture. */
  readonly bytes: Uint8Array;
  /** Bytes that the frame had on the wire. */
  readonly wireLength: number;
  /** TAI microseconds since 2004; `undefined` if the capture does not say. */
  readonly time: bigint | undefined;
}

/** The frames of one interface as pieces. */
export class PacketReader {
  private readonly take: TakeHeaders | 'user' | undefined;
  private readonly linkType: number;
  private readonly tally: Tally;
  private hasComplained = false;

  constructor(linkType: number, tally: Tally, adapt: (take: TakeHeaders) => TakeHeaders = (take) => take) {
    const headers = headersOf(linkType);
    this.take = headers === undefined || headers === 'user' ? headers : adapt(headers);
    this.linkType = linkType;
    this.tally = tally;
  }

  /** The piece that a frame is; `undefined` for one that carries something else, which is counted. */
  pieceOf(packet: Packet): Piece | undefined {
    if (this.take === undefined) return this.ofUnknownType(packet);
    if (this.take === 'user') return this.ofUser(packet);
    const frame = new Frame(packet.bytes);
    this.take(frame);
    if (frame.other !== undefined) {
      this.tally.otherFrame(frame.other, packet.length);
      return undefined;
    }
    return this.tally.piece(messagePiece(frame, packet), packet.length);
  }

  /** Whether a frame holds exactly one structure that decodes: then its bytes are a frame wherever they were found. */
  vouchesFor(bytes: Uint8Array): boolean {
    if (this.take === undefined) return false;
    if (this.take === 'user') return holdsStructure(bytes);
    const frame = new Frame(bytes);
    this.take(frame);
    return frame.other === undefined && frame.problem === undefined && isWholeStructure(frame.content);
  }

  /** Link types for one's own use: the frame is the message, perhaps behind layers, and claims nothing else. */
  private ofUser(packet: Packet): Piece {
    const { offset, bytes, time } = packet;
    const piece = pieceOf({ offset }, bytes.slice());
    return this.tally.piece({ ...cutShort(piece, packet), captureTime: time }, packet.length);
  }

  /** One complaint for all frames of a link type that is not read. */
  private ofUnknownType({ offset, length, bytes, time }: Packet): Piece | undefined {
    if (this.hasComplained) {
      this.tally.otherFrame(`link type ${this.linkType}`, length);
      return undefined;
    }
    this.hasComplained = true;
    const unreadable = linkTypeProblem(this.linkType);
    return this.tally.piece({ offset, bytes: bytes.slice(), captureTime: time, unreadable }, length);
  }
}

function messagePiece(frame: Frame, packet: Packet): Piece {
  const { content, names, psid, from, to, layers } = frame;
  const { offset, time: captureTime } = packet;
  const problem = frame.problem ?? contentProblem(content);
  if (problem === undefined) {
    return { offset, bytes: content.slice(), layers: names, lowerLayerPsid: psid, captureTime, from, to };
  }
  const around = layers.length === 0 ? '' : ` in ${layers.join('/')}`;
  const unreadable = `${problem}${around}`;
  return cutShort({ offset, bytes: packet.bytes.slice(), captureTime, from, to, unreadable }, packet);
}

/** What is wrong with content that should be a message. */
function contentProblem(content: Uint8Array): string | undefined {
  if (isMessage(content)) return undefined;
  const found = recognise(content);
  if (found !== undefined) return `${found.name}; ${found.advice}`;
  return `${content.length} bytes that are no IEEE 1609.2 structure`;
}

/** A frame of which only the beginning was captured is told from one that is damaged. */
function cutShort(piece: Piece, { bytes, wireLength }: Packet): Piece {
  if (bytes.length >= wireLength || piece.unreadable === undefined) return piece;
  const cut = `captured short: ${bytes.length} of ${wireLength} bytes (capture with a larger snap length: tcpdump -s 0)`;
  return { ...piece, unreadable: `${piece.unreadable}; ${cut}` };
}
