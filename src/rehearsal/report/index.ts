import type { Cell, RehearsalResult } from '../types.ts';

/** A result as one self-contained HTML document that opens from disk: the truth table of every day. */
export function renderReport(result: RehearsalResult): string {
  const lanes = [result, ...(result.beside === null ? [] : [result.beside])];
  const title = escaped(result.scenario.title);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body>
${lanes.map(laneSection).join('\n')}
</body>
</html>
`;
}

function laneSection({ scenario, rows, days }: RehearsalResult): string {
  const head = days.map(({ day, title }) => `<th scope="col" title="${escaped(title)}">Day ${day}</th>`).join('');
  const cells = days.flatMap((day) => day.cells);
  const lines = rows.map(({ row, object, party }) => {
    const own = cells.filter((cell) => cell.row === row).map(cellText);
    return `<tr><th scope="row">${escaped(object)}</th><td>${escaped(party)}</td>${own.join('')}</tr>`;
  });
  return `<h1>${escaped(scenario.title)}</h1>
<p>${escaped(scenario.summary)}</p>
<table><thead><tr><th scope="col">Object</th><th scope="col">Party</th>${head}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table>`;
}

function cellText({ got, expected, matched, value, code, why }: Cell): string {
  const shown = [got, value ?? '', matched ? '' : `(expected ${expected})`].filter((part) => part !== '').join(' ');
  return `<td title="${escaped(`${code}: ${why}`)}">${escaped(shown)}</td>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
