import { describe, expect, it } from '@jest/globals';
import { linkFindings, linksOf } from './links.ts';

describe('links of Markdown', () => {
  it('are found in every form, with their lines, and not in code', () => {
    const text = [
      'See [a](a.md), [b](b.md#x "title") and ![c](img/c.svg).',
      'Not `[d](d.md)`. [e](<with space.md>) [f](f_(1).md)',
      '[two',
      'lines](two.md)',
      '[ref]: ref.md',
      '<a href="html.md">x</a> <img alt="" src="i.png">',
    ].join('\n');
    expect(linksOf(text).map(({ line, target }) => `${line} ${target}`)).toEqual([
      '1 a.md',
      '1 b.md#x',
      '1 img/c.svg',
      '2 with space.md',
      '2 f_(1).md',
      '4 two.md',
      '5 ref.md',
      '6 html.md',
      '6 i.png',
    ]);
  });

  const others = { 'docs/b.md': '# B\n## Part two', 'apps/x/main.ts': 'one\ntwo\n', 'docs/with space.md': '' };
  const find = (text: string) => {
    const all: Readonly<Record<string, string>> = { ...others, 'docs/a.md': `# A\n${text}` };
    return linkFindings({ files: Object.keys(all), read: (file) => all[file]! }).map(
      ({ file, line, text: words }) => `${file}:${line} ${words}`,
    );
  };

  it.each([
    ['a neighbour', '[x](b.md)'],
    ['a heading of a neighbour', '[x](b.md#part-two)'],
    ['a heading of its own', '[x](#a)'],
    ['a file further up', '[x](../apps/x/main.ts)'],
    ['lines of it', '[x](../apps/x/main.ts#L1-L2)'],
    ['a folder', '[x](../apps) [y](../apps/x/) [z](..)'],
    ['a name with a space', '[x](with%20space.md) [y](<with space.md>)'],
    ['other sites', '[x](https://example.org/b.md#no) [y](mailto:a@example.org) [z](//example.org)'],
  ])('may lead to %s', (_what, text) => {
    expect(find(text)).toEqual([]);
  });

  it.each([
    ['a file that is not there', '[x](c.md)', 'c.md leads nowhere: there is no docs/c.md'],
    ['another spelling', '[x](B.md)', 'B.md leads nowhere: there is no docs/B.md'],
    [
      'a heading that is not there',
      '[x](b.md#part-three)',
      'b.md#part-three leads nowhere: docs/b.md has no heading #part-three',
    ],
    ['a heading of its own that is not there', '[x](#b)', '#b leads nowhere: docs/a.md has no heading #b'],
    ['lines that are not there', '[x](../apps/x/main.ts#L9)', '../apps/x/main.ts#L9 leads nowhere: apps/x/main.ts has no #L9'],
    ['an anchor of a source', '[x](../apps/x/main.ts#two)', '../apps/x/main.ts#two leads nowhere: apps/x/main.ts has no #two'],
    ['an anchor of a folder', '[x](../apps#x)', '../apps#x leads nowhere: there is no apps'],
    ['outside', '[x](../../b.md)', '../../b.md leaves the repository'],
    ['the root of a site', '[x](/docs/b.md)', '/docs/b.md begins at the root of some site: write it relative to this file'],
  ])('must not lead to %s', (_what, text, words) => {
    expect(find(text)).toEqual([`docs/a.md:2 ${words}`]);
  });
});
