import { describe, expect, it } from '@jest/globals';
import { blocksOf, checkDocs } from './check-docs.ts';
import { linesIn } from './planted.ts';

const fence = '```';
const markdown = (...blocks: string[]) => blocks.map((block) => `Text\n\n${fence}ts\n${block}\n${fence}\n`).join('\n');

describe('check-docs', () => {
  it('finds ts blocks with the line they begin at, and no others', () => {
    const text = `# A\n${fence}sh\nnpm start\n${fence}\n  ${fence}ts\n  const a = 1;\n  ${fence}\n${fence}text\nts\n${fence}\n`;
    expect(blocksOf('README.md', text)).toEqual([{ file: 'README.md', line: 5, code: '  const a = 1;' }]);
  });

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
});
