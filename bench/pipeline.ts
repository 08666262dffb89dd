import { createPool } from '../src/pool/index.ts';
import { createScms, pseudonyms, signMessage } from '../src/testbed/index.ts';
import { createVerifier, type Item } from '../src/verifier/index.ts';
import { measure, type Row, type Task } from './rows.ts';

const SENDERS = 16;

/** Certificates and messages of the testbed: octets, exactly as they would come in. */
function workload(count: number): { certificates: Item[]; messages: Item[]; trust: ReturnType<typeof trustOf> } {
  const scms = createScms({ seed: 'bench' });
  const credentials = [...pseudonyms(scms, { devices: Math.ceil(count / 20) })].slice(0, count);
  const messages = Array.from({ length: count }, (_, i): Item => {
    const signer = credentials[i % SENDERS] as (typeof credentials)[number];
    const attach = Math.floor(i / SENDERS) % 5 === 0;
    const bytes = signMessage(signer, {
      psid: 0x20,
      payload: new Uint8Array(40).fill(i),
      generationTime: scms.at + BigInt(i) * 1000n,
      signer: attach ? 'certificate' : 'digest',
    });
    return { kind: 'message', bytes };
  });
  const certificates = credentials.map(({ bytes }): Item => ({ kind: 'certificate', bytes }));
  return { certificates, messages, trust: trustOf(scms) };
}

function trustOf(scms: ReturnType<typeof createScms>): { trust: ReturnType<typeof scms.trust>; at: bigint } {
  return { trust: scms.trust(), at: scms.at };
}

/** Octets to verdicts: inline, and in pools of one and two threads over the same items. */
export async function measurePipeline(quick: boolean): Promise<Row[]> {
  const count = quick ? 2000 : 6000;
  const { certificates, messages, trust } = workload(count);
  const operations = [
    { operation: 'implicit certificates, octets to verdict', items: certificates, expected: 'implicitReconstructed' },
    { operation: `messages of ${SENDERS} senders, octets to verdict`, items: messages, expected: 'ok' },
  ];
  const pools = await Promise.all([1, 2].map((threads) => createPool({ ...trust, threads })));
  const verifier = createVerifier(trust);
  const tasks = operations.flatMap(({ operation, items, expected }): Task[] => [
    {
      operation,
      kernel: `${verifier.kernelName}, inline`,
      batch: items.length,
      run: () => mustAll(verifier.verify(items), expected),
    },
    ...pools.map(
      (pool, i): Task => ({
        operation,
        kernel: pool.kernelName,
        threads: i + 1,
        batch: items.length,
        run: async () => mustAll(await pool.verifyAll(items), expected),
      }),
    ),
  ]);
  const rows = await measure(tasks, quick);
  await Promise.all(pools.map((pool) => pool.close()));
  for (const row of rows) {
    const single = rows.find(
      (other) => other.operation === row.operation && other.kernel === row.kernel && other.threads === 1,
    );
    if (row.threads > 1 && single) row.ratio.oneThread = row.perSecond / single.perSecond;
  }
  return rows;
}

function mustAll(verdicts: readonly { code: string }[], expected: string): void {
  const wrong = verdicts.find(({ code }) => code !== expected);
  if (wrong) throw new Error(`a benchmark got the verdict ${wrong.code}`);
}
