import { describe, expect, it } from '@jest/globals';
import { noticeTypes } from '#contracts';
import { hourOf, noticeClaims, noticesOf } from './notice.js';

const content = {
  iss: 'https://provider.example',
  aud: 'https://hub.example',
  uri: 'mimi://provider.example/p/x',
  format: 'uri',
  type: noticeTypes.credentialChange,
  jti: 'j',
  txn: 't',
  hour: hourOf(new Date('2026-05-04T12:59:59.999Z')),
};

describe('a notice', () => {
  it('is dated by the hour', () => {
    expect(noticeClaims(content).iat).toBe(Date.parse('2026-05-04T12:00:00Z') / 1_000);
  });

  it('names the subject as the hub named it', () => {
    expect(noticeClaims(content).sub_id).toEqual({ format: 'uri', uri: content.uri });
    expect(noticeClaims({ ...content, format: 'iss_sub' }).sub_id).toEqual({
      format: 'iss_sub',
      iss: content.iss,
      sub: content.uri,
    });
  });

  it('has one event, and neither sub nor exp', () => {
    const claims = noticeClaims(content);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'events', 'iat', 'iss', 'jti', 'sub_id', 'txn']);
    expect(Object.keys(claims.events)).toHaveLength(1);
  });

  it('of an end for good is one of the credential, too; of a term it is not', () => {
    expect(noticesOf.revoked).toEqual([noticeTypes.credentialChange, noticeTypes.accountDisabled]);
    expect(noticesOf.disabled).toEqual([noticeTypes.accountDisabled]);
    expect(noticesOf.enabled).toEqual([noticeTypes.accountEnabled]);
  });
});
