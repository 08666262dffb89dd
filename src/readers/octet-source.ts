import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { ReaderError, systemProblem } from './errors.ts';
import { STDIN } from './inputs.ts';
import { MAX_DECOMPRESSED_OCTETS } from './limits.ts';
import { concat } from './octets.ts';

type Chunks = AsyncIterable<Uint8Array>;

const CHUNK_OCTETS = 256 * 1024;
/** Deflate unfolds at most 1,032-fold, so one step of this size never holds more than 16 MiB. */
const GUNZIP_STEP_OCTETS = 16 * 1024;
/** RFC 1952: magic number and the only method there is. No other format that is read here begins so. */
const GZIP_MAGIC = [0x1f, 0x8b, 0x08];

/** The octets of a file or of standard input, decompressed if they are gzip. */
export class OctetSource {
  readonly name: string;
  /** Octets given out so far. */
  offset = 0;
  /** Set when a compressed stream broke off or turned out damaged: what came before it has been given out. */
  damage: string | undefined;
  private readonly stdin: Chunks;

  constructor(name: string, stdin: Chunks = process.stdin) {
    this.name = name;
    this.stdin = stdin;
  }

  /** @throws ReaderError where the system refuses, or the octets exceed {@link MAX_DECOMPRESSED_OCTETS} unfolded. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { head, rest } = await splitHead(this.raw());
    const isGzip = GZIP_MAGIC.every((octet, i) => head[i] === octet);
    for await (const chunk of isGzip ? this.gunzip(prepend(head, rest)) : prepend(head, rest)) {
      this.offset += chunk.length;
      yield chunk;
    }
  }

  private async *raw(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.name === STDIN ? this.stdin : createReadStream(this.name, { highWaterMark: CHUNK_OCTETS });
    } catch (error) {
      throw new ReaderError(this.name, this.offset, systemProblem(error), { cause: error });
    }
  }

  /**
   * Not a pipe: that would drop what it has already unfolded when the stream turns out to be damaged, and a log whose
   * device lost power is a common thing.
   */
  private async *gunzip(compressed: Chunks): AsyncGenerator<Uint8Array> {
    const gunzip = createGunzip();
    const unfolded: Uint8Array[] = [];
    let octets = 0;
    gunzip.on('data', (chunk: Uint8Array) => unfolded.push(chunk));
    gunzip.on('error', (error) => {
      this.damage = `the gzip stream is damaged or breaks off after ${octets} decompressed octets: ${error.message}`;
    });
    try {
      for await (const chunk of steps(compressed)) {
        if (chunk) await written(gunzip, chunk);
        else await finished(gunzip);
        for (const part of unfolded.splice(0)) {
          octets += part.length;
          if (octets > MAX_DECOMPRESSED_OCTETS) {
            throw new ReaderError(this.name, octets, `more than ${MAX_DECOMPRESSED_OCTETS} octets when decompressed`);
          }
          yield part;
        }
        if (this.damage) return;
      }
    } finally {
      gunzip.destroy();
    }
  }
}

/** Small parts of the chunks, and `undefined` for the end. */
async function* steps(chunks: Chunks): AsyncGenerator<Uint8Array | undefined> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += GUNZIP_STEP_OCTETS) {
      yield chunk.subarray(start, start + GUNZIP_STEP_OCTETS);
    }
  }
  yield undefined;
}

/** Also over when the stream is closed: a write that meets damage is never called done. */
async function written(gunzip: Gunzip, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      gunzip.off('close', done);
      resolve();
    };
    gunzip.once('close', done);
    gunzip.write(chunk, done);
  });
  // The last octets unfolded, and an error, are announced a little later than the write is called done.
  await nextTurn();
}

async function finished(gunzip: Gunzip): Promise<void> {
  await new Promise<void>((resolve) => gunzip.once('close', resolve).end());
}

/** Enough of the beginning to recognise gzip, however small the first chunks are. */
async function splitHead(chunks: AsyncGenerator<Uint8Array>): Promise<{ head: Uint8Array; rest: Chunks }> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < GZIP_MAGIC.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = concat([head, value]);
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
