/**
 * Binary inputs of every form, changed at random: no crash, every byte accounted for, the same pieces however the chunks are cut,
 * and no record lost that was left as it was. `SCMS_FUZZ=N` sets the number of inputs, `SCMS_FUZZ_SEED=N` where they begin.
 */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sniffStructure } from '../../src/dot2/index.ts';
import { isDamagedAtHead } from '../../src/readers/damaged-head.ts';
import { type Format, ReaderError } from '../../src/readers/index.ts';
import { Dice } from '../fuzz/mutate.ts';
import { concat, toHex } from '../support/octets.ts';
import { at, CASES, TIME } from './frame-cases.ts';
import { type PcapngOptions, type PcapOptions, pcap, pcapng } from './frames.ts';
import { cut, expectAccounted, logRecord, structures, wsm } from './support.ts';

const RUNS = Number(process.env.SCMS_FUZZ ?? 2000);
const SEED = Number(process.env.SCMS_FUZZ_SEED ?? 1609);
/** Of a test with as many inputs as one likes. */
const LONG_ENOUGH = 86_400_000;

/** An input in parts, each of which is to give a structure; `head` is not changed. */
interface Input {
  readonly head: Uint8Array;
  readonly parts: readonly Uint8Array[];
  readonly structures: readonly Uint8Array[];
}

type Form = (dice: Dice) => Input;

const choose = (dice: Dice): Uint8Array[] => Array.from({ length: 3 + dice.below(5) }, () => dice.pick(structures));
const none = new Uint8Array(0);

function framed(frame: (one: Uint8Array, dice: Dice) => Uint8Array): Form {
  return (dice) => {
    const chosen = choose(dice);
    return { head: none, parts: chosen.map((one) => frame(one, dice)), structures: chosen };
  };
}

const FRAMES = CASES.filter(([type]) => type === 1).map(([, frame]) => frame);
const digest = structures[5] as Uint8Array;

function captured(capture: (frames: Uint8Array[]) => Uint8Array): Form {
  return (dice) => {
    const frames = Array.from({ length: 3 + dice.below(5) }, () => dice.pick(FRAMES));
    const head = capture([]);
    const parts = frames.map((frame) => capture([frame]).subarray(head.length));
    return { head, parts, structures: frames.map(() => digest) };
  };
}

const asPcap = (options: PcapOptions) =>
  captured((frames) =>
    pcap(
      1,
      frames.map((frame) => at(frame, TIME)),
      options,
    ),
  );
const asPcapng = (options: PcapngOptions) =>
  captured((frames) =>
    pcapng(
      [1],
      frames.map((frame) => at(frame, TIME)),
      options,
    ),
  );

const FORMS: Readonly<Record<string, Form>> = {
  coer: framed((one) => one),
  'coer in WSMP': framed((one, dice) => dice.pick([one, wsm(one), concat(Uint8Array.of(1), wsm(one))])),
  obulog: framed((one, dice) => logRecord(dice.pick([one, wsm(one)]), { separator: dice.below(2) === 1 })),
  pcap: asPcap({}),
  'pcap, big-endian': asPcap({ isBigEndian: true, isNano: true }),
  pcapng: asPcapng({}),
  'pcapng, big-endian': asPcapng({ isBigEndian: true, resolution: 9 }),
};

/** Where a changed beginning may look like text. */
const FORCED: Readonly<Record<string, Format>> = { coer: 'coer', 'coer in WSMP': 'coer', obulog: 'obulog' };

/** Changes one part: bytes, a cut at either end, a piece in the middle more or less, or something else in its place. */
function changed(part: Uint8Array, dice: Dice): Uint8Array {
  const place = dice.below(part.length + 1);
  const length = 1 + dice.below(8);
  switch (dice.below(7)) {
    case 0:
      return part.subarray(0, place);
    case 1:
      return part.subarray(place);
    case 2:
      return concat(part.subarray(0, place), dice.octets(length), part.subarray(place));
    case 3:
      return concat(part.subarray(0, place), part.subarray(place + length));
    case 4:
      return dice.octets(dice.below(200));
    case 5:
      return concat(part.subarray(0, place), part);
    default: {
      const copy = part.slice();
      for (let i = 0; i < length; i++)
        copy[dice.below(copy.length)] = dice.pick([0, 1, 3, 0x7f, 0x80, 0xff, dice.below(256)]);
      return copy;
    }
  }
}

/** All that a cutter says, as text: comparing that is much faster. */
function summaryOf({ pieces, report }: ReturnType<typeof cut>): string {
  const texts = pieces.map(({ bytes, captureTime, ...piece }) =>
    JSON.stringify([piece, toHex(bytes), String(captureTime)]),
  );
  return `${JSON.stringify(report)}\n${texts.join('\n')}`;
}

function checkPieces(bytes: Uint8Array, dice: Dice, format: Format | undefined): string[] {
  const options = format === undefined ? {} : { format };
  const { pieces, report } = cut(bytes, options);
  expectAccounted(report, bytes.length);
  const edges = Array.from({ length: dice.below(6) }, () => dice.below(bytes.length + 1));
  expect(summaryOf(cut(bytes, options, edges))).toBe(summaryOf({ pieces, report }));
  for (const piece of pieces) {
    if (piece.unreadable !== undefined || report.bytes.text > 0) continue;
    expect(sniffStructure(piece.bytes) !== undefined || isDamagedAtHead(piece.bytes)).toBe(true);
  }
  return pieces.map((piece) => toHex(piece.bytes));
}

describe.each(Object.entries(FORMS))('%s', (name, form) => {
  it(
    'changed at random',
    () => {
      let lost = 0;
      for (let run = 0; run < RUNS; run++) {
        const dice = new Dice(SEED * 1_000_003 + run);
        const { head, parts, structures: whole } = form(dice);
        const isChanged = parts.map(() => dice.below(3) === 0);
        const bytes = concat(head, ...parts.map((part, i) => (isChanged[i] ? changed(part, dice) : part)));
        try {
          const found = checkPieces(bytes, dice, FORCED[name]);
          // From the first part on that nothing in front of it can have changed the meaning of.
          const expected = whole.filter((_, i) => !isChanged[i] && (i > 0 || head.length > 0)).map(toHex);
          let next = 0;
          for (const one of found) if (one === expected[next]) next++;
          if (next < expected.length) lost += expected.length - next;
          if (process.env.SCMS_FUZZ_SHOW && next < expected.length)
            console.log(name, run, isChanged, expected.length - next);
        } catch (error) {
          if (!(error instanceof ReaderError))
            throw new Error(`${name}, SCMS_FUZZ_SEED=${SEED}, run ${run}: ${(error as Error).message}`, {
              cause: error,
            });
        }
      }
      // Where a cut record is exactly as long as what follows it, nothing shows.
      expect(lost).toBeLessThanOrEqual(2 + RUNS / 1000);
    },
    LONG_ENOUGH,
  );
});

describe('archives and packed files', () => {
  it(
    'changed at random',
    () => {
      const dice = new Dice(SEED);
      for (let run = 0; run < RUNS / 10; run++) {
        const files = Object.fromEntries(choose(dice).map((one, i) => [`${i}.oer`, one]));
        const whole = dice.pick([
          zipSync(files),
          zipSync(files, { level: 0 }),
          zipSync({ 'a.gz': new Uint8Array(gzipSync(concat(...choose(dice)))) }),
        ]);
        const bytes = changed(whole, dice);
        try {
          const { report, pieces } = cut(bytes);
          const { records, skipped, otherFrames, framing, text } = report.bytes;
          expect(records + skipped + otherFrames + framing + text).toBe(report.size);
          const edges = Array.from({ length: dice.below(6) }, () => dice.below(bytes.length + 1));
          expect(summaryOf(cut(bytes, {}, edges))).toBe(summaryOf({ pieces, report }));
        } catch (error) {
          if (!(error instanceof ReaderError)) throw error;
        }
      }
    },
    LONG_ENOUGH,
  );
});
