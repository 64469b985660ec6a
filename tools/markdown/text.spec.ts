import { describe, expect, it } from '@jest/globals';
import { anchorsOf, proseOf } from './text.ts';

const fence = '```';

describe('prose of Markdown', () => {
  it('is what stands outside code and comments, on the same lines', () => {
    const text = ['a `[b](c)` d', fence, '[in](code)', fence, '``x ` y``', '<!-- [no](no)', '-->', 'end'].join('\n');
    expect(
      proseOf(text)
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([`a${' '.repeat(10)}d`, '', '', '', '', '', '', 'end']);
  });

  it('goes on after a fence within a longer fence', () => {
    expect(proseOf(['~~~~md', fence, 'x', '~~~', '~~~~', 'prose'].join('\n')).trim()).toBe('prose');
  });
});

describe('anchors of Markdown', () => {
  it.each([
    ['## Getting in', 'getting-in'],
    ['### What f, C, T0 cost', 'what-f-c-t0-cost'],
    ['# `ctl start`, which is `npm start`', 'ctl-start-which-is-npm-start'],
    ['## [Link](x.md) and *stress* and _more_', 'link-and-stress-and-more'],
    ['## snake_case stays', 'snake_case-stays'],
    ['## Über – Maß  & Ziel ##', 'über--maß---ziel'],
    ['Underlined\n---', 'underlined'],
    ['text <a id="here"></a>', 'here'],
  ])('of %j is %s', (text, anchor) => {
    expect([...anchorsOf(text)]).toEqual([anchor]);
  });

  it('are numbered when a heading occurs again', () => {
    expect([...anchorsOf('# A\n## A\n## A-1\n# A')]).toEqual(['a', 'a-1', 'a-1-1', 'a-2']);
  });

  it('are not made by code, by rows of a table or by a rule', () => {
    expect([...anchorsOf(`${fence}\n# comment\n${fence}\n#hashtag\n| a |\n---\n\n---\n> b\n---\n`)]).toEqual([]);
  });
});
