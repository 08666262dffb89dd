/** A kernel on a WebAssembly module: cuts batches to the module's regions, and copies octets in and out. */
import { checkCompressed, checkReconstructBatch, checkVerifyBatch } from './checks.ts';
import {
  type Kernel,
  type KernelName,
  type PointResult,
  type ReconstructBatch,
  RForm,
  type VerifyBatch,
  type VerifyPath,
} from './kernel.ts';
import type { KeyState } from './key-tables.ts';
import type { KernelMetrics } from './metrics.ts';
import { type Core, instantiate, type Regions } from './regions.ts';
import { Scheduler } from './scheduler.ts';
import type { SignatureSource } from './signature-source.ts';
import { WasmBatch } from './wasm-batch.ts';
import type { WasmModule } from './wasm-module.ts';

const BLOCK = 64;

/**
 * Instantiates `module` and makes the generator's table (some tens of milliseconds).
 * @throws Error when the module is not this library's.
 */
export function createWasmKernel(name: KernelName, module: WasmModule, path: VerifyPath = 'auto'): Kernel {
  const core = instantiate(module);
  if (core.call.fieldWorks() === 0) throw new Error(`kernel '${name}': the multiply-add of this machine is not fused`);
  core.call.init();
  return new WasmKernel(name, core, path);
}

/** Item `from`… of a packed array into a region. */
function copyItems(region: Uint8Array, packed: Uint8Array, from: number, count: number, octets: number): void {
  region.set(packed.subarray(from * octets, (from + count) * octets));
}

class WasmKernel implements Kernel {
  readonly name: KernelName;
  readonly memoryBytes: number;
  readonly #core: Core;
  readonly #regions: Regions;
  readonly #scheduler: Scheduler;
  readonly kernelBatch: WasmBatch;

  readonly #path: VerifyPath;

  constructor(name: KernelName, core: Core, path: VerifyPath) {
    this.name = name;
    this.memoryBytes = core.regions.memoryBytes;
    this.#core = core;
    this.#regions = core.regions;
    this.#scheduler = new Scheduler(core);
    this.#path = path;
    this.kernelBatch = new WasmBatch(core, this.#scheduler, path);
  }

  get metrics(): KernelMetrics {
    return this.#scheduler.metrics;
  }

  sha256(messages: readonly Uint8Array[]): Uint8Array {
    const { hashCapacity, messages: room, messagesAt, messageAt, messageLengths, messageTo, digests } = this.#regions;
    this.kernelBatch.abandon();
    const out = new Uint8Array(32 * messages.length);
    let first = 0;
    while (first < messages.length) {
      let count = 0;
      let used = 0;
      while (count < hashCapacity && first + count < messages.length) {
        const message = messages[first + count]!;
        if (used + message.length > room.length) break;
        room.set(message, used);
        messageAt[count] = messagesAt + used;
        messageLengths[count] = message.length;
        messageTo[count] = count;
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
    this.kernelBatch.abandon();
    const out = new Uint8Array(batch.count);
    const source = new PackedSource(batch, this.#regions, this.#scheduler);
    this.#scheduler.run(source, batch.count, out, batch.path ?? this.#path);
    return out;
  }

  reconstruct(batch: ReconstructBatch): PointResult {
    checkReconstructBatch(batch);
    this.kernelBatch.abandon();
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
    this.kernelBatch.abandon();
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

/** Signatures in packed arrays, under keys that are known by their octets. */
class PackedSource implements SignatureSource {
  readonly hashed: boolean;
  readonly hasAlternative: boolean;
  readonly #batch: VerifyBatch;
  readonly #regions: Regions;
  readonly #keys: KeyState[] = [];

  constructor(batch: VerifyBatch, regions: Regions, scheduler: Scheduler) {
    this.hashed = batch.hashed;
    this.hasAlternative = batch.alternative !== undefined;
    this.#batch = batch;
    this.#regions = regions;
    for (let i = 0; i < batch.count; i++) {
      this.#keys.push(scheduler.tables.ofPoint(batch.publicKey.subarray(64 * i, 64 * i + 64)));
    }
  }

  requirementOf(): number {
    return -1;
  }

  keyOf(index: number): KeyState {
    return this.#keys[index] as KeyState;
  }

  /** Of an uncompressed R only x is handed in. */
  hasY(index: number): boolean {
    const form = this.#batch.rForm[index];
    return form === RForm.compressedY0 || form === RForm.compressedY1;
  }

  isImplicit(): boolean {
    return false;
  }

  issuerOf(): never {
    throw new Error('packed keys have no issuers');
  }

  place(indices: readonly number[]): void {
    const { input, rForm, r, s } = this.#regions;
    const octets = this.hashed ? 32 : 64;
    for (let k = 0; k < indices.length; k++) {
      const i = indices[k] as number;
      copyItem(input, k, this.#batch.input, i, octets);
      copyItem(r, k, this.#batch.r, i, 32);
      copyItem(s, k, this.#batch.s, i, 32);
      rForm[k] = this.#batch.rForm[i] as number;
    }
  }

  placeAlternative(indices: readonly number[], region: Uint8Array): void {
    const { alternative } = this.#batch;
    if (alternative === undefined) throw new Error('this batch has no alternative');
    for (let k = 0; k < indices.length; k++) {
      copyItem(region, k, alternative, indices[k] as number, this.hashed ? 32 : 64);
    }
  }

  placePoints(): never {
    throw new Error('packed keys are no points of a round');
  }

  hasUpper(): boolean {
    return false;
  }

  placePairs(): never {
    throw new Error('packed keys are never implicit');
  }

  placeUpper(): never {
    throw new Error('packed keys are never implicit');
  }
}

/** Item `to` of a region := item `from` of a packed array. */
function copyItem(region: Uint8Array, to: number, packed: Uint8Array, from: number, octets: number): void {
  region.set(packed.subarray(from * octets, (from + 1) * octets), to * octets);
}
