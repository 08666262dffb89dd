import { decodeStructureAt, isChainFile, sniffStructure } from '../../dot2/index.ts';
import { openRegularFile } from '../../files/regular-file.ts';
import { type InputRecord, type ReadArtefact, readArtefacts, sniffFormat } from '../../readers/index.ts';
import { beginsAsArtefact, MAX_ARTEFACT_OCTETS, MAX_FILE_OCTETS, openArtefacts } from '../../trust/artefacts.ts';
import type { InputFormat } from '../shared/help.ts';
import { Input } from '../shared/input.ts';

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
      const artefacts = this.format === undefined ? await wholeArtefacts(name) : undefined;
      if (artefacts) {
        yield* artefacts;
        continue;
      }
      const input = new Input([name], this.format, this.stop);
      yield* input.records();
      this.failure = input.failure;
      if (this.failure !== undefined || this.stop.aborted) return;
    }
  }
}

/** The artefacts of root management that a file holds and nothing else; whatever else it may be is for the readers to find out. */
async function wholeArtefacts(name: string): Promise<InputRecord[] | undefined> {
  if (name === '-' || !(await mayHoldArtefacts(name))) return undefined;
  let artefacts: ReadArtefact[];
  try {
    artefacts = await readArtefacts([name]);
  } catch {
    // Readers will complain about it.
    return undefined;
  }
  if (artefacts.length === 0 || !artefacts.every(isShownWhole)) return undefined;
  return artefacts.map(({ name: source, octets }) => ({ source, offset: 0, bytes: octets, layers: [] }));
}

/** Other inputs may begin like a ballot, and chain files may follow each other. */
function isShownWhole(artefact: ReadArtefact): boolean {
  const { octets } = artefact;
  const kind = sniffStructure(octets);
  if (kind === 'certificate' || !beginsAsArtefact(octets)) return false;
  if (!isChainFile(kind)) return openArtefacts([artefact]).refused.length === 0;
  const decoded = decodeStructureAt(kind, octets);
  return !decoded.ok || decoded.end === octets.length;
}

/** Bytes that tell what a file claims to be. */
const HEAD_BYTES = 512;

/**
 * Whether a regular file begins as an artefact, or is small enough and something else than structures: text or an archive. No for
 * one that cannot be read, which readers will complain about.
 */
async function mayHoldArtefacts(name: string): Promise<boolean> {
  try {
    const file = await openRegularFile(name, MAX_ARTEFACT_OCTETS);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const head = buffer.subarray(0, bytesRead);
      if (sniffStructure(head) !== 'certificate' && beginsAsArtefact(head)) return true;
      return sniffFormat(head) !== 'coer' && (await file.stat()).size <= MAX_FILE_OCTETS;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
