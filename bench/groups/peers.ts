/** What others offer to a Node program that has to verify a signature, or to multiply a point. */
import { webcrypto } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { nodeVerify, peerTasks } from '../inputs/peers.ts';
import { keyObject, type Signed, signatures } from '../inputs/signatures.ts';
import { type Group, must, type Opened, type Task } from '../measure.ts';
import type { Work } from '../work.ts';

const BATCH = 64;
const VERIFY: Work = { verify: 1, multiply: 0 };
const MULTIPLY: Work = { verify: 0, multiply: 1 };

export const PEERS_GROUP: Group = {
  section: 'peers',
  title: 'ECDSA P-256 by others',
  comparesWithOpenssl: true,
  open: openPeers,
};

async function openPeers(): Promise<Opened> {
  const signed = signatures(BATCH);
  const shape = { operation: 'one ECDSA P-256 verification', batch: 1, items: BATCH, work: VERIFY, isPeer: true };
  const tasks: Task[] = [
    {
      ...shape,
      kernel: 'node:crypto, key imported each time',
      run: () => {
        for (const { key, input, signature } of signed)
          must(nodeVerify(keyObject(key), input, signature), 'node:crypto');
      },
    },
    ...(await webCryptoTasks(signed, shape)),
  ];
  const multiplication = { operation: 'one P-256 point multiplication', work: MULTIPLY };
  const peerRows = [shape, multiplication];
  return { tasks: [...tasks, ...peerTasks(peerRows)], peerRows };
}

/** WebCrypto answers from a pool of threads: one at a time it waits for them, many at a time it has several cores. */
async function webCryptoTasks(signed: readonly Signed[], shape: Omit<Task, 'kernel' | 'run'>): Promise<Task[]> {
  const { subtle } = webcrypto;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await Promise.all(
    signed.map(({ key }) => subtle.importKey('raw', Uint8Array.of(4, ...key), algorithm, false, ['verify'])),
  );
  const verify = (i: number): Promise<boolean> => {
    const { signature, input } = signed[i] as Signed;
    return subtle.verify(algorithm, keys[i] as webcrypto.CryptoKey, signature, input);
  };
  return [
    {
      ...shape,
      kernel: 'WebCrypto, one at a time',
      isAsync: true,
      run: async () => {
        for (const i of signed.keys()) must(await verify(i), 'WebCrypto');
      },
    },
    {
      ...shape,
      kernel: 'WebCrypto, all at a time',
      threads: Math.min(4, availableParallelism()),
      batch: BATCH,
      isAsync: true,
      run: async () => {
        for (const holds of await Promise.all(signed.map((_, i) => verify(i)))) must(holds, 'WebCrypto');
      },
    },
  ];
}
