import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * A path as the system has it: bytes, which need not be UTF-8. Text is the ordinary case; a buffer stands for a name that text
 * cannot hold.
 */
export type Path = string | Buffer;

const SLASH = Buffer.from('/');
const REPLACEMENT = '�';

/** A path for people: bytes that are not UTF-8 as `\xNN`. */
export function displayed(path: Path): string {
  if (typeof path === 'string') return path;
  const text = path.toString('utf8');
  if (Buffer.from(text).equals(path)) return text;
  let shown = '';
  for (let at = 0; at < path.length; ) {
    const length = lengthOfCharacter(path, at);
    shown +=
      length === 0
        ? `\\x${(path[at] as number).toString(16).padStart(2, '0')}`
        : path.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return shown;
}

/** Bytes of the UTF-8 character at `at`; 0 if there is none. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    const text = bytes.toString('utf8', at, at + length);
    if (!text.includes(REPLACEMENT) || Buffer.from(text).equals(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

/** The path of an entry of a folder. */
export function below(folder: Path, name: Buffer): Path {
  const text = name.toString('utf8');
  if (typeof folder === 'string' && Buffer.from(text).equals(name)) return join(folder, text);
  return Buffer.concat([Buffer.from(folder as string), SLASH, name]);
}

/**
 * A path from the command line. Node decodes arguments as UTF-8, so that a name in another encoding arrives with replacement
 * characters; the one entry of its folder that reads the same is the one that was meant.
 */
export async function meantBy(name: string): Promise<Path> {
  if (!name.includes(REPLACEMENT)) return name;
  if (await stat(name).then(Boolean, () => false)) return name;
  const folder = dirname(name);
  const entries = await readdir(folder, { encoding: 'buffer' }).catch(() => []);
  const matching = entries.filter((entry) => join(folder, entry.toString('utf8')) === join(name));
  return matching.length === 1 ? below(folder, matching[0] as Buffer) : name;
}
