import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { thisMachine } from './machine.ts';
import { measureOperations } from './operations.ts';
import { measurePipeline } from './pipeline.ts';
import { formatRows, type Row } from './rows.ts';

const HELP = `Measures scms-verify and, in the same run, peers that do the same.

  npm run bench                     everything, about three minutes
  npm run bench -- --quick          the same with less patience: under a minute
  npm run bench -- --json FILE      also writes machine and rows as JSON

Rates are medians. A ratio is this row's rate over the peer's in the same run; below 1 the peer is faster.`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const machine = thisMachine();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}, OpenSSL ${machine.openssl}\n`,
  );
  const rows: Row[] = [];
  for (const section of [measureOperations, measurePipeline]) {
    const measured = await section(values.quick);
    console.log(`${formatRows(measured)}\n`);
    rows.push(...measured);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}
