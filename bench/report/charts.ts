/** Bars and lines as inline SVG. Colours are classes, so that the page can have a light and a dark set. */
import { element, text } from '../../src/markup.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What stands behind the bar. */
  readonly note: string;
  /** Class of the bar: whose it is. */
  readonly kind: string;
}

/** A line across the bars of a group. */
export interface Tick {
  readonly value: number;
  readonly kind: 'reach' | 'stretch';
}

export interface BarGroup {
  readonly title: string;
  readonly subtitle?: string;
  readonly bars: readonly Bar[];
  readonly ticks?: readonly Tick[];
}

interface BarChart {
  readonly title: string;
  readonly description: string;
  readonly groups: readonly BarGroup[];
  /** Value at the right end. */
  readonly limit: number;
  /** A line through the whole chart, with its name. */
  readonly reference?: { readonly value: number; readonly label: string };
}

const WIDTH = 860;
const LABEL_WIDTH = 200;
/** Room behind the longest bar for its note. */
const NOTE_WIDTH = 150;
const BAR_HEIGHT = 14;
const BAR_STEP = 20;
const TITLE_HEIGHT = 36;
const GROUP_GAP = 14;
const HEAD_HEIGHT = 24;

/** Bars first, then the lines across them, then all text, which keeps a margin of paper around it. */
export function barChart({ title, description, groups, limit, reference }: BarChart): string {
  const scale = (value: number): number =>
    LABEL_WIDTH + (Math.min(value, limit) / limit) * (WIDTH - LABEL_WIDTH - NOTE_WIDTH);
  const bars: string[] = [];
  const lines: string[] = [];
  const words: string[] = [];
  let y = reference ? HEAD_HEIGHT : 0;
  for (const group of groups) {
    words.push(text('text', { class: 'group', x: 0, y: y + 16 }, group.title));
    if (group.subtitle) {
      words.push(text('text', { class: 'minor', x: WIDTH, y: y + 16, 'text-anchor': 'end' }, group.subtitle));
    }
    y += TITLE_HEIGHT;
    const top = y;
    for (const { label, value, note, kind } of group.bars) {
      const width = Math.max(1, scale(value) - LABEL_WIDTH);
      const middle = y + BAR_HEIGHT / 2 + 4;
      const shape = { class: `bar ${kind}`, x: LABEL_WIDTH, y, width: fixed(width), height: BAR_HEIGHT, rx: 2 };
      bars.push(element('rect', shape, text('title', {}, `${label}: ${note}`)));
      words.push(text('text', { x: LABEL_WIDTH - 8, y: middle, 'text-anchor': 'end' }, label));
      words.push(text('text', { class: 'value', x: fixed(LABEL_WIDTH + width + 6), y: middle }, note));
      y += BAR_STEP;
    }
    for (const tick of group.ticks ?? []) lines.push(tickOf(tick, top, y, scale));
    y += GROUP_GAP;
  }
  if (reference) lines.unshift(referenceLine(scale(reference.value), reference.label, y - GROUP_GAP));
  return figure(title, description, y, [...bars, ...lines, ...words]);
}

/** A reach is a full line with a full triangle, a stretch a broken one with an empty triangle: no colour is needed. */
function tickOf({ value, kind }: Tick, top: number, bottom: number, scale: (value: number) => number): string {
  const x = fixed(scale(value));
  const from = top - 4;
  return element(
    'g',
    { class: kind },
    text('title', {}, `${kind} ${Number(value.toPrecision(3))}×`),
    element('line', { x1: x, x2: x, y1: from, y2: bottom - 2 }),
    element('path', { d: `M${Number(x) - 4} ${from - 5}h8l-4 6z` }),
  );
}

function referenceLine(x: number, label: string, bottom: number): string {
  return element(
    'g',
    { class: 'reference' },
    element('line', { x1: fixed(x), x2: fixed(x), y1: HEAD_HEIGHT - 6, y2: bottom }),
    text('text', { x: fixed(x), y: 12, 'text-anchor': 'middle' }, label),
  );
}

export interface Line {
  readonly label: string;
  readonly kind: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly note: string }[];
}

interface LineChart {
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
}

const PLOT = { left: 76, right: 730, top: 30, bottom: 280 };

/** Lines over steps that stand at equal distances: each is a multiple of the one before. */
export function lineChart({ title, description, xLabel, yLabel, lines }: LineChart): string {
  const steps = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const grid = niceStep(highest / 4);
  const limit = grid * Math.ceil(highest / grid);
  const x = (value: number): number =>
    PLOT.left + 20 + (steps.indexOf(value) / Math.max(1, steps.length - 1)) * (PLOT.right - PLOT.left - 30);
  const y = (value: number): number => PLOT.bottom - (value / limit) * (PLOT.bottom - PLOT.top);
  const parts = [text('text', { class: 'minor', x: 0, y: 14 }, yLabel)];
  for (let value = 0; value <= limit; value += grid) {
    parts.push(
      element('line', { class: 'grid', x1: PLOT.left, x2: PLOT.right, y1: fixed(y(value)), y2: fixed(y(value)) }),
      text(
        'text',
        { class: 'minor', x: PLOT.left - 8, y: fixed(y(value) + 4), 'text-anchor': 'end' },
        value.toLocaleString('en'),
      ),
    );
  }
  for (const step of steps) {
    const at = { class: 'minor', x: fixed(x(step)), y: PLOT.bottom + 20, 'text-anchor': 'middle' };
    parts.push(text('text', at, step.toLocaleString('en')));
  }
  const middle = (PLOT.left + PLOT.right) / 2;
  parts.push(text('text', { class: 'minor', x: middle, y: PLOT.bottom + 42, 'text-anchor': 'middle' }, xLabel));
  const ends = apart(lines.map(({ points }) => y(points.at(-1)?.y ?? 0)));
  for (const [i, line] of lines.entries()) parts.push(lineOf(line, x, y, ends[i] as number));
  return figure(title, description, PLOT.bottom + 50, parts);
}

function lineOf(line: Line, x: (value: number) => number, y: (value: number) => number, labelY: number): string {
  const { label, kind, points } = line;
  const path = points.map((point) => `${fixed(x(point.x))},${fixed(y(point.y))}`).join(' ');
  return element(
    'g',
    { class: `line ${kind}` },
    element('polyline', { points: path }),
    ...points.map((point) =>
      element(
        'circle',
        { cx: fixed(x(point.x)), cy: fixed(y(point.y)), r: 4 },
        text('title', {}, `${label}, ${point.note}`),
      ),
    ),
    text('text', { x: PLOT.right + 6, y: fixed(labelY + 4) }, label),
  );
}

/** Heights of labels, at least a line of text apart. */
function apart(heights: readonly number[]): number[] {
  const order = heights.map((height, index) => ({ height, index })).sort((a, b) => a.height - b.height);
  const placed = [...heights];
  let last = Number.NEGATIVE_INFINITY;
  for (const { height, index } of order) placed[index] = last = Math.max(height, last + 16);
  return placed;
}

/** 1, 2 or 5 times a power of ten, not below the value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value) as number);
}

function fixed(value: number): string {
  return `${Number(value.toFixed(1))}`;
}

/** A screen reader gets title and description; the numbers are in the table of all rows. */
function figure(title: string, description: string, height: number, parts: readonly string[]): string {
  return element(
    'figure',
    {},
    text('figcaption', {}, title),
    text('p', { class: 'about' }, description),
    element(
      'div',
      { class: 'scroll' },
      element('svg', { viewBox: `0 0 ${WIDTH} ${fixed(height)}`, role: 'img', 'aria-label': title }, ...parts),
    ),
  );
}
