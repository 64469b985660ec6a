import { describe, expect, it } from '@jest/globals';
import { blocksOf } from './ts-blocks.ts';

const fence = '```';

describe('TypeScript blocks of Markdown', () => {
  it('are found with the line they begin at, and no others', () => {
    const text = `# A\n${fence}sh\nnpm start\n${fence}\n  ${fence}ts\n  const a = 1;\n  ${fence}\n${fence}text\nts\n${fence}\n`;
    expect(blocksOf('README.md', text)).toEqual([{ file: 'README.md', line: 5, code: '  const a = 1;' }]);
  });
});
