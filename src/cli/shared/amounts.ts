import { InvalidArgumentError } from 'commander';

/** An amount that an option takes: its unit and its upper bound. */
interface Amount {
  readonly unit: string;
  readonly most: number;
}

/** The range of Time32. */
export const SECONDS: Amount = { unit: 'seconds', most: 2 ** 32 };
/** The longest that a timer of Node waits. */
export const MILLISECONDS: Amount = { unit: 'milliseconds', most: 2 ** 31 - 1 };
/** More than the way around the Earth. */
export const METRES: Amount = { unit: 'metres', most: 1e8 };

/** `5`, `0.04`, `.04`, `5.` and `1e3`: decimal, and never below zero. */
const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Parses the value of an option. Throws commander's error, which names the option and the value. */
export function amountOption({ unit, most }: Amount): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!DECIMAL.test(text) || value > most) {
      throw new InvalidArgumentError(`Wanted: ${unit} as a decimal number from 0 to ${most}, such as 5, .04 or 1e3.`);
    }
    return value;
  };
}
