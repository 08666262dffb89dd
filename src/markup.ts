/** Markup as strings: elements with escaped attributes and text. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Characters that show nothing, and could hide or reorder what stands beside them, are spelled out. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;

export function escaped(text: string): string {
  return text
    .replace(UNSEEN, (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** `<name …>children</name>`; children are markup already. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  return `<${name}${written(attributes)}>${children.join('')}</${name}>`;
}

/** An element whose only child is text. */
export function text(name: string, attributes: Attributes, content: string): string {
  return element(name, attributes, escaped(content));
}

/** An element that has no end: `<meta …>`, `<input …>`. */
export function voidElement(name: string, attributes: Attributes): string {
  return `<${name}${written(attributes)}>`;
}

/** An element of SVG that has nothing in it. */
export function leaf(name: string, attributes: Attributes): string {
  return `<${name}${written(attributes)}/>`;
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(`${value}`)}"`))
    .join('');
}
