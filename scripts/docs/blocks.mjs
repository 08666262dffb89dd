/** The fenced blocks of a page that a reader would run, with what the page says comes out. */

/**
 * @typedef {object} Block
 * @property {'sh' | 'js'} language
 * @property {string} text
 * @property {number} line of the page
 * @property {string} [notRun] why it cannot be run here: `<!-- not run: REASON -->` in front of it
 * @property {{ language: 'text' | 'json', text: string }} [shown] the block right behind it: what its last command prints
 */

const FENCE = /(?:^<!-- not run: (?<notRun>.*) -->\n)?^```(?<language>\w*)\n(?<text>[\s\S]*?)^```$/gm;

/** @returns {Block[]} in the order of the page */
export function blocksOf(page) {
  const blocks = [];
  let end = 0;
  for (const { 0: whole, index, groups } of page.matchAll(FENCE)) {
    const { language, text, notRun } = groups;
    const before = blocks.at(-1);
    const isBehind = before !== undefined && page.slice(end, index).trim() === '';
    if (language === 'sh' || language === 'js')
      blocks.push({ language, text, line: page.slice(0, index).split('\n').length, ...(notRun && { notRun }) });
    else if (isBehind && ['text', 'json'].includes(language)) before.shown = { language, text };
    end = index + whole.length;
  }
  return blocks;
}

/** @returns {{ command: string, status: number }[]} the commands of a block, with the exit status that its comment names */
export function commandsOf({ text }) {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((command) => ({ command, status: Number(/ # exit status (\d+)/.exec(command)?.[1] ?? 0) }));
}

/**
 * Compares what a page shows with what came out: JSON by value, text line by line; `…` in a line is anything.
 * @returns {string | undefined} the difference
 */
export function differenceTo({ language, text }, output) {
  const isSame = language === 'json' ? isSameJson(text, output) : isSameText(text, output);
  return isSame ? undefined : output;
}

function isSameJson(wanted, got) {
  try {
    return JSON.stringify(JSON.parse(wanted)) === JSON.stringify(JSON.parse(got));
  } catch {
    return false;
  }
}

function isSameText(...texts) {
  const [wanted, got] = texts.map((lines) => lines.trimEnd().split('\n'));
  return wanted.length === got.length && wanted.every((line, i) => patternOf(line).test(got[i]));
}

function patternOf(line) {
  const parts = line
    .trimEnd()
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}\\s*$`);
}
