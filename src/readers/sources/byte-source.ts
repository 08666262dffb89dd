import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { isGzip } from '../archives/gzip.ts';
import { concat } from '../bytes.ts';
import { ReaderError, systemProblem } from '../errors.ts';
import { MAX_ARCHIVE_NESTING } from '../limits.ts';
import { Unfolding } from '../unfolding.ts';
import { STDIN } from './inputs.ts';
import type { Path } from './paths.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** A stream that unpacks, as node:zlib has them. */
type Unpacker = zlib.Gunzip;

const CHUNK_BYTES = 256 * 1024;
/** What is given to an unpacker at a time. */
const STEP_BYTES = 16 * 1024;

/** RFC 8878. */
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** Bytes that tell whether something is packed. */
const MAGIC_BYTES = 4;

/** Absent on Node 20. */
const createZstdDecompress = (zlib as { createZstdDecompress?: () => Unpacker }).createZstdDecompress;

/** The bytes of a file, of standard input, or of whatever gives bytes: unpacked if they are gzip or, where Node can, zstd. */
export class ByteSource {
  readonly name: string;
  /** Bytes given out so far. */
  offset = 0;
  /** Set when a compressed stream broke off or turned out damaged: what came before it has been given out. */
  damage: string | undefined;
  private readonly origin: Path | Chunks;

  /** @param origin a path, or what gives the bytes. */
  constructor(name: string, origin: Path | Chunks) {
    this.name = name;
    this.origin = origin;
  }

  /**
   * @param found records found so far in what came before: with hardly any, packed bytes may unfold to less.
   * @throws ReaderError if the system refuses, or the bytes unfold to more than is allowed.
   */
  async *chunks(found: () => number = () => 0): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.unpacked(this.raw(), found, 0)) {
      this.offset += chunk.length;
      yield chunk;
    }
  }

  private async *raw(): AsyncGenerator<Uint8Array> {
    const { origin } = this;
    const isPath = typeof origin === 'string' || Buffer.isBuffer(origin);
    try {
      yield* isPath ? createReadStream(origin, { highWaterMark: CHUNK_BYTES }) : origin;
    } catch (error) {
      throw new ReaderError(this.name, this.offset, systemProblem(error), { cause: error });
    }
  }

  /** Packed data within packed data are unpacked, too, up to a bound; its reader names what lies deeper. */
  private async *unpacked(
    chunks: AsyncGenerator<Uint8Array>,
    found: () => number,
    depth: number,
  ): AsyncGenerator<Uint8Array> {
    const { head, rest } = await splitHead(chunks);
    const create = depth < MAX_ARCHIVE_NESTING ? unpackerFor(head) : undefined;
    if (create === undefined) yield* prepend(head, rest);
    else yield* this.unpacked(this.unfold(prepend(head, rest), create, found), found, depth + 1);
  }

  /**
   * Not a pipe: that would drop what it has already unfolded when the stream turns out to be damaged, and a log whose
   * device lost power is a common thing. node:zlib drops what it has unfolded of the bytes that it was given last. So one
   * stream goes ahead to find damage, and the one behind it gets the bytes with the damage one by one.
   */
  private async *unfold(
    compressed: Chunks,
    create: () => UnpackerOfForm,
    found: () => number,
  ): AsyncGenerator<Uint8Array> {
    const parts: Uint8Array[] = [];
    const unfolding = new Unfolding(this.name, 0, found);
    let bytes = 0;
    let refusal: unknown;
    let problem: string | undefined;
    const { stream: ahead, form } = create();
    const { stream } = create();
    ahead.resume();
    ahead.on('error', ({ message }) => {
      problem ??= message;
    });
    stream.on('error', () => {});
    stream.on('data', (chunk: Uint8Array) => {
      try {
        unfolding.giveOut(chunk.length);
        parts.push(chunk);
      } catch (error) {
        refusal = error;
        stream.destroy();
      }
    });
    try {
      for await (const chunk of steps(compressed)) {
        unfolding.takeIn(chunk?.length ?? 0);
        if (chunk === undefined) await finished(ahead);
        else {
          await written(ahead, chunk);
          const size = problem === undefined ? chunk.length : 1;
          for (let at = 0; at < chunk.length && !stream.destroyed; at += size) {
            await written(stream, chunk.subarray(at, at + size));
          }
        }
        for (const part of parts.splice(0)) {
          bytes += part.length;
          yield part;
        }
        if (refusal !== undefined) throw refusal;
        if (problem === undefined) continue;
        this.damage ??= `the ${form} stream is damaged or breaks off after ${bytes} unpacked bytes: ${problem}`;
        return;
      }
    } finally {
      ahead.destroy();
      stream.destroy();
    }
  }
}

interface UnpackerOfForm {
  readonly stream: Unpacker;
  readonly form: string;
}

function unpackerFor(head: Uint8Array): (() => UnpackerOfForm) | undefined {
  if (isGzip(head)) return () => ({ stream: zlib.createGunzip(), form: 'gzip' });
  const create = createZstdDecompress;
  const isZstd = create !== undefined && ZSTD_MAGIC.every((byte, i) => head[i] === byte);
  return isZstd ? () => ({ stream: create(), form: 'zstd' }) : undefined;
}

/** Small parts of the chunks, and `undefined` for the end. */
async function* steps(chunks: Chunks): AsyncGenerator<Uint8Array | undefined> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += STEP_BYTES) {
      yield chunk.subarray(start, start + STEP_BYTES);
    }
  }
  yield undefined;
}

/** Also over when the stream is closed: a write that meets damage is never called done. */
async function written(stream: Unpacker, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    if (stream.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      stream.off('close', done);
      resolve();
    };
    stream.once('close', done);
    stream.write(chunk, done);
  });
  // The last bytes unfolded, and an error, are announced a little later than the write is called done.
  await nextTurn();
}

async function finished(stream: Unpacker): Promise<void> {
  if (stream.destroyed) return;
  await new Promise<void>((resolve) => stream.once('close', resolve).end());
}

/** Enough of the beginning to recognise packed data, however small the first chunks are. */
async function splitHead(chunks: AsyncGenerator<Uint8Array>): Promise<{ head: Uint8Array; rest: Chunks }> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < MAGIC_BYTES) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = head.length === 0 ? value : concat([head, value]);
  }
  return { head, rest: chunks };
}

async function* prepend(head: Uint8Array, rest: Chunks): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    // Closes the file where the reader stops before the rest was begun.
    await (rest as AsyncGenerator<Uint8Array>).return(undefined);
  }
}

/** The source of a file that was found, or of standard input. */
export function sourceOf(file: { readonly path: Path; readonly name: string }, stdin?: Chunks): ByteSource {
  return new ByteSource(file.name, file.path === STDIN ? (stdin ?? process.stdin) : file.path);
}
