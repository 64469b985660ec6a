import { describe, expect, it } from '@jest/globals';
import { contactMarks, contactsOf, normalEmail, normalPhone } from './contact-marks.js';

const key = new Uint8Array(32).fill(5);

describe('contacts of a token', () => {
  it('count when the token says that they are verified, and only then', () => {
    expect(contactsOf({ email: 'a@b.example', email_verified: true })).toEqual({ email: 'a@b.example' });
    expect(contactsOf({ email: 'a@b.example', email_verified: false })).toEqual({ email: null });
    for (const verified of [undefined, 'true', 1])
      expect(contactsOf({ email: 'a@b.example', email_verified: verified })).toEqual({});
    expect(contactsOf({ phone_number: 12, phone_number_verified: true })).toEqual({});
    expect(contactsOf({ email: 'x'.repeat(400), email_verified: true })).toEqual({});
  });

  it('are the same however they are written', () => {
    expect(normalEmail(' Ann@Bücher.Example ')).toBe('ann@xn--bcher-kva.example');
    expect(normalPhone('+49 (30) 123-456.7')).toBe('+49301234567');
  });

  it('are none when they cannot be one', () => {
    for (const text of ['', 'ann', 'a@b@c', '@b.example', 'a@']) expect(normalEmail(text)).toBeUndefined();
    for (const text of ['030 1234567', '+0301234567', '+49', `+${'1'.repeat(16)}`, '+4930x234567'])
      expect(normalPhone(text)).toBeUndefined();
  });
});

describe('a mark', () => {
  const of = (email: string) => contactMarks(key, { email }).emailMark;

  it('is the same for one address and another for any other, kind or key', () => {
    expect(of('ann@b.example')).toEqual(of('ANN@B.example'));
    expect(of('ann@b.example')).not.toEqual(of('bob@b.example'));
    expect(contactMarks(key, { phone: '+49301234567' }).phoneMark).not.toEqual(
      contactMarks(key, { email: '+49301234567' }).emailMark,
    );
    expect(contactMarks(new Uint8Array(32), { email: 'ann@b.example' }).emailMark).not.toEqual(of('ann@b.example'));
  });

  it('goes when the contact is not verified any more, and stays when the token says nothing', () => {
    expect(contactMarks(key, { email: null })).toEqual({ emailMark: null });
    expect(contactMarks(key, {})).toEqual({});
  });
});
