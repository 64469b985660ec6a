import { describe, expect, it } from '@jest/globals';
import { digestOf } from '#approvals';
import { demoPeopleDocument, passingPeople } from '../stack/demo-people.js';
import { newRequest } from './make-request.js';
import { readRegistry } from './shown-requests.js';

const people = readRegistry(demoPeopleDocument(await passingPeople()));
const made = { requester: 'lead-1', people, now: new Date('2026-11-23T12:00:00Z') };
const why = { case: '2026-0042', reason: 'a reason', expires: '24' };

describe('a new request', () => {
  it('has a digest that no command takes for an option', () => {
    const digests = Array.from({ length: 1_000 }, () => digestOf(newRequest('unfreeze', {}, why, made)));
    expect(new Set(digests).size).toBe(1_000);
    expect(digests.filter((digest) => digest.startsWith('-'))).toEqual([]);
  });

  it('is refused when it would live too long, or says what its type does not', () => {
    expect(() => newRequest('unfreeze', {}, { ...why, expires: '169' }, made)).toThrow('169 is no life of a request');
    expect(() => newRequest('unfreeze', { epoch: 1 }, why, made)).toThrow('parameters');
  });
});
