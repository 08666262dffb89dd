/** The warnings of a run: one line per kind in text, all of them up to a bound in JSON. */
import { CODES } from '../../verdict/index.ts';

/** Kept in JSON. */
export const MOST_WARNINGS = 1000;
/** Lines in text. */
const MOST_LINES = 50;
/** Up to so many of one kind are not folded. */
const FEW = 2;

/** One line for each kind of warning, in the order in which kinds came: the first of it, and how many more there are. */
export function foldWarnings(warnings: readonly string[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const warning of warnings) {
    const kind = kindOf(warning);
    const others = kinds.get(kind);
    if (others) others.push(warning);
    else kinds.set(kind, [warning]);
  }
  const lines = [...kinds.values()].flatMap((alike) =>
    alike.length <= FEW ? alike : [`${alike[0]} (and ${alike.length - 1} more like it)`],
  );
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `${lines.length - MOST_LINES} warnings of other kinds`];
}

/** The warnings of a summary in JSON; `moreWarnings` counts those that were left out, if any were. */
export function boundedWarnings(warnings: readonly string[]): { warnings: readonly string[]; moreWarnings?: number } {
  if (warnings.length <= MOST_WARNINGS) return { warnings };
  return { warnings: warnings.slice(0, MOST_WARNINGS), moreWarnings: warnings.length - MOST_WARNINGS };
}

/**
 * The kind of a warning. A warning is `[--option ]NAME: CODE: detail` or `[--option ]NAME: words`. Two are of one kind if
 * option and code are the same, or option and words apart from names and numbers. A name with a colon in it may make a kind
 * of its own, which costs no more than a line.
 */
function kindOf(warning: string): string {
  const [, option = '', name = '', rest = warning] = /^(--[\w-]+ )?(.*?): (.*)$/s.exec(warning) ?? [];
  const code = /^\w+(?=[: ])/.exec(rest)?.[0];
  if (code !== undefined && Object.hasOwn(CODES, code)) return `${option}${code}`;
  const [place = ''] = name.split(/ \(structure|@/);
  return option + (place === '' ? rest : rest.replaceAll(place, '')).replace(/\b[0-9a-f]{6,}\b|\d+/gi, '#');
}
