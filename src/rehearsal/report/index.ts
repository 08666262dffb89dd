/**
 * A rehearsal as one HTML document that opens from disk and loads nothing. Every day, party and form is drawn when it is written, so
 * that it reads and prints without a script; the script shows one day at a time.
 */
import { createHash } from 'node:crypto';
import { element, text, voidElement } from '../../markup.ts';
import type { RehearsalResult } from '../result.ts';
import { browse } from './browser.ts';
import { daySection } from './day.ts';
import { FORM_NAMES, type Lane, lanesOf } from './lane.ts';
import { overview, verdict } from './overview.ts';
import { definitions, legend } from './states.ts';
import { STYLE } from './style.ts';

export function renderReport(result: RehearsalResult): string {
  const lanes = lanesOf(result);
  const { scenario } = result;
  const script = `(${browse})();`;
  if (/<\/script|<!--/i.test(script)) throw new Error('the script of the report may not end its own element');
  const head = [
    voidElement('meta', { charset: 'utf-8' }),
    voidElement('meta', { 'http-equiv': 'Content-Security-Policy', content: policyFor(STYLE, script) }),
    voidElement('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    voidElement('meta', { name: 'color-scheme', content: 'light dark' }),
    text('title', {}, `${scenario.title}: rehearsal`),
    `<style>${STYLE}</style>`,
  ];
  const body = [
    definitions(),
    element(
      'main',
      {},
      text('h1', {}, scenario.title),
      text('p', { class: 'about' }, scenario.summary),
      ...lanes.map(verdict),
      controls(lanes),
      legend(),
      ...lanes.map(laneBlock),
      about(result),
    ),
    `<script type="application/json" id="data">${embedded(result)}</script>`,
    `<script>${script}</script>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
${head.join('\n')}
</head>
${element('body', { 'data-name': scenario.name }, '\n', body.join('\n'), '\n')}
</html>
`;
}

/** Nothing is loaded, and nothing runs but this very script: not even what escaping should have let through. */
function policyFor(style: string, script: string): string {
  const hash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
}

/** JSON that no text in it can end. */
function embedded(result: RehearsalResult): string {
  return JSON.stringify(result).replaceAll('<', '\\u003c');
}

/** Days, and which form; they work by script only, and without it nothing is hidden. */
function controls(lanes: readonly Lane[]): string {
  const days = Math.max(...lanes.map((lane) => lane.days.length));
  return [
    lanes.length === 1
      ? ''
      : choice(
          'Form',
          'form',
          'choose-form',
          lanes.map(({ key, scenario }) => [key, FORM_NAMES[scenario.form], '']),
        ),
    element(
      'nav',
      { class: 'days', 'aria-label': 'Days' },
      text('button', { type: 'button', id: 'previous', 'aria-label': 'Previous day' }, '◀'),
      element(
        'label',
        {},
        text('span', { id: 'day-shown' }, 'Day'),
        voidElement('input', {
          type: 'range',
          id: 'slider',
          min: 1,
          max: days,
          step: 1,
          value: 1,
          'aria-label': 'Day',
        }),
      ),
      text('button', { type: 'button', id: 'next', 'aria-label': 'Next day' }, '▶'),
      element('p', { id: 'day-said', class: 'heard', role: 'status', 'aria-live': 'polite' }),
    ),
  ].join('\n');
}

/** Options as value, label and mark; the first is chosen. */
function choice(
  legendText: string,
  name: string,
  className: string,
  options: readonly (readonly [value: string, label: string, mark: string | number])[],
): string {
  return element(
    'fieldset',
    { class: `choice ${className}` },
    text('legend', {}, legendText),
    ...options.map(([value, label, mark], i) =>
      element(
        'label',
        {},
        voidElement('input', { type: 'radio', name, value, 'data-mark': mark, checked: i === 0 ? '' : undefined }),
        text('span', {}, label),
      ),
    ),
  );
}

function laneBlock(lane: Lane): string {
  const parties = lane.parties.map(({ name }, i) => [name, name, i] as const);
  return element(
    'div',
    { class: 'lane', 'data-form': lane.key },
    overview(lane),
    choice('Show', `party${lane.suffix}`, 'choose-party', [['', 'all parties', ''], ...parties]),
    '\n',
    lane.days.map((day) => daySection(lane, day)).join('\n'),
  );
}

function about({ scenario, seed }: RehearsalResult): string {
  return element(
    'footer',
    {},
    text(
      'p',
      {},
      `Scenario ${scenario.name}: electors ${scenario.electors.join(' ')}, ${scenario.quorum} decide; roots ${scenario.roots.join(' ')}. ` +
        `Every key and octet follows from the seed “${seed}”. Keys and certificates are made for the rehearsal.`,
    ),
    text('button', { type: 'button', id: 'download' }, 'Download the data (JSON)'),
  );
}
