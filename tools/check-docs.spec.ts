import { describe, expect, it } from '@jest/globals';
import { checkDocs } from './check-docs.ts';
import { linesIn } from './planted.ts';

const fence = '```';
const markdown = (...blocks: string[]) => blocks.map((block) => `Text\n\n${fence}ts\n${block}\n${fence}\n`).join('\n');

describe('check-docs', () => {
  it('says where a block does not compile, and lets blocks re-use names', () => {
    const files = {
      'tsconfig.json': '{"compilerOptions":{"module":"nodenext","target":"ES2023","lib":["ES2023"],"strict":true}}',
      'package.json': '{"type":"module"}',
      'docs/guide.md': markdown(
        'const limit: number = 1;',
        "const limit: string = 'a';\nconst wrong: string = 2;",
        'import { x } from "#nothing";',
      ),
      'docs/other.txt': markdown('not checked'),
    };
    expect(linesIn(checkDocs, files)).toEqual([
      "docs/guide.md:11 Type 'number' is not assignable to type 'string'.",
      "docs/guide.md:17 Cannot find module '#nothing' or its corresponding type declarations.",
    ]);
  });

  it('says where a link of any Markdown file leads nowhere, and takes only what a clone has', () => {
    const files = { 'README.md': '[guide](docs/guide.md)', 'libs/x/README.md': 'a\n[up](../../READ.md)', 'dist/made.md': '' };
    expect(linesIn(checkDocs, { ...files, 'docs/guide.md': '[made](../dist/made.md) [top](../README.md)' })).toEqual([
      'docs/guide.md:1 ../dist/made.md leads nowhere: there is no dist/made.md',
      'libs/x/README.md:2 ../../READ.md leads nowhere: there is no READ.md',
    ]);
  });
});
