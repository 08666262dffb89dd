/** Which files of a folder or an archive are read. */

/** Private keys beside the certificates of a batch (CAMP SCMS: `I_J.s`, both in hex). */
const PRIVATE_KEY_NAME = /^[0-9a-f]{1,8}_[0-9a-f]{1,8}\.s$/i;

/** Folders that macOS adds to archives. */
const RESOURCE_FORKS = '__MACOSX';

/** Whether a path names a private key file: it is left alone and counted. */
export function isPrivateKeyFile(path: string): boolean {
  return PRIVATE_KEY_NAME.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Whether a name, or a folder on the way to it, is hidden. */
export function isHidden(path: string): boolean {
  return path
    .split('/')
    .some((part) => (part.startsWith('.') && part !== '.' && part !== '..') || part === RESOURCE_FORKS);
}
