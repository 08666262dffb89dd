import { formatTai } from '../dot2/index.ts';

const WORD = 2 ** 32;
const MICROS = 1_000_000;
/** Seconds whose text is remembered: messages come in the order of their times, more or less. */
const REMEMBERED = 64;

const seconds = new Float64Array(REMEMBERED).fill(-1);
const texts = new Array<string>(REMEMBERED).fill('');

/** As `formatTai`, from the two words of a time that is TAI microseconds without sign: what a second's text is, is remembered. */
export function taiText(high: number, low: number): string {
  // Up to the year 2146, which a number holds exactly and RFC 3339 can write.
  if (high >= 2 ** 20) return formatTai((BigInt(high) << 32n) | BigInt(low));
  const micros = high * WORD + low;
  const second = Math.floor(micros / MICROS);
  const place = second % REMEMBERED;
  if (seconds[place] !== second) {
    texts[place] = formatTai(BigInt(second) * 1_000_000n);
    seconds[place] = second;
  }
  const text = texts[place] as string;
  const rest = micros - second * MICROS;
  if (rest === 0) return text;
  return `${text.slice(0, -1)}.${decimals(rest)}Z`;
}

/** Microseconds as the decimals of a second, without zeros at the end. */
function decimals(micros: number): string {
  let width = 6;
  let value = micros;
  while (value % 10 === 0) {
    value /= 10;
    width--;
  }
  return value.toString().padStart(width, '0');
}
