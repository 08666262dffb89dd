/** Misuse of a kernel throws before any work; what is wrong with an item's *values* is its status, never an exception. */
import type { ReconstructBatch, VerifyBatch } from './kernel.ts';

function checkCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`count must be a non-negative integer: ${count}`);
}

function checkLength(name: string, array: Uint8Array, count: number, octets: number): void {
  if (array.length < count * octets) {
    throw new RangeError(`${name} has ${array.length} octets; ${count} items need ${count * octets}`);
  }
}

/** @throws RangeError when an array is shorter than `count` items, or a form of r is none of RForm. */
export function checkVerifyBatch(batch: VerifyBatch): void {
  const { count } = batch;
  checkCount(count);
  checkLength('input', batch.input, count, batch.hashed ? 32 : 64);
  if (batch.alternative) checkLength('alternative', batch.alternative, count, batch.hashed ? 32 : 64);
  checkLength('rForm', batch.rForm, count, 1);
  checkLength('r', batch.r, count, 32);
  checkLength('s', batch.s, count, 32);
  checkLength('publicKey', batch.publicKey, count, 64);
  for (let i = 0; i < count; i++) {
    const form = batch.rForm[i]!;
    if (form > 4 || form === 1) throw new RangeError(`rForm[${i}] is ${form}, which is no RForm`);
  }
}

/** @throws RangeError when an array is shorter than `count` items. */
export function checkReconstructBatch(batch: ReconstructBatch): void {
  const { count } = batch;
  checkCount(count);
  checkLength('input', batch.input, count, 64);
  checkLength('reconstructionValue', batch.reconstructionValue, count, 33);
  checkLength('issuerKey', batch.issuerKey, count, 64);
}

/** @throws RangeError when the array is shorter than `count` points. */
export function checkCompressed(count: number, compressed: Uint8Array): void {
  checkCount(count);
  checkLength('compressed', compressed, count, 33);
}
