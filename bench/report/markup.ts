/** Markup as strings: elements with escaped attributes and text. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** `<name …>children</name>`; children are markup already. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  return `<${name}${written(attributes)}>${children.join('')}</${name}>`;
}

/** An element whose only child is text. */
export function text(name: string, attributes: Attributes, content: string): string {
  return element(name, attributes, escaped(content));
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(`${value}`)}"`))
    .join('');
}
