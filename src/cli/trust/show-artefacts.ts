import { readArtefacts } from '../../readers/index.ts';
import { describeArtefact } from '../../trust/describe.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { artefactText } from '../shared/artefact-text.ts';
import { Exit } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { printable } from '../shared/terminal.ts';
import { type TrustFormat, trustFormat } from './output.ts';

/** What artefacts say, and who signed what. Nothing is verified, and no store is needed. */
export async function showArtefacts(names: readonly string[], format: TrustFormat | undefined): Promise<number> {
  const isTable = trustFormat(format) === 'table';
  const context = createTrustContext({ kernel: 'native' });
  const out = new Stdout();
  let failures = 0;
  for (const { name, octets } of await readArtefacts(names)) {
    const description = describeArtefact({ name, octets }, context);
    if (description === undefined || description.problems.length > 0) failures++;
    if (isTable) {
      const lines = description ? artefactText(description) : ['no artefact of root management (see scms-verify show)'];
      await out.write(`${printable(name)}: ${lines.join('\n')}\n`);
    } else {
      await out.write(`${JSON.stringify({ artefact: name, ...(description ?? { kind: null }) })}\n`);
    }
  }
  await out.end();
  return failures > 0 ? Exit.notAllValid : Exit.allValid;
}
