import { open, readFile, stat } from 'node:fs/promises';
import { decodeStructureAt, isChainFile, sniffStructure } from '../dot2/index.ts';
import type { InputRecord } from '../readers/index.ts';
import { beginsAsArtefact, MAX_ARTEFACT_OCTETS, openArtefacts } from '../trust/artefacts.ts';
import type { InputFormat } from './help.ts';
import { Input } from './input.ts';

/**
 * The records of the input, except that an artefact of root management stays whole: readers hand out the certificates in a chain
 * file, because those are verified, and here its own fields are wanted too.
 */
export class ShowInput {
  failure: unknown;
  private readonly names: readonly string[];
  private readonly format: InputFormat | undefined;
  private readonly stop: AbortSignal;

  constructor(names: readonly string[], format: InputFormat | undefined, stop: AbortSignal) {
    this.names = names;
    this.format = format;
    this.stop = stop;
  }

  async *records(): AsyncGenerator<InputRecord> {
    for (const name of this.names) {
      const artefact = this.format === undefined ? await wholeArtefact(name) : undefined;
      if (artefact) {
        yield artefact;
        continue;
      }
      const input = new Input([name], this.format, this.stop);
      yield* input.records();
      this.failure = input.failure;
      if (this.failure !== undefined || this.stop.aborted) return;
    }
  }
}

/** The file as one record if it is one artefact of root management; whatever else it may be is for the readers to find out. */
async function wholeArtefact(name: string): Promise<InputRecord | undefined> {
  if (name === '-' || !(await isArtefact(name))) return undefined;
  const bytes = new Uint8Array(await readFile(name));
  const kind = sniffStructure(bytes);
  if (isChainFile(kind)) {
    const decoded = decodeStructureAt(kind, bytes);
    if (decoded.ok && decoded.end < bytes.length) return undefined;
  } else if (openArtefacts([{ name, octets: bytes }]).refused.length > 0) {
    // Other inputs may begin like a ballot.
    return undefined;
  }
  return { source: name, offset: 0, bytes, layers: [] };
}

/** Octets that tell what a file claims to be. */
const HEAD_OCTETS = 8;

/** Whether a regular file begins as an artefact; no for one that cannot be read, which readers will complain about. */
async function isArtefact(name: string): Promise<boolean> {
  try {
    const found = await stat(name);
    if (!found.isFile() || found.size > MAX_ARTEFACT_OCTETS) return false;
    const file = await open(name);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_OCTETS), 0, HEAD_OCTETS, 0);
      const head = buffer.subarray(0, bytesRead);
      return sniffStructure(head) !== 'certificate' && beginsAsArtefact(head);
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
