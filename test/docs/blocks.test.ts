/** The blocks of a page that `npm run examples` runs, and how their output is compared. */
import { describe, expect, it } from 'vitest';

interface Blocks {
  blocksOf(page: string): { language: string; text: string; line: number; notRun?: string; shown?: unknown }[];
  commandsOf(block: { text: string }): { command: string; status: number }[];
  differenceTo(shown: { language: string; text: string }, output: string): string | undefined;
}
const { blocksOf, commandsOf, differenceTo }: Blocks = await import('../../scripts/docs/blocks.mjs' as string);

const PAGE = `# Page
\`\`\`sh
scms-verify demo
\`\`\`

\`\`\`text
made
\`\`\`
words
<!-- not run: needs a broker -->
\`\`\`sh
kcat -C | scms-verify messages -
\`\`\`
\`\`\`ts
not(a, program);
\`\`\`
\`\`\`js
console.log(1);
\`\`\`
more words
\`\`\`text
of nothing
\`\`\`
`;

describe('blocksOf', () => {
  it('finds commands and programs, with the output right behind them and the mark in front', () => {
    expect(blocksOf(PAGE)).toEqual([
      { language: 'sh', text: 'scms-verify demo\n', line: 2, shown: { language: 'text', text: 'made\n' } },
      { language: 'sh', text: 'kcat -C | scms-verify messages -\n', line: 10, notRun: 'needs a broker' },
      { language: 'js', text: 'console.log(1);\n', line: 17 },
    ]);
  });
});

describe('commandsOf', () => {
  it('joins continued lines, and takes the exit status from the comment', () => {
    const text = 'a --b \\\n  --c\n\n# only a comment\nd   # exit status 1: refused\ne # status 2\n';
    expect(commandsOf({ text })).toEqual([
      { command: 'a --b --c', status: 0 },
      { command: 'd   # exit status 1: refused', status: 1 },
      { command: 'e # status 2', status: 0 },
    ]);
  });
});

describe('differenceTo', () => {
  const text = (shown: string, output: string) => differenceTo({ language: 'text', text: shown }, output);
  const json = (shown: string, output: string) => differenceTo({ language: 'json', text: shown }, output);

  it.each([
    ['a\nb\n', 'a\nb'],
    ['took … ms\n', 'took 12.5 ms\n'],
    ['(a|b)* [c]\n', '(a|b)* [c]\n'],
  ])('%j shows %j', (shown, output) => expect(text(shown, output)).toBeUndefined());

  it.each([
    ['a\n', 'b\n'],
    ['a\n', 'a\nb\n'],
    ['a\nb\n', 'a\n'],
    ['took … ms\n', 'took 12.5 s\n'],
    ['a.c\n', 'abc\n'],
    ['a\n', ''],
  ])('%j does not show %j', (shown, output) => expect(text(shown, output)).toBe(output));

  it('JSON is compared by value', () => {
    expect(json('{"a":1,\n "b":[2]}', '{"a":1,"b":[2]}\n')).toBeUndefined();
    expect(json('{"a":1}', '{"a":2}')).toBe('{"a":2}');
    expect(json('{"a":1}', 'error')).toBe('error');
    expect(json('{"a":1}', '')).toBe('');
  });
});
