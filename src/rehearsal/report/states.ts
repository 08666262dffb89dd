/** How states of trust look: each has a shape, a line and a word of its own; colour only repeats them. */
import { element, leaf, text } from '../../markup.ts';
import type { NodeState } from '../result.ts';

interface Look {
  /** Outline and content, in a square of 16. */
  readonly outline: string;
  readonly inside: string;
  readonly shape: string;
  readonly line: string;
  readonly meaning: string;
}

export const LOOKS: Readonly<Record<NodeState, Look>> = {
  trusted: {
    outline: 'M14.5 8a6.5 6.5 0 1 1-13 0a6.5 6.5 0 1 1 13 0z',
    inside: 'M5 8.3l2.2 2.3L11.2 5.8',
    shape: 'circle with a tick',
    line: 'full line',
    meaning: 'stands in this party’s eyes',
  },
  degraded: {
    outline: 'M8 1.5L15 14.5H1z',
    inside: 'M8 6v4M8 11.8v.8',
    shape: 'triangle',
    line: 'thick line',
    meaning: 'trusted, but no elector may be lost any more',
  },
  frozen: {
    outline: 'M2 2h12v12H2z',
    inside: 'M6 5v6M10 5v6',
    shape: 'square with two bars',
    line: 'long dashes',
    meaning: 'trusted, but too few electors are left to decide anything',
  },
  revoked: {
    outline: 'M5.2 1.5h5.6L14.5 5.2v5.6L10.8 14.5H5.2L1.5 10.8V5.2z',
    inside: 'M5.5 5.5l5 5M10.5 5.5l-5 5',
    shape: 'octagon with a cross',
    line: 'short dashes',
    meaning: 'removed, or below what was removed',
  },
  pending: {
    outline: 'M3 1.5h10L8 8l5 6.5H3L8 8z',
    inside: 'M6 13h4',
    shape: 'hourglass',
    line: 'dashes and dots',
    meaning: 'accepted, waits for its time',
  },
  unknown: {
    outline: 'M8 .8L15.2 8 8 15.2.8 8z',
    inside: 'M6.2 6.4a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2M8 11v.7',
    shape: 'diamond with a question mark',
    line: 'dots',
    meaning: 'never heard of, not introduced yet, or not verifiable',
  },
};

export const STATES = Object.keys(LOOKS) as NodeState[];

/** Width and height of every shape. */
export const SHAPE_SIZE = 14;

const shapeId = (state: NodeState): string => state;

/** Shapes and arrowheads, once a document. */
export function definitions(): string {
  const shapes = STATES.map((state) =>
    element(
      'g',
      { id: shapeId(state), transform: `scale(${SHAPE_SIZE / 16})` },
      leaf('path', { class: 'outline', d: LOOKS[state].outline }),
      leaf('path', { class: 'inside', d: LOOKS[state].inside }),
    ),
  );
  const marker = (id: string, d: string): string =>
    element(
      'marker',
      {
        id,
        viewBox: '0 0 10 10',
        refX: 8,
        refY: 5,
        markerWidth: 12,
        markerHeight: 12,
        markerUnits: 'userSpaceOnUse',
        orient: 'auto-start-reverse',
      },
      leaf('path', { d }),
    );
  return element(
    'svg',
    { class: 'definitions', width: 0, height: 0, 'aria-hidden': 'true' },
    element('defs', {}, ...shapes),
    marker('end-add', 'M1 1L9 5L1 9z'),
    marker('end-remove', 'M2 1L9 9M9 1L2 9'),
  );
}

/** The shape of a state with its upper left corner at a point of an SVG. */
export function shapeAt(state: NodeState, x: number, y: number): string {
  return leaf('use', { href: `#${shapeId(state)}`, x, y });
}

/** What the drawings mean, in shapes and words. */
export function legend(): string {
  const states = STATES.map((state) =>
    item(
      `state ${state}`,
      element('svg', { viewBox: '-1 -1 16 16', 'aria-hidden': 'true' }, shapeAt(state, 0, 0)),
      state,
      `${LOOKS[state].shape}, ${LOOKS[state].line}: ${LOOKS[state].meaning}`,
    ),
  );
  const sample = (className: string, marker?: string): string =>
    element(
      'svg',
      { class: 'line', viewBox: '0 0 40 16', 'aria-hidden': 'true' },
      leaf('path', { class: className, d: 'M2 8H36', 'marker-end': marker && `url(#${marker})` }),
    );
  const lines = [
    item('', sample('vote'), 'vote', 'full line, from an elector to a ballot or list: counted'),
    item('', sample('vote void'), 'void vote', 'dots: not counted; the ballot says whose'),
    item('', sample('effect', 'end-add'), 'adds', 'arrow, from a ballot or list to what it is about'),
    item('', sample('effect', 'end-remove'), 'removes', 'cross, from a ballot to what it is about'),
    item('', sample('chain'), 'chain', 'full line, from issuer to what it issued: holds'),
    item('', sample('chain broken'), 'broken chain', 'dots: does not hold'),
    item('', element('b', {}, 'Δ'), 'Δ', 'not as it was the day before'),
    item('', element('b', {}, '▸'), '▸', 'the party whose view it is'),
  ];
  return element(
    'details',
    { class: 'legend' },
    text('summary', {}, 'Legend: what shapes and lines mean'),
    element('ul', {}, ...states, ...lines),
  );
}

function item(className: string, picture: string, name: string, meaning: string): string {
  return element('li', { class: className || undefined }, picture, text('b', {}, name), text('span', {}, meaning));
}
