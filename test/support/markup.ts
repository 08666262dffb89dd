const VOID = new Set(['meta', 'br', 'wbr', 'input']);

/** Names of elements that are opened and not closed in order, or characters that no markup may hold. */
export function faultsOf(html: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  const markup = html
    .replace(/<style>[^<]*<\/style>/, '')
    .replace(/<script[^<>]*>[\s\S]*?<\/script>/g, '')
    .replace('<!doctype html>', '');
  const rest = markup.replace(
    /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(\/?)>/g,
    (_, slash, name, _attributes, end) => {
      if (slash) {
        const last = open.pop();
        if (last !== name) faults.push(`</${name}> closes <${last}>`);
      } else if (end) {
        if (!open.includes('svg')) faults.push(`<${name}/> outside of a drawing`);
      } else if (!VOID.has(name)) {
        open.push(name);
      }
      return '';
    },
  );
  if (/[<>]/.test(rest)) faults.push(`stray: ${rest.match(/.{0,20}[<>].{0,20}/)?.[0]}`);
  if (/&(?!amp;|lt;|gt;|quot;)/.test(rest)) faults.push('an ampersand that is no entity');
  return [...faults, ...open];
}
