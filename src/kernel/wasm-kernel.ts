/** A kernel on a WebAssembly module: cuts batches to the module's regions, and copies octets in and out. */
import { checkCompressed, checkReconstructBatch, checkVerifyBatch } from './checks.ts';
import type { Kernel, KernelName, PointResult, ReconstructBatch, VerifyBatch } from './kernel.ts';
import { createPortableWorkbench } from './portable-workbench.ts';
import { type Core, instantiate, type Regions } from './regions.ts';
import type { Workbench } from './workbench.ts';

const BLOCK = 64;

/**
 * Instantiates `module` and makes its tables (about a millisecond or two).
 * @throws Error when the module is not this library's.
 */
export function createWasmKernel(name: KernelName, module: WebAssembly.Module): Kernel {
  const core = instantiate(module);
  core.call.init();
  return new WasmKernel(name, core);
}

/** Item `from`… of a packed array into a region. */
function copyItems(region: Uint8Array, packed: Uint8Array, from: number, count: number, octets: number): void {
  region.set(packed.subarray(from * octets, (from + count) * octets));
}

class WasmKernel implements Kernel {
  readonly name: KernelName;
  readonly memoryBytes: number;
  readonly workbench: Workbench = createPortableWorkbench(this);
  readonly #core: Core;
  readonly #regions: Regions;

  constructor(name: KernelName, core: Core) {
    this.name = name;
    this.memoryBytes = core.regions.memoryBytes;
    this.#core = core;
    this.#regions = core.regions;
  }

  sha256(messages: readonly Uint8Array[]): Uint8Array {
    const { hashCapacity, messages: room, messageLengths, digests } = this.#regions;
    const out = new Uint8Array(32 * messages.length);
    let first = 0;
    while (first < messages.length) {
      let count = 0;
      let used = 0;
      while (count < hashCapacity && first + count < messages.length) {
        const message = messages[first + count]!;
        if (used + message.length > room.length) break;
        room.set(message, used);
        messageLengths[count] = message.length;
        used += message.length;
        count++;
      }
      if (count === 0) {
        this.#streamed(messages[first]!);
        count = 1;
      } else {
        this.#core.call.hashMany(count);
      }
      out.set(digests.subarray(0, 32 * count), 32 * first);
      first += count;
    }
    return out;
  }

  /** One message that is longer than the region, in pieces; the hash is then the first of the digests. */
  #streamed(message: Uint8Array): void {
    const { messages: room } = this.#regions;
    const { call } = this.#core;
    const whole = message.length - (message.length % BLOCK);
    call.streamBegin();
    for (let at = 0; at < whole; at += room.length) {
      const piece = message.subarray(at, Math.min(at + room.length, whole));
      room.set(piece);
      call.streamUpdate(piece.length);
    }
    room.set(message.subarray(whole));
    call.streamEnd(message.length - whole);
  }

  verify(batch: VerifyBatch): Uint8Array {
    checkVerifyBatch(batch);
    const regions = this.#regions;
    const out = new Uint8Array(batch.count);
    for (let from = 0; from < batch.count; from += regions.capacity) {
      const count = Math.min(regions.capacity, batch.count - from);
      copyItems(regions.input, batch.input, from, count, batch.hashed ? 32 : 64);
      copyItems(regions.rForm, batch.rForm, from, count, 1);
      copyItems(regions.r, batch.r, from, count, 32);
      copyItems(regions.s, batch.s, from, count, 32);
      copyItems(regions.key, batch.publicKey, from, count, 64);
      this.#core.call.verify(count, batch.hashed ? 1 : 0);
      out.set(regions.status.subarray(0, count), from);
    }
    return out;
  }

  reconstruct(batch: ReconstructBatch): PointResult {
    checkReconstructBatch(batch);
    const regions = this.#regions;
    return this.#points(batch.count, (from, count) => {
      copyItems(regions.input, batch.input, from, count, 64);
      copyItems(regions.compressed, batch.reconstructionValue, from, count, 33);
      copyItems(regions.key, batch.issuerKey, from, count, 64);
      this.#core.call.reconstruct(count);
    });
  }

  decompress(count: number, compressed: Uint8Array): PointResult {
    checkCompressed(count, compressed);
    return this.#points(count, (from, some) => {
      copyItems(this.#regions.compressed, compressed, from, some, 33);
      this.#core.call.decompress(some);
    });
  }

  #points(count: number, run: (from: number, count: number) => void): PointResult {
    const { capacity, status, points } = this.#regions;
    const result = { status: new Uint8Array(count), points: new Uint8Array(64 * count) };
    for (let from = 0; from < count; from += capacity) {
      const some = Math.min(capacity, count - from);
      run(from, some);
      result.status.set(status.subarray(0, some), from);
      result.points.set(points.subarray(0, 64 * some), 64 * from);
    }
    return result;
  }
}
