import { describe, expect, it } from '@jest/globals';
import { certificateUri, nameIn } from './certificate-name.js';

describe('the name in a certificate', () => {
  it('is that of its one URI', () => {
    expect(certificateUri('nyms')).toBe('nymtally:nyms');
    expect(nameIn('URI:nymtally:nyms, DNS:nyms')).toBe('nyms');
    expect(nameIn('DNS:x, URI:https://example.org, URI:nymtally:ctl')).toBe('ctl');
  });

  it.each([
    undefined,
    '',
    'DNS:nyms',
    'URI:nymtally:',
    'URI:nymtally:Nyms',
    'URI:nymtally:nyms, URI:nymtally:ctl',
    'DNS:nymtally:nyms',
    'URI:other:nymtally:nyms',
    'DNS:"a, URI:nymtally:ctl, b"', // as node prints a name with a comma in it
  ])('is nobody in %s', (text) => expect(nameIn(text)).toBeUndefined());
});
