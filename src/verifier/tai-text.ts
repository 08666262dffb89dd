import { formatTai } from '../dot2/index.ts';

const WORD = 2 ** 32;
const MICROS = 1_000_000;
/** Seconds whose text is remembered: messages come in the order of their times, more or less. */
const REMEMBERED = 64;

const seconds = new Float64Array(REMEMBERED).fill(-1);
/** Texts of those seconds, up to their decimals, the point included. */
const texts = new Array<string>(REMEMBERED).fill('');

/** Three decimals, and the last ones of a text, which ends where only zeros would follow. */
const THOUSANDTHS = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(3, '0'));
const ENDS = THOUSANDTHS.map((decimals) => `${decimals.replace(/0+$/, '')}Z`);

/**
 * As `formatTai`, which writes each second here too, from the two words of a time that is TAI microseconds without sign; only
 * decimals are added, and the texts of recent seconds are remembered.
 */
export function taiText(high: number, low: number): string {
  // Up to the year 2146, which a number holds exactly and RFC 3339 can write.
  if (high >= 2 ** 20) return formatTai((BigInt(high) << 32n) | BigInt(low));
  const micros = high * WORD + low;
  const second = Math.floor(micros / MICROS);
  const place = second % REMEMBERED;
  if (seconds[place] !== second) {
    texts[place] = `${formatTai(BigInt(second) * 1_000_000n).slice(0, -1)}.`;
    seconds[place] = second;
  }
  const text = texts[place] as string;
  const rest = micros - second * MICROS;
  if (rest === 0) return `${text.slice(0, -1)}Z`;
  const thousandths = Math.floor(rest / 1000);
  const millionths = rest - 1000 * thousandths;
  // The short ones first: what is longer than a few characters is not copied, but points to its parts.
  const decimals = millionths === 0 ? ENDS[thousandths] : `${THOUSANDTHS[thousandths]}${ENDS[millionths]}`;
  return text + decimals;
}

/** The same of a time as it is decoded. */
export function taiTextOf(micros: bigint): string {
  return taiText(Number(micros >> 32n), Number(micros & 0xffff_ffffn));
}
