import { readFile } from 'node:fs/promises';
import { decodeStructureAt } from '../dot2/index.ts';
import type { InputRecord } from '../readers/index.ts';
import { beginsAsChainFile } from './chain-files.ts';
import type { InputFormat } from './help.ts';
import { Input } from './input.ts';

/**
 * The records of the input, except that a local chain file stays whole: readers hand out the certificates in it, because
 * those are what is judged, and here its own fields are wanted too.
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
      const chainFile = this.format === undefined ? await wholeChainFile(name) : undefined;
      if (chainFile) {
        yield chainFile;
        continue;
      }
      const input = new Input([name], this.format, this.stop);
      yield* input.records();
      this.failure = input.failure;
      if (this.failure !== undefined || this.stop.aborted) return;
    }
  }
}

/** The file as one record if it is one chain file; whatever else it may be is for the readers to find out. */
async function wholeChainFile(name: string): Promise<InputRecord | undefined> {
  if (name === '-' || !(await beginsAsChainFile(name))) return undefined;
  const bytes = new Uint8Array(await readFile(name));
  const decoded = decodeStructureAt('localChainFile', bytes);
  return decoded.ok && decoded.end < bytes.length ? undefined : { source: name, offset: 0, bytes, layers: [] };
}
