import { describe, expect, it } from '@jest/globals';
import { checkBundle } from './check-bundle.ts';
import { linesIn } from './planted.ts';
import { ToolError } from './tool.ts';

const manifest = JSON.stringify({
  imports: { '#he': './dist/libs/he/src/index.js', '#tallies': './dist/libs/tallies/src/index.js' },
});
const he = {
  'dist/libs/he/src/index.js': "export { pool } from './pool.js';",
  'dist/libs/he/src/pool.js': "export const pool = () => new Worker(new URL('./fold.worker.js', import.meta.url));",
  'dist/libs/he/src/fold.worker.js': "import seal from 'node-seal';",
};
const find = (files: Record<string, string>) => linesIn(checkBundle, { 'package.json': manifest, ...files });

describe('check-bundle', () => {
  it('is content when only those who may reach SEAL and the key holder do', () => {
    expect(
      find({
        ...he,
        'dist/apps/nyms/src/main.js': "import 'node:fs'; import './x.js'; import '@nestjs/core/y'; import(unknown);",
        'dist/apps/nyms/src/x.js': "export * from './main.js';",
        'dist/apps/correlator/src/main.js': "import '#he';",
        'dist/apps/keyholder/src/main.js': "import './secret-key/k.js';",
        'dist/apps/keyholder/src/secret-key/k.js': "import 'node-seal';",
      }),
    ).toEqual([]);
  });

  it('finds SEAL behind a lib, and shows the way', () => {
    const findings = find({
      ...he,
      'dist/apps/nyms/src/main.js': "import './deep.js';",
      'dist/apps/nyms/src/deep.js': "const t = await import('#tallies');",
      'dist/libs/tallies/src/index.js': "import '#he';",
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain('nyms reaches dist/libs/he/src/index.js');
    expect(findings[0]).toContain(
      'apps/nyms/src/main.js → apps/nyms/src/deep.js → libs/tallies/src/index.js → libs/he/src/index.js',
    );
  });

  it.each([
    ['the package itself', "import seal from 'node-seal';", 'registrar reaches node-seal'],
    ['a subpath of the package', "import seal from 'node-seal/throws';", 'registrar reaches node-seal'],
    [
      'a worker by URL',
      "new Worker(new URL('../../../libs/he/src/fold.worker.js', import.meta.url));",
      'registrar reaches dist/libs/he/src/fold.worker.js',
    ],
    [
      'a worker by a helper',
      "workerEntry(import.meta.url, '../../../libs/he/src/fold.worker');",
      'registrar reaches dist/libs/he/src/fold.worker.js',
    ],
    ['require', "createRequire(import.meta.url); require('node-seal');", 'registrar reaches node-seal'],
  ])('finds %s', (_what, text, problem) => {
    const findings = find({ ...he, 'dist/apps/registrar/src/main.js': text });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(problem);
  });

  it('finds the key holder, or any other app, in an app', () => {
    const files = { 'dist/apps/keyholder/src/k.js': '', 'dist/apps/nyms/src/n.js': '' };
    expect(find({ ...files, 'dist/apps/ctl/src/main.js': "import '../../keyholder/src/k.js';" })[0]).toContain(
      'only the key holder has its code',
    );
    expect(find({ ...files, 'dist/apps/ctl/src/main.js': "import '../../nyms/src/n.js';" })[0]).toContain(
      'apps do not import each other',
    );
  });

  it('finds an import that leads nowhere and an app that is not built', () => {
    expect(find({ 'apps/nyms/src/main.ts': '', 'dist/apps/ctl/src/main.js': "import './gone.js';\nimport '#none';" })).toEqual([
      'dist/apps/nyms/src/main.js is not built',
      'dist/apps/ctl/src/main.js:1 imports ./gone.js, which is not built',
      'dist/apps/ctl/src/main.js:2 imports #none, which is not built',
    ]);
  });

  it('says to build first', () => {
    expect(() => find({})).toThrow(ToolError);
  });
});
