import { describe, expect, it } from '@jest/globals';
import { digestOf, isRequestSignedBy, requestText, signRequest } from '#approvals';
import type { ApprovalRequest, RequestEntry } from '#contracts';
import { generateSigningKey, verify } from '#platform';
import { demoPeopleDocument, passingPeople } from '../stack/demo-people.js';
import { newRequest } from './make-request.js';
import { judged, readRegistry, requestOf, standText } from './shown-requests.js';

const now = new Date('2026-11-23T12:00:00Z');
const everybody = await passingPeople();
const signers = Object.fromEntries(everybody.map((person) => [person.id, person]));
const people = readRegistry(demoPeopleDocument(everybody));
const options = { case: '2026-0042', reason: 'court order', expires: '24' };
const uri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
const ask = (parameters: unknown = { uri }, change = {}) =>
  newRequest('break-glass', parameters, { ...options, ...change }, { requester: 'lead-1', people, now });
const entryOf = (request: ApprovalRequest): RequestEntry => ({
  digest: digestOf(request),
  state: 'open',
  request,
  signature: signRequest('request', request, signers['lead-1']!),
  approvals: [],
});

describe('a request that the key holder shows', () => {
  it('is found by the beginning of its own digest', () => {
    const [one, two] = [entryOf(ask()), entryOf(ask())];
    expect(requestOf([one, two], two.digest.slice(0, 12))).toBe(two);
    expect(() => requestOf([one, two], 'AAAAAAAA')).toThrow('there is no request');
    expect(() => requestOf([one, two], two.digest.slice(0, 4))).toThrow('too short');
  });

  it('cannot be shown under the digest of another: nobody is brought to sign what they have not read', () => {
    const shownOne = ask();
    const meant = ask({ uri: uri.replace('abc', 'xyz') });
    const lie = { ...entryOf(shownOne), digest: digestOf(meant) };
    expect(() => requestOf([lie], lie.digest)).toThrow('under a digest that is not its own');
    expect(() => requestOf([lie], digestOf(shownOne))).toThrow('under a digest that is not its own');
    // and were it signed all the same, the signature would be over what was shown
    const approval = signRequest('approval', lie.request, signers['lead-2']!);
    expect(isRequestSignedBy('approval', meant, approval, people, verify)).toBe(false);
    expect(isRequestSignedBy('approval', shownOne, approval, people, verify)).toBe(true);
    expect(requestText(lie.request, people)).toContain(uri);
  });

  it('is not signed when its requester has not made it', () => {
    const request = ask();
    const forged = {
      ...entryOf(request),
      signature: signRequest('request', request, { id: 'lead-1', key: generateSigningKey() }),
    };
    expect(() => judged(forged, people, now)).toThrow('nobody has signed this request as lead-1');
    const borrowed = { ...entryOf(request), signature: signRequest('request', request, signers['lead-2']!) };
    expect(() => judged(borrowed, people, now)).toThrow('nobody has signed this request as lead-1');
  });

  it('counts approvals by itself, whatever the key holder says', () => {
    const entry = entryOf(ask());
    const approvals = ['lead-2', 'lead-1', 'operator-1'].map((id) => signRequest('approval', entry.request, signers[id]!));
    expect(standText({ ...entry, approvals }, people, now)).toBe('1 of 2 approvals, by lead-2');
    const both = [...approvals, signRequest('approval', entry.request, signers['lead-3']!)];
    expect(standText({ ...entry, approvals: both }, people, now)).toBe('approved, by lead-2, lead-3');
    expect(standText({ ...entry, approvals: both, state: 'executed' }, people, now)).toBe('executed');
  });
});

describe('a request on the command line', () => {
  it('ends after as many hours as was said', () => {
    expect(ask({ uri }, { expires: '2' }).expiresAt).toBe('2026-11-23T14:00:00Z');
    for (const expires of ['0', '-1', '169', 'soon']) expect(() => ask({ uri }, { expires })).toThrow('no life of a request');
  });

  it('is refused before it is signed when it cannot be read as one', () => {
    expect(() => ask({ uri: 'alice' })).toThrow(/parameters\.uri: must be mimi/);
    expect(() => ask({ uri }, { reason: 'a\nb' })).toThrow(/reason: must be one line/);
    expect(() => ask({ uri }, { case: '' })).toThrow(/^case/);
  });
});
