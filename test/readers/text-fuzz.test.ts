/**
 * Text and JSON, changed in every way that comes to mind: no crash, no hang, and nothing lost of what stands undamaged on both sides
 * of the damage. SCMS_FUZZ says how many inputs; SCMS_FUZZ_SEED which.
 */
import { describe, expect, it } from 'vitest';
import { classify } from '../../src/readers/formats.ts';
import type { Piece } from '../../src/readers/record.ts';
import { classifyText, createTextParser, type TextFormat } from '../../src/readers/text/index.ts';
import { Dice } from '../fuzz/mutate.ts';
import { cpuMs } from '../support/cpu.ts';
import { toHex } from '../support/octets.ts';
import { DOCUMENTS, EMBEDDED, SPELLINGS } from './spellings.ts';
import { messages, structures } from './support.ts';

const COUNT = Number(process.env.SCMS_FUZZ ?? 4000);
const SEED = Number(process.env.SCMS_FUZZ_SEED ?? 1609);

const [first, last] = [structures[0]!, messages[0]!].map((one) => one);
const middle = [structures[2]!, messages[1]!];
/** One input takes milliseconds; minutes mean that something is not linear. */
const MOST_MS = 60_000;
/** Of a test with as many inputs as one likes. */
const LONG_ENOUGH = 86_400_000;

const spellings: readonly ((bytes: Uint8Array) => string)[] = [
  ...Object.values(SPELLINGS),
  ...Object.values(EMBEDDED),
  ...Object.values(DOCUMENTS).flatMap((documentOf) => [
    (bytes: Uint8Array) => `${JSON.stringify(documentOf(bytes))}\n`,
    (bytes: Uint8Array) => `${JSON.stringify(documentOf(bytes), null, 2)}\n`,
  ]),
];

const FRAGMENTS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '\n',
  '\r\n',
  '\0',
  '\x1e',
  ',',
  ':',
  '-',
  '0x',
  '=',
  '/*',
  '*/',
  '#',
  '*\n',
  '-----',
  '00000000: ',
  '0381',
  '|',
  '\ufeff',
  '\u2028',
];

function mutated(text: string, dice: Dice): string {
  let out = text;
  for (let changes = 1 + dice.below(3); changes > 0; changes--) {
    const at = dice.below(out.length + 1);
    const to = Math.min(out.length, at + dice.below(dice.below(2) === 0 ? 3 : 80));
    const insert = [
      () => '',
      () => String.fromCharCode(dice.below(128)),
      () => dice.pick(FRAGMENTS),
      () => out.slice(at, to).repeat(2),
      () => out.slice(dice.below(out.length + 1)).slice(0, dice.below(100)),
    ];
    out = out.slice(0, at) + dice.pick(insert)() + out.slice(to);
  }
  return out;
}

function read(input: Uint8Array, format: TextFormat, dice?: Dice): Piece[] {
  const parser = createTextParser(format);
  const pieces: Piece[] = [];
  for (let from = 0; from < input.length; ) {
    const to = dice ? Math.min(input.length, from + 1 + dice.below(200)) : input.length;
    pieces.push(...parser.push(input.subarray(from, to)));
    from = to;
  }
  return [...pieces, ...parser.end()];
}

function formatOf(input: Uint8Array): TextFormat {
  const format = classifyText(input, true);
  return format === 'binary' || format === undefined ? 'hex' : format;
}

describe('changed text', () => {
  it(
    `never crashes, and loses nothing around the damage (${COUNT} inputs)`,
    () => {
      const dice = new Dice(SEED);
      for (let i = 0; i < COUNT; i++) {
        const [before, damaged, after] = [dice.pick(spellings), dice.pick(spellings), dice.pick(spellings)];
        const broken = mutated(damaged(dice.pick(middle)), dice);
        const text = `${before(first!)}\n\n${broken}\n\n${after(last!)}\n`;
        const input = new TextEncoder().encode(text);
        const start = cpuMs();
        const pieces = read(input, formatOf(input));
        expect(cpuMs() - start, text).toBeLessThan(MOST_MS);
        const found = new Set(pieces.map(({ bytes, unreadable }) => (unreadable === undefined ? toHex(bytes) : '')));
        const swallows = SWALLOWS.test(broken) || /^HTTP\//m.test(broken);
        if (!found.has(toHex(first!))) expect.fail(`lost before ${JSON.stringify(text)}`);
        if (!found.has(toHex(last!)) && !swallows) expect.fail(`lost behind ${JSON.stringify(text)}`);
        for (const { bytes, unreadable, offset, line } of pieces) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(input.length);
          expect(line).toBeGreaterThan(0);
          expect(unreadable !== undefined || bytes.length > 0).toBe(true);
        }
      }
    },
    LONG_ENOUGH,
  );

  it(
    `is read the same from any chunks (${COUNT / 4} inputs)`,
    () => {
      const dice = new Dice(SEED + 1);
      for (let i = 0; i < COUNT / 4; i++) {
        const text = mutated(dice.pick(spellings)(first!) + dice.pick(spellings)(last!), dice);
        const input = new TextEncoder().encode(text);
        const format = formatOf(input);
        expect(read(input, format, dice), JSON.stringify(text)).toEqual(read(input, format));
        let decided: string | undefined;
        for (let end = 0; end <= input.length; end += 1 + dice.below(40)) {
          const answer = classify(input.subarray(0, end), false);
          if (decided !== undefined) expect(answer, JSON.stringify(text)).toBe(decided);
          decided = answer;
        }
        if (decided !== undefined) expect(classify(input, true)).toBe(decided);
      }
    },
    LONG_ENOUGH,
  );

  it(
    `of any characters never crashes (${COUNT / 4} inputs)`,
    () => {
      const dice = new Dice(SEED + 2);
      for (let i = 0; i < COUNT / 4; i++) {
        const parts = Array.from({ length: dice.below(40) }, () =>
          dice.below(3) === 0 ? dice.pick(FRAGMENTS) : dice.pick(spellings)(first!).slice(0, dice.below(60)),
        );
        const input = new TextEncoder().encode(parts.join(''));
        const format = dice.pick(['hex', 'base64', 'ndjson', 'json'] as const);
        expect(read(input, format, dice)).toEqual(read(input, format));
      }
    },
    LONG_ENOUGH,
  );
});

/** Damage may make a document that says it goes on to the end. */
const SWALLOWS = /^\s*<[a-z!?]/im;
