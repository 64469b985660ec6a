import { describe, expect, it } from '@jest/globals';
import { checkImports } from './check-imports.ts';
import { secretWords } from './layers.ts';
import { linesIn } from './planted.ts';

const find = (files: Record<string, string>) => linesIn(checkImports, files);

describe('check-imports', () => {
  it('is content with a tree that follows the architecture', () => {
    expect(
      find({
        'libs/contracts/src/index.ts': "export { a } from './a.js';",
        'libs/platform/src/config/x.ts': 'export const e = process.env;',
        'libs/he/src/seal.ts': "import { x } from '#contracts'; const s = await import('node-seal');",
        'libs/tallies/src/t.ts': "import { s } from '#signals'; import type { H } from '#he';",
        'libs/signals/src/signals.repository.ts': "import { PrismaClient } from '#db/nyms';",
        'libs/signals/src/signals.repository.spec.ts': "import { PrismaClient } from '#db/nyms';",
        'libs/client-sdk/src/c.ts': "import { t } from '#tickets'; import { z } from '#contracts';",
        'libs/client-sdk/src/c.spec.ts': "import { fake } from '../../../test/fakes/x.js';",
        'apps/nyms/src/main.ts': "import { s } from '#signals'; console.log(process.env);",
        'apps/registrar/src/r.repository.ts': "import { PrismaClient } from '#db/registrar';",
        'apps/keyholder/src/secret-key/k.ts': `import seal from 'node-seal'; // ${secretWords.join()}`,
        'test/he/x.spec.ts': "import '../../libs/he/src/worker.js'; import 'node-seal';",
        'test/e2e/x.spec.ts': "import { x } from '../../apps/ctl/src/x.js'; import '#he'; process.env['X'];",
        'apps/nyms/README.md': 'reads process.env and imports #he',
      }),
    ).toEqual([]);
  });

  it.each([
    ['a lib of the same tier', 'libs/platform/src/x.ts', "import { h } from '#he';", 'libs/platform may not import #he'],
    ['a lib of a higher tier', 'libs/tickets/src/x.ts', "export * from '#policy';", 'libs/tickets may not import #policy'],
    [
      'a tier-2 lib in another',
      'libs/policy/src/x.ts',
      "import type { S } from '#signals';",
      'libs/policy may not import #signals',
    ],
    ['anything in contracts', 'libs/contracts/src/x.ts', "import '#he';", 'libs/contracts may not import #he'],
    ['more than contracts in the hub SDK', 'libs/hub-sdk/src/x.ts', "import '#tickets';", 'libs/hub-sdk may not import #tickets'],
    [
      'platform in the client SDK',
      'libs/client-sdk/src/x.ts',
      "const p = await import('#platform');",
      'may not import #platform',
    ],
    [
      'the pseudonym side in the account side',
      'apps/registrar/src/x.ts',
      "import '#pseudonyms';",
      'registrar may not import #pseudonyms',
    ],
    ['HE in nyms', 'apps/nyms/src/x.ts', "type H = import('#he').H;", 'nyms may not import #he'],
    ['a file behind a door', 'apps/nyms/src/x.ts', "import '../../../libs/signals/src/intake.js';", 'reaches into libs/signals'],
    ['a file behind a door from a test', 'test/e2e/x.spec.ts', "import '../../libs/he/src/worker.js';", 'reaches into libs/he'],
    ['another app', 'apps/nyms/src/x.ts', "import '../../registrar/src/y.js';", 'reaches out of apps/nyms into apps/registrar'],
    ['an app in a lib', 'libs/signals/src/x.ts', "import '../../../apps/nyms/src/y.js';", 'reaches out of libs/signals'],
    ['a test helper in code', 'libs/signals/src/x.ts', "import '../../../test/fakes/y.js';", 'reaches out of libs/signals'],
    [
      'a worker of another lib',
      'libs/tallies/src/x.ts',
      "new Worker(new URL('../../he/src/w.js', import.meta.url));",
      'reaches into libs/he',
    ],
    ['its own door', 'libs/he/src/x.ts', "import '#he';", 'own door'],
    ['a door that does not exist', 'libs/he/src/x.ts', "import '#contracts/ids';", '#contracts/ids is no lib'],
    ['a required lib', 'libs/he/src/x.ts', "const p = require('#platform');", 'libs/he may not import #platform'],
    ['a database outside a repository', 'libs/signals/src/x.ts', "import type { P } from '#db/nyms';", 'only *.repository.ts'],
    ['a database of another side', 'apps/nyms/src/x.repository.ts', "import '#db/registrar';", 'may not use #db/registrar'],
    ['a database nobody knows', 'apps/nyms/src/x.repository.ts', "import '#db/all';", '#db/all is no database'],
    ['SEAL in an app', 'apps/correlator/src/x.ts', "import seal from 'node-seal';", 'imports node-seal'],
    ['SEAL by subpath', 'apps/keyholder/src/x.ts', "import seal from 'node-seal/throws';", 'imports node-seal'],
    ['a computed import', 'apps/nyms/src/x.ts', 'await import(name);', 'computes what it imports'],
  ])('finds %s', (_what, file, text, problem) => {
    expect(find({ [file]: text })).toEqual([expect.stringContaining(`${file}:1 `)]);
    expect(find({ [file]: text })[0]).toContain(problem);
  });

  it.each(secretWords)('finds %s in code, comments, specs, other files, names and inside words', (word) => {
    const findings = find({
      'libs/he/src/a.ts': `// the ${word} lives elsewhere`,
      'libs/he/src/a.spec.ts': `const create${word}s = 1;`,
      'apps/keyholder/README.md': `\n${word}`,
      [`apps/nyms/src/${word}.ts`]: '',
    });
    expect(findings).toHaveLength(4);
    expect(findings).toContainEqual(expect.stringContaining('apps/keyholder/README.md:2'));
  });

  it.each([
    'process.env.X',
    "process['env']",
    'const { env } = process',
    'globalThis.process.env',
    "import { env } from 'node:process'",
    "import * as p from 'process'",
  ])('finds the environment read by %s', (text) => {
    expect(find({ 'libs/signals/src/x.ts': `\n${text};` })[0]).toMatch(/^libs\/signals\/src\/x\.ts:2 reads process\.env/);
    expect(find({ 'apps/ctl/src/stack/x.ts': `${text};` })).not.toEqual([]);
    expect(find({ 'apps/nyms/src/config.ts': `${text};` })).toEqual([]);
  });

  it('lets other uses of the process pass', () => {
    expect(
      find({
        'libs/he/src/x.ts': "import process from 'node:process'; process.exit(1); const { pid } = globalThis; process.argv;",
      }),
    ).toEqual([]);
  });

  it('finds a lib or an app that is not in the architecture', () => {
    expect(find({ 'libs/utils/src/x.ts': '', 'apps/api/src/x.ts': '' })).toEqual([
      'apps/api no such app in the architecture',
      'libs/utils no such lib in the architecture',
    ]);
  });
});
