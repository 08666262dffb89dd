/** Device logs of deployed roadside and on-board units. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { type InputRecord, readPins, readRecords } from '../../src/readers/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { type TrustMaterial, Verifier } from '../../src/verifier/index.ts';
import { EVERY_KERNEL_AND_PATH, type KernelLabel, kernelOf } from '../support/every-kernel.ts';
import { describeWithVectors, vectorsDir } from '../support/vectors.ts';

const field = (name: string): string => join(vectorsDir() as string, 'field', name);

async function records(...files: string[]): Promise<InputRecord[]> {
  const all: InputRecord[] = [];
  for await (const record of readRecords(files)) all.push(record);
  return all;
}

async function pinned(): Promise<TrustMaterial> {
  return { roots: [], pins: await readPins(field('certificate-keys.json')) };
}

function judge(trust: TrustMaterial, items: readonly InputRecord[], kernel: KernelLabel = 'simd'): Verdict[] {
  const verifier = new Verifier({ trust, kernelInstance: kernelOf(kernel) });
  return verifier.verify(
    items.map(({ bytes, lowerLayerPsid, unreadable }) => ({ kind: 'message', bytes, lowerLayerPsid, unreadable })),
  );
}

describeWithVectors('signed messages of the field', () => {
  const logs = (): string[] =>
    readdirSync(field(''))
      .filter((name) => name.startsWith('rxMsg'))
      .map(field);

  it('decode strictly and encode to the same octets', async () => {
    for (const { bytes } of await records(...logs())) {
      expect(Buffer.compare(encode(Ieee1609Dot2Data, decodeOrThrow(Ieee1609Dot2Data, bytes)), bytes)).toBe(0);
    }
  });

  it.each(EVERY_KERNEL_AND_PATH)('are valid under the keys of their certificates (%s)', async (kernel) => {
    const items = await records(...logs());
    expect(items).toHaveLength(1118);
    const verdicts = judge(await pinned(), items, kernel);
    const seen = new Set(verdicts.map(({ verdict, trust, signature }) => `${verdict} ${trust} ${signature}`));
    expect(seen).toEqual(new Set(['valid pinned ok']));
  });

  it('are not valid without them, nor under the key of another certificate', async () => {
    const items = await records(...logs());
    expect(judge({ roots: [] }, items).some(({ verdict }) => verdict === 'valid')).toBe(false);
    const pins = (await pinned()).pins ?? [];
    const shifted = pins.map(({ certificate }, i) => ({
      certificate,
      publicKey: pins[(i + 1) % pins.length]?.publicKey as Uint8Array,
    }));
    const verdicts = judge({ roots: [], pins: shifted }, items);
    expect(new Set(verdicts.map(({ code }) => code))).toEqual(new Set(['badSignature']));
  });

  it('lose nothing to a record that claims 53,249 octets', async () => {
    const whole = gunzipSync(readFileSync(field('rxMsg_BSM_and_TIM.gz')));
    const first = 26 + whole.readUInt16LE(24);
    const garbage = Buffer.from(whole.subarray(0, first));
    garbage.writeUInt16LE(53_249, 24);
    const file = join(tmpdir(), `scms-verify-garbage-${process.pid}.log`);
    writeFileSync(file, Buffer.concat([whole.subarray(0, first), garbage, whole.subarray(first)]));
    const verdicts = judge(await pinned(), await records(file));
    expect(verdicts).toHaveLength(394);
    expect(verdicts.map(({ code }) => code).filter((code) => code !== 'ok')).toEqual(['unreadableRecord']);
    expect(verdicts[1]?.code).toBe('unreadableRecord');
  });
});
