/** What every part of a drawing is made of. */
import { type Attributes, element, escaped, leaf, text } from '../../../markup.ts';
import type { PartyState, Topology, TopologyNode } from '../../result.ts';

/** Narrow, so that several drawings fit side by side and one fits a telephone. */
export const WIDTH = 380;
export const GAP = 8;

export interface View {
  readonly topology: Topology;
  /** The same party's a day earlier; null on the first day. */
  readonly before: Topology | null;
  readonly state: PartyState;
  readonly party: string;
  readonly label: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Nodes placed so far, by id. */
export type Boxes = Map<string, Box>;

/** The state in a word, with a mark if it was another; the reason, if it is not trusted. */
export function stateText({ id, label, state, code, why }: TopologyNode, at: Attributes, { before }: View): string {
  const old = before?.nodes.find((node) => node.id === id);
  const word = before === null || old?.state === state ? state : `Δ ${state}`;
  const reason = state === 'trusted' ? '' : text('title', {}, `${label}: ${code}, ${why}`);
  return element('text', at, escaped(word), reason);
}

export function rectangle({ x, y, width, height }: Box, radius: number): string {
  return leaf('rect', {
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    rx: radius === 0 ? undefined : radius,
  });
}

/** Widths of a character over the size of its font: what most fonts stay below, and how close letters may be set. */
const EASY = 0.64;
const TIGHT = 0.56;

/** Text that stays inside a width: set closer, then cut in its middle, and then it has the whole as its title. */
export function fitted(content: string, attributes: Attributes, width: number, fontSize: number): string {
  if (content.length * EASY * fontSize <= width) return text('text', attributes, content);
  const most = Math.max(2, Math.floor(width / (TIGHT * fontSize)));
  const fitting = { ...attributes, textLength: round(width), lengthAdjust: 'spacingAndGlyphs' };
  if (content.length <= most) return text('text', fitting, content);
  const end = Math.floor((most - 1) / 2);
  const cut = `${content.slice(0, most - 1 - end)}…${content.slice(content.length - end)}`;
  return element('text', fitting, text('title', {}, content), escaped(cut));
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
