/** Whether `part` stands somewhere in `whole`, in linear time whatever they are (Knuth, Morris and Pratt). */
export function contains(whole: Uint8Array, part: Uint8Array): boolean {
  if (part.length > whole.length) return false;
  const borders = bordersOf(part);
  let matched = 0;
  for (const byte of whole) {
    while (matched > 0 && part[matched] !== byte) matched = borders[matched - 1]!;
    if (part[matched] === byte) matched++;
    if (matched === part.length) return true;
  }
  return part.length === 0;
}

/** For each beginning of `part`, the length of its longest proper end that is also its beginning. */
function bordersOf(part: Uint8Array): Uint32Array {
  const borders = new Uint32Array(part.length);
  let matched = 0;
  for (let at = 1; at < part.length; at++) {
    while (matched > 0 && part[matched] !== part[at]) matched = borders[matched - 1]!;
    if (part[matched] === part[at]) matched++;
    borders[at] = matched;
  }
  return borders;
}
